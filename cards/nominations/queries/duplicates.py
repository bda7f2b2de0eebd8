"""People who may be one, and the cases of those who are."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Min, Prefetch, Q, QuerySet, prefetch_related_objects

from cards.issuance.models import TalentCard
from cards.nominations.choices import DuplicateVerdict, NominationStatus
from cards.nominations.models import Nomination, SuspectedDuplicate
from cards.talents.models import Employment, Talent
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
    """Return who may be the same person as a talent and nobody has decided about: two queries at most."""
    return in_doubt([talent]).get(talent.pk, [])


def in_doubt(people: Collection[Talent]) -> dict[UUID, list[Talent]]:
    """Return who of many may be the same person as whom, where nobody has decided: two queries at most.

    Looked up, not read from the suspicions: of two who are entered at the same moment neither sees the other.
    """
    alike = look_alikes(people)
    if not alike:
        return {}
    decided = SuspectedDuplicate.objects.filter(verdict=DuplicateVerdict.DIFFERENT)
    decided = decided.filter(Q(first__in=alike) | Q(second__in=alike))
    different = {frozenset(pair) for pair in decided.values_list("first", "second")}
    found = {key: [other for other in others if {key, other.pk} not in different] for key, others in alike.items()}
    return {key: others for key, others in found.items() if others}


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
