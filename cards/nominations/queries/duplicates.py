"""People who may be one, and the cases of those who are."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Min, Prefetch, Q, QuerySet, prefetch_related_objects

from cards.issuance.models import TalentCard
from cards.nominations.choices import DuplicateVerdict, NominationStatus
from cards.nominations.models import Nomination, SuspectedDuplicate
from cards.talents.models import Employment, Talent
from cards.talents.names import are_same_name
from cards.talents.queries import look_alikes


@dataclass(frozen=True, kw_only=True)
class LookAlike:
    """Who may be the same person as a nominee, as far as the officer who decides must know."""

    other: Talent
    jobs: list[Employment]
    pair: SuspectedDuplicate | None
    has_live_nomination: bool
    has_live_card: bool

    @property
    def verdict(self) -> DuplicateVerdict:
        """Return what was found of the two."""
        return DuplicateVerdict(self.pair.verdict) if self.pair else DuplicateVerdict.OPEN

    @property
    def employer(self) -> str:
        """Return where they work; of people under secrecy it is not passed around."""
        jobs = [] if self.other.is_secret else self.jobs
        return jobs[0].employer_name if jobs else ""

    @property
    def nationality(self) -> str:
        """Return which country or region they are of; of people under secrecy it is not passed around."""
        return "" if self.other.is_secret else self.other.nationality


def pairs_of(talent: Talent) -> QuerySet[SuspectedDuplicate]:
    """Return the suspicions a talent is in, decided or not."""
    return SuspectedDuplicate.objects.filter(Q(first=talent) | Q(second=talent))


def undecided_look_alikes(talent: Talent) -> list[Talent]:
    """Return who may be the same person as a talent and nobody has decided about: two queries at most.

    Looked up, not read from the suspicions: of two who are entered at the same moment neither sees the other.
    """
    others = look_alikes(talent)
    if not others:
        return []
    known = pairs_of(talent).filter(verdict=DuplicateVerdict.DIFFERENT).values_list("first", "second")
    different = {pk for pair in known for pk in pair}
    return [other for other in others if other.pk not in different]


def in_doubt(people: Collection[Talent]) -> set[UUID]:
    """Return who of many may be the same person as somebody else, and nobody has decided: two queries."""
    alike = defaultdict(list)
    for other in Talent.objects.filter(likeness_index__in={each.likeness_index for each in people} - {""}):
        alike[other.likeness_index].append(other)
    decided = SuspectedDuplicate.objects.filter(verdict=DuplicateVerdict.DIFFERENT)
    decided = decided.filter(Q(first__in=people) | Q(second__in=people))
    different = {frozenset(pair) for pair in decided.values_list("first", "second")}
    return {
        talent.pk
        for talent in people
        for other in alike[talent.likeness_index]
        if other.person_id != talent.person_id
        and are_same_name(other.name, talent.name)
        and {other.pk, talent.pk} not in different
    }


def look_alikes_of(nomination: Nomination) -> list[LookAlike]:
    """Return who may be, or was found to be or not to be, a case's nominee: a fixed number of queries."""
    talent = nomination.talent
    pairs = {
        pair.other_than(talent).pk: pair for pair in pairs_of(talent).select_related("first", "second", "decided_by")
    }
    others = {pk: pair.other_than(talent) for pk, pair in pairs.items() if pair.verdict != DuplicateVerdict.OPEN}
    others |= {other.pk: other for other in undecided_look_alikes(talent)}
    people = list(others.values())
    current = Prefetch("employments", Employment.objects.filter(until=None))
    prefetch_related_objects(people, "identity_documents", current)
    nominated = set(Nomination.objects.live().filter(talent__in=others).values_list("talent", flat=True))
    carded = set(TalentCard.objects.live().filter(holder__in=others).values_list("holder", flat=True))
    return [
        LookAlike(
            other=other,
            jobs=list(other.employments.all()),
            pair=pairs.get(other.pk),
            has_live_nomination=other.pk in nominated,
            has_live_card=other.pk in carded,
        )
        for other in people
    ]


def is_second_nomination(nomination: Nomination, records: Collection[Talent]) -> bool:
    """Tell whether another live nomination of a person comes first: the one first submitted.

    :param records: all that are known to be of the nominee
    """
    submitted = Min("transitions__at", filter=Q(transitions__to_status=NominationStatus.SUBMITTED))
    live = Nomination.objects.live().filter(talent__in=records).annotate(first_submitted=submitted)
    first = live.order_by("first_submitted", "pk").values_list("pk", flat=True).first()
    return first is not None and first != nomination.pk


def has_live_card(records: Collection[Talent]) -> bool:
    """Tell whether a person has a live card.

    :param records: all that are known to be of the person
    """
    return TalentCard.objects.live().filter(holder__in=records).exists()
