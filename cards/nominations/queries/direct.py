"""Direct issues: which a user may read or decide, and whom a recognised list would give a card."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cards.issuance.choices import Route
from cards.issuance.models import Basis, RecognisedEntry, TalentCard, Tier
from cards.nominations.models import DirectIssue, DirectIssueQuerySet, IntegrityFact, Nomination
from cards.nominations.nearness import is_of_person, ties_of
from cards.nominations.queries.duplicates import in_doubt
from cards.nominations.queries.policy import policy_in_force, required_kinds
from cards.talents.models import IdentityDocument, Talent
from cards.talents.queries import records_of
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.accounts.rules import Actor, assignments, is_auditor
from talentcard.casework import queries as casework


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What a bulk proposal would do about an entry of a list: whom it gives a card, or why it does not.

    `talent` is None where the registry knows nobody of the entry; `code` and `why` are empty where nothing stands in
    the way.
    """

    entry: RecognisedEntry
    talent: Talent | None
    code: str = ""
    why: str | Promise = ""

    @property
    def ok(self) -> bool:
        """Tell whether the person would be proposed."""
        return not self.code


def direct_issues_visible_to(user: Actor) -> DirectIssueQuerySet:
    """Return the direct issues a user may read: an issuer's scope and own proposals; all for an auditor."""
    cases = DirectIssue.objects.with_parties()
    if is_auditor(user):
        return cases
    if user is None or not user.is_authenticated:
        return cases.none()
    covered = Q(proposed_by=user.pk)
    for entry in assignments(user, Role.ISSUER):
        part = ~Q(pk=None)
        if entry.tier:
            part &= Q(tier__code=entry.tier)
        if entry.district:
            part &= Q(district=entry.district)
        covered |= part
    return cases.filter(covered)


def direct_inbox(user: User, *, at: dt.datetime) -> DirectIssueQuerySet:
    """Return the direct issues a user may decide now, the nearest deadline first."""
    waiting = DirectIssue.objects.with_parties().filter(item__in=casework.inbox(user, at=at).order_by())
    free = waiting.exclude(proposed_by=user.pk)
    for tie in ties_of(user):
        free = free.filter(~is_of_person(tie))
    return free.order_by("item__due_at", "proposed_at", "id")


def direct_bases(at: dt.datetime) -> QuerySet[Basis]:
    """Return the bases of the policy in force on which a card is given directly."""
    bases = Basis.objects.filter(policy=policy_in_force(at=at), route=Route.DIRECT)
    return bases.select_related("policy", "recognised_list").prefetch_related("tiers", "required_documents")


def is_nominated(records: Collection[Talent]) -> bool:
    """Tell whether a nomination of a person is under way.

    :param records: all that are known to be of the person
    """
    return Nomination.objects.live().filter(talent__in=records).exists()


def is_proposed_directly(records: Collection[Talent], *, besides: DirectIssue | None = None) -> bool:
    """Tell whether a direct issue to a person waits for its second officer, another than the one given.

    :param records: all that are known to be of the person
    """
    waiting = DirectIssue.objects.proposed().filter(talent__in=records)
    return (waiting if besides is None else waiting.exclude(pk=besides.pk)).exists()


def candidates(
    *, actor: User, basis: Basis, tier: Tier, at: dt.datetime, entries: Collection[UUID] | None = None
) -> list[Candidate]:
    """Return what proposing everybody on a basis's list would do, entry by entry: a fixed number of queries.

    Only entries that name a person are looked at: a title has to be proved with a document, person by person.

    :param entries: only these entries, where given
    """
    listed = RecognisedEntry.objects.in_force(timezone.localdate(at)).of_people()
    listed = listed.filter(recognised_list=basis.recognised_list_id).select_related("recognised_list")
    if entries is not None:
        listed = listed.filter(pk__in=entries)
    found = list(listed)
    documents = IdentityDocument.objects.filter(number_index__in=[entry.identity_index for entry in found])
    people = {document.number_index: document.talent for document in documents.select_related("talent")}
    judge = _Judge(actor, basis, tier, list(people.values()))
    return [judge.look_at(entry, people.get(entry.identity_index)) for entry in found]


