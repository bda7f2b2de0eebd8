"""Propose a direct issue: one person with documents, or everybody on a recognised list at once."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.choices import Route
from cards.issuance.models import Basis, RecognisedEntry, Tier
from cards.issuance.queries import entry_of
from cards.nominations import direct_rules as rules
from cards.nominations import queries
from cards.nominations.choices import DIRECT_DESK, DirectIssueStatus, EvidenceKind, LimitedStep
from cards.nominations.models import DirectEvidence, DirectIssue, DirectIssueCounter, DirectTransition
from cards.nominations.nearness import is_too_near
from cards.nominations.operations.direct_messages import tell_of_batch, tell_second_officers
from cards.nominations.operations.drafts import NomineeInput
from cards.nominations.operations.review import ConflictOfInterest
from cards.nominations.operations.submission import PersonHasLiveCard, PersonHasLiveNomination
from cards.nominations.queries.direct import Candidate
from cards.talents.models import District, Talent
from cards.talents.names import are_same_name
from cards.talents.operations import lock_person, register_talent
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.operations import ensure_not_too_many, open_item
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.documents.models import Document
from talentcard.documents.operations import discard_document, store_document


class DirectIssueProposed(DomainError):
    """A direct issue to the person waits for its second officer."""

    code = "direct_issue_proposed"
    message = _("A direct issue to this person is proposed already.")


class PersonInDoubt(DomainError):
    """The person may be registered twice: the officers of a nomination find out, a direct issue does not."""

    code = "possible_duplicate"
    message = _(
        "Somebody of this name and birth date is registered with another document. No card is given directly until"
        " the officers of a nomination have decided whether they are one person."
    )


class FactOnRecord(DomainError):
    """Something is on record against the person: the officers of a nomination weigh it, a direct issue does not."""

    code = "integrity_fact"
    message = _(
        "A fact is on record against this person. No card is given directly while it stands: nominate the person, and"
        " the officers decide whether the case goes on."
    )


class NotACandidate(DomainError):
    """The person cannot be proposed with others."""

    code = "not_a_candidate"
    message = "%(why)s"

    def __init__(self, candidate: Candidate) -> None:
        super().__init__(why=str(candidate.why))
        self.because = candidate.code

    def as_dict(self) -> dict[str, object]:
        """Return the error with the code of what stands in the way."""
        return super().as_dict() | {"code": self.because}


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is proposed, and what it rests on: an entry, found by the person's document unless a title is named."""

    basis: Basis
    tier: Tier
    district: str
    entry: RecognisedEntry | None = None
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class ProposalResult:
    """What became of one entry of a bulk proposal."""

    candidate: Candidate
    case: DirectIssue | None
    error: DomainError | None


def propose_direct_issue(
    *,
    actor: User,
    person: NomineeInput,
    proposal: Proposal,
    uploads: Sequence[tuple[EvidenceKind, UploadedFile]],
    at: dt.datetime,
) -> DirectIssue:
    """Propose to give a person a card directly; it waits for a second officer.

    :raises NotAllowed: if the actor's assignment as issuer does not cover the tier and the district
    :raises ConflictOfInterest: if the actor is too near to the person
    :raises InvalidInput: with everything that is missing or does not fit; `identity_number` if the list does not
        name the person
    :raises IdentityMismatch: if the document is registered for somebody else
    :raises PersonHasLiveCard: if the person has a card
    :raises PersonHasLiveNomination: if a nomination of the person is under way
    :raises DirectIssueProposed: if a direct issue to the person waits already
    :raises PersonInDoubt: if the person may be registered twice
    :raises FactOnRecord: if a fact stands against the person
    :raises ScannerUnavailable: if a virus scanner is configured and gives no verdict
    """
    if not rules.may_propose(actor, tier=proposal.tier, district=proposal.district):
        raise NotAllowed
    # Files before the transaction: none is written while the database waits.
    documents: list[tuple[EvidenceKind, Document]] = []
    try:
        for kind, upload in uploads:
            documents.append((kind, store_document(actor=actor, upload=upload, field=kind)))
        return _propose_person(actor=actor, person=person, proposal=proposal, documents=documents, at=at)
    except BaseException:
        for _kind, document in documents:
            discard_document(document)
        raise


