"""What is on record against a nominee, what was checked, and what a case has made of it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cards.nominations.choices import IntegrityKind
from cards.nominations.models import (
    IntegrityCheck,
    IntegrityFact,
    IntegrityRuling,
    Nomination,
    NominatorProfile,
    RequiredCheck,
)
from cards.nominations.models.integrity import IntegrityFactQuerySet
from cards.talents.models import Talent


@dataclass(frozen=True, kw_only=True)
class FactInCase:
    """A fact, and what one case has made of it."""

    fact: IntegrityFact
    ruling: IntegrityRuling | None

    @property
    def is_open(self) -> bool:
        """Tell whether it stops the case."""
        return self.fact.withdrawn_at is None and (self.ruling is None or not self.ruling.goes_on)


def facts_about(talent: Talent) -> IntegrityFactQuerySet:
    """Return what is on record against a person, under whichever document."""
    return IntegrityFact.objects.filter(Q(talent=talent.person_id) | Q(talent__same_as=talent.person_id))


def open_facts(nomination: Nomination) -> QuerySet[IntegrityFact]:
    """Return the facts despite which nobody has let a case go on."""
    passed = IntegrityRuling.objects.filter(fact=OuterRef("pk"), nomination=nomination, goes_on=True)
    return facts_about(nomination.talent).standing().filter(~Exists(passed))


def facts_in(nomination: Nomination) -> list[FactInCase]:
    """Return all that is on record against a case's nominee, withdrawn or not: two queries."""
    rulings = {ruling.fact_id: ruling for ruling in nomination.integrity_rulings.select_related("decided_by")}
    facts = facts_about(nomination.talent).select_related("recorded_by", "reported_by")
    return [FactInCase(fact=fact, ruling=rulings.get(fact.pk)) for fact in facts]


def checks_in(nomination: Nomination) -> QuerySet[IntegrityCheck]:
    """Return the checks made for a case, with what they found."""
    return nomination.integrity_checks.select_related("checked_by", "fact")


def missing_checks(nomination: Nomination) -> list[IntegrityKind]:
    """Return the checks that a case's policy requires of it and that have no result: one query."""
    made = IntegrityCheck.objects.filter(nomination=nomination, kind=OuterRef("kind"))
    profiles = NominatorProfile.objects.filter(organisation=nomination.nominator_id)
    of_class = Q(credit_class="") | Q(credit_class=Subquery(profiles.values("credit_class")[:1]))
    required = RequiredCheck.objects.filter(
        of_class, policy=nomination.basis.policy_id, tier__in=["", nomination.tier.code]
    )
    kinds = required.filter(~Exists(made)).order_by("kind").values_list("kind", flat=True).distinct()
    return [IntegrityKind(kind) for kind in kinds]


def decisive_facts(nomination: Nomination) -> QuerySet[IntegrityFact]:
    """Return the facts for which a case was refused."""
    return IntegrityFact.objects.filter(rulings__nomination=nomination, rulings__goes_on=False)