class Hindrances:
    """What is known against giving cards to many people directly: eight queries, however many they are.

    Each attribute holds the keys of those whom it keeps from a card; what is known of any record of a person counts.
    """

    def __init__(self, actor: User, people: Collection[Talent]) -> None:
        self._people = people
        self._person_of = {record.pk: record.person_id for record in records_of(*people).only("pk", "same_as")}
        known = list(self._person_of)
        self.carded = self._whose(TalentCard.objects.live().filter(holder__in=known).values_list("holder"))
        self.nominated = self._whose(Nomination.objects.live().filter(talent__in=known).values_list("talent"))
        self.proposed = self._whose(DirectIssue.objects.proposed().filter(talent__in=known).values_list("talent"))
        self.in_doubt = in_doubt(people)
        self.accused = self._whose(IntegrityFact.objects.standing().filter(talent__in=known).values_list("talent"))
        persons = set(self._person_of.values())
        ties = [tie.filter(person__in=persons).order_by().values_list("person") for tie in ties_of(actor)]
        self.near = self._whose(ties[0].union(*ties[1:]))

    def _whose(self, rows: Iterable[tuple[UUID]]) -> set[UUID]:
        """Return the keys of those people of whom one of the records is named."""
        persons = {self._person_of[key] for (key,) in rows}
        return {talent.pk for talent in self._people if talent.person_id in persons}


class _Judge:
    """What stands in the way of many people at once."""

    def __init__(self, actor: User, basis: Basis, tier: Tier, people: Collection[Talent]) -> None:
        self.against = Hindrances(actor, people)
        self.tier = tier
        self.scope = [entry for entry in assignments(actor, Role.ISSUER) if entry.tier in ("", tier.code)]
        self.needs_documents = bool(required_kinds(basis))
        self.seen: set[UUID] = set()

    def look_at(self, entry: RecognisedEntry, talent: Talent | None) -> Candidate:
        code, why = self._refusal(talent)
        if talent is not None:
            self.seen.add(talent.pk)
        return Candidate(entry=entry, talent=talent, code=code, why=why)

    def _refusal(self, talent: Talent | None) -> tuple[str, str | Promise]:
        if talent is None:
            return "not_registered", _("The registry knows nobody with this document: propose the person by form.")
        against = self.against
        refusals: list[tuple[bool, str, str | Promise]] = [
            (talent.pk in self.seen, "listed_twice", _("Another entry names the same person.")),
            (talent.is_secret, "under_secrecy", _("A person under secrecy is proposed by form only.")),
            (talent.pk in against.carded, "person_has_live_card", _("The person has a card.")),
            (
                talent.pk in against.nominated,
                "person_has_live_nomination",
                _("A nomination of the person is under way."),
            ),
            (talent.pk in against.proposed, "direct_issue_proposed", _("A direct issue to the person is proposed.")),
            (talent.pk in against.in_doubt, "possible_duplicate", _("The person may be registered twice: nominate.")),
            (talent.pk in against.accused, "integrity_fact", _("A fact is on record against the person: nominate.")),
            (
                talent.pk in against.near,
                "conflict_of_interest",
                _("You are too near to the person: somebody else must propose."),
            ),
            (self.needs_documents, "documents_required", _("The basis requires documents: propose by form.")),
            (not talent.district, "district_unknown", _("The person's district is not known: propose by form.")),
            (
                all(entry.district not in ("", talent.district) for entry in self.scope),
                "out_of_scope",
                _("The person's district lies outside your scope."),
            ),
            (
                talent.user_id is None and not talent.email,
                "no_contact",
                _("The person's e-mail is not known: propose by form."),
            ),
        ]
        return next(((code, why) for applies, code, why in refusals if applies), ("", ""))