def propose_many(
    *, actor: User, basis: Basis, tier: Tier, entries: Sequence[UUID], at: dt.datetime
) -> list[ProposalResult]:
    """Propose the people whom entries of a basis's list name, each in its own transaction; say of each what became.

    :raises NotAllowed: if the actor is no issuer of the tier
    :raises TooManyAtOnce: if there are more than one request takes
    """
    ensure_not_too_many(len(entries))
    results = [
        _propose_candidate(actor, basis, tier, candidate, at)
        for candidate in dry_run(actor=actor, basis=basis, tier=tier, entries=entries, at=at)
    ]
    tell_of_batch([result.case for result in results if result.case is not None], at=at)
    return results


def dry_run(
    *, actor: User, basis: Basis, tier: Tier, at: dt.datetime, entries: Sequence[UUID] | None = None
) -> list[Candidate]:
    """Say whom a bulk proposal would give a card and why, and whom not and why; nothing is written.

    :raises NotAllowed: if the actor is no issuer of the tier
    :raises InvalidInput: if the basis and the tier are not of a direct issue of the policy in force
    """
    if not rules.may_propose_tier(actor, tier):
        raise NotAllowed
    if errors := list(_policy_faults(basis, tier, at)):
        raise InvalidInput(errors)
    return queries.candidates(actor=actor, basis=basis, tier=tier, entries=entries, at=at)


def _propose_candidate(actor: User, basis: Basis, tier: Tier, candidate: Candidate, at: dt.datetime) -> ProposalResult:
    talent = candidate.talent
    if not candidate.ok or talent is None:
        return ProposalResult(candidate=candidate, case=None, error=NotACandidate(candidate))
    proposal = Proposal(
        basis=basis, tier=tier, district=talent.district, entry=candidate.entry, phone=talent.phone, email=talent.email
    )
    try:
        case = propose_registered(actor=actor, talent=talent, proposal=proposal, at=at)
    except DomainError as error:
        return ProposalResult(candidate=candidate, case=None, error=error)
    return ProposalResult(candidate=candidate, case=case, error=None)


@atomic_operation
def _propose_person(
    *,
    actor: User,
    person: NomineeInput,
    proposal: Proposal,
    documents: Sequence[tuple[EvidenceKind, Document]],
    at: dt.datetime,
) -> DirectIssue:
    talent = register_person(actor=actor, person=person, district=proposal.district, at=at)
    case = propose_registered(actor=actor, talent=talent, proposal=proposal, documents=documents, at=at)
    tell_second_officers(case, at=at)
    return case


def register_person(*, actor: User, person: NomineeInput, district: str, at: dt.datetime) -> Talent:
    """Find a person by their document, or register them.

    :raises IdentityMismatch: if the document is registered for somebody else
    :raises InvalidInput: naming what the registry cannot take
    """
    employer = queries.find_employer(name=person.employer_name, credit_code=person.employer_code)
    return register_talent(
        actor=actor,
        name=person.name,
        identity=person.identity,
        gender=person.gender,
        birth_date=person.birth_date,
        nationality=person.nationality,
        district=district,
        employer=employer,
        employer_name=person.employer_name,
        at=at,
    )


@atomic_operation
def propose_registered(
    *,
    actor: User,
    talent: Talent,
    proposal: Proposal,
    at: dt.datetime,
    documents: Sequence[tuple[EvidenceKind, Document]] = (),
) -> DirectIssue:
    """Propose to give a registered person a card; nobody is told yet, and the caller has checked the actor's scope.

    Refused as `propose_direct_issue` is.
    """
    # Two officers may propose at the same moment.
    records = lock_person(talent=talent)
    talent = Talent.objects.get(pk=talent.pk)
    if is_too_near(actor, talent):
        raise ConflictOfInterest
    kinds = {kind for kind, _document in documents}
    entry = _entry(talent, proposal, on=timezone.localdate(at))
    if errors := list(_faults(talent, proposal, entry, kinds, at)):
        raise InvalidInput(errors)
    ensure_may_have_card(records)
    case = _open(actor, talent, proposal, entry, at)
    for kind, document in documents:
        DirectEvidence.objects.create(direct_issue=case, document=document, kind=kind)
    DirectTransition.objects.create(direct_issue=case, to_status=DirectIssueStatus.PROPOSED, actor=actor, at=at)
    data = {"basis": case.basis.code, "tier": case.tier.code, "entry": str(case.entry_id)}
    record(actor=actor, action="direct_issue.proposed", target=case, data=data)
    return case


def ensure_may_have_card(records: Sequence[Talent], *, besides: DirectIssue | None = None) -> None:
    """Check that a locked person may be given a card: nothing else leads to one, or has led, and nobody is to weigh it.

    :param records: all that are known to be of the person
    :raises PersonHasLiveCard: if the person has a card
    :raises PersonHasLiveNomination: if a nomination of the person is under way
    :raises DirectIssueProposed: if another direct issue to the person waits
    :raises PersonInDoubt: if the person may be registered twice
    :raises FactOnRecord: if a fact stands against the person
    """
    if queries.has_live_card(records):
        raise PersonHasLiveCard(field="identity_number")
    if queries.is_nominated(records):
        raise PersonHasLiveNomination(field="identity_number")
    if queries.is_proposed_directly(records, besides=besides):
        raise DirectIssueProposed(field="identity_number")
    if queries.in_doubt(records):
        raise PersonInDoubt(field="identity_number")
    if queries.facts_about(records[0]).standing().exists():
        raise FactOnRecord(field="identity_number")


def _open(
    actor: User, talent: Talent, proposal: Proposal, entry: RecognisedEntry | None, at: dt.datetime
) -> DirectIssue:
    case = DirectIssue(
        number=_next_number(at),
        talent=talent,
        basis=proposal.basis,
        tier=proposal.tier,
        entry=entry,
        district=proposal.district,
        phone=proposal.phone,
        email=proposal.email,
        proposed_by=actor,
        proposed_at=at,
    )
    case.item = open_item(
        desk=DIRECT_DESK,
        subject_id=case.pk,
        number=case.number,
        district=case.district,
        tier=case.tier.code,
        working_days=queries.limit_of(case.basis.policy_id, LimitedStep.DIRECT_ISSUE),
        at=at,
    )
    case.save(force_insert=True)
    return case


def _entry(talent: Talent, proposal: Proposal, *, on: dt.date) -> RecognisedEntry | None:
    """Return the entry the case rests on: the one that names the person, else the title that was named."""
    list_id = proposal.basis.recognised_list_id
    if list_id is None:
        return None
    entry = proposal.entry
    if entry is None or entry.is_of_person:
        return entry_of(talent, recognised_list_id=list_id, on=on)
    return RecognisedEntry.objects.in_force(on).filter(recognised_list=list_id, pk=entry.pk).first()


def _faults(
    talent: Talent, proposal: Proposal, entry: RecognisedEntry | None, kinds: set[EvidenceKind], at: dt.datetime
) -> Iterator[FieldError]:
    yield from _policy_faults(proposal.basis, proposal.tier, at)
    if not District.objects.filter(code=proposal.district).exists():
        yield FieldError(field="district", code="unknown_district", message=_("There is no such district or park."))
    if entry is None and proposal.entry is not None and not proposal.entry.is_of_person:
        yield FieldError(field="entry", code="not_recognised", message=_("This title is not on the list."))
    elif entry is None:
        message = _("The recognised list of this basis does not name the person with this document.")
        yield FieldError(field="identity_number", code="not_recognised", message=message)
    elif entry.person_name and not are_same_name(entry.person_name, talent.name):
        message = _("The recognised list names somebody else with this document.")
        yield FieldError(field="name", code="listed_under_another_name", message=message)
    if not proposal.email and talent.user_id is None:
        message = _("The person's e-mail is needed: the link to the card is sent there.")
        yield FieldError(field="email", code="required", message=message)
    required = set(queries.required_kinds(proposal.basis))
    if entry is not None and not entry.is_of_person:
        # Whoever holds a title proves it.
        required.add(EvidenceKind.QUALIFICATION)
    for kind in sorted(required - kinds):
        missing = _("A document is missing that this basis requires: %(kind)s.") % {"kind": kind.label}
        yield FieldError(field=kind, code="document_missing", message=missing)


def _policy_faults(basis: Basis, tier: Tier, at: dt.datetime) -> Iterator[FieldError]:
    policy = queries.policy_in_force(at=at)
    if policy is None or basis.policy_id != policy.pk:
        yield FieldError(
            field="basis", code="policy_not_in_force", message=_("This basis is not part of the policy in force.")
        )
    if basis.route != Route.DIRECT:
        yield FieldError(field="basis", code="basis_not_direct", message=_("No card is given directly on this basis."))
    if not basis.tiers.filter(pk=tier.pk).exists():
        yield FieldError(field="tier", code="tier_not_of_basis", message=_("This basis does not lead to this tier."))


def _next_number(at: dt.datetime) -> str:
    year = timezone.localtime(at).year
    DirectIssueCounter.objects.get_or_create(year=year)
    counter = DirectIssueCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"ZF{year}-{counter.last:06d}"
