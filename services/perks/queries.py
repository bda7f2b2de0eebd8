"""Reads across relations."""

import datetime as dt

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from cards.issuance.choices import CardStatus
from cards.issuance.models import TalentCard
from cards.talents.models import Talent
from services.perks import registry, rules
from services.perks.choices import DECIDED, OPEN, RATING_KIND
from services.perks.eligibility import Eligibility, PerkContext, evaluate
from services.perks.models import PerkRequest, PerkTerms
from services.perks.registry import Perk
from talentcard.accounts.models import Organisation
from talentcard.accounts.rules import Actor, is_auditor
from talentcard.casework import rating_queries as ratings
from talentcard.casework.models import Rating

# A live card speaks for its holder; of the others, the newest.
CARD_ORDER = Case(
    When(status=CardStatus.ACTIVE, then=Value(0)),
    When(status=CardStatus.SUSPENDED, then=Value(1)),
    When(status=CardStatus.IN_PRODUCTION, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


def holder_of(user: Actor) -> Talent | None:
    """Return the person in the registry that a user is."""
    return Talent.objects.filter(user_id=user.pk).first() if user is not None and user.is_authenticated else None


def context_of(holder: Talent | None, *, at: dt.datetime) -> PerkContext:
    """Return what perks judge a person by at a moment."""
    if holder is None:
        return PerkContext(holder=None, card=None, at=at)
    cards = TalentCard.objects.filter(holder=holder).select_related("tier")
    return PerkContext(holder=holder, card=cards.order_by(CARD_ORDER, "-created_at").first(), at=at)


def catalogue(context: PerkContext) -> list[Eligibility]:
    """Judge every perk for a holder, those open to them first."""
    judged = [evaluate(perk=perk, context=context) for perk in registry.all_perks()]
    return sorted(judged, key=lambda eligibility: not eligibility.is_open)


def requests() -> QuerySet[PerkRequest]:
    """Return requests with what lists and rules look at."""
    return PerkRequest.objects.select_related("holder", "card__tier", "officer")


def requests_of(user: Actor) -> QuerySet[PerkRequest]:
    """Return a holder's own requests, newest first."""
    return requests().filter(holder__user_id=user.pk) if user and user.is_authenticated else requests().none()


def inbox_of(user: Actor) -> QuerySet[PerkRequest]:
    """Return the open requests an officer may handle, the most urgent first."""
    return _handled_by(user).filter(status__in=OPEN).order_by("due_at", "id")


def requests_visible_to(user: Actor) -> QuerySet[PerkRequest]:
    """Return every request a user may read: one's own, an officer's scope, all for an auditor."""
    if is_auditor(user):
        return requests()
    return requests_of(user) | _handled_by(user, and_own=True)


def working_days(perk: Perk) -> int:
    """Return a perk's time limit: the administrator's, else what the perk proposes."""
    declared = PerkTerms.objects.filter(perk=perk.slug).values_list("working_days", flat=True).first()
    return perk.working_days if declared is None else declared


def _handled_by(user: Actor, *, and_own: bool = False) -> QuerySet[PerkRequest]:
    scopes = rules.officer_scopes(user)
    if not scopes or user is None:
        return requests().none()
    allowed = Q(pk__in=[])
    for slugs, district, tier in scopes:
        scope = Q(perk__in=slugs)
        if district:
            scope &= Q(district=district)
        if tier:
            scope &= Q(card__tier__code=tier)
        allowed |= scope
    handled = requests().filter(allowed)
    # Nobody handles their own; a holder without an account is nobody's own.
    return handled if and_own else handled.filter(Q(holder__user=None) | ~Q(holder__user_id=user.pk))


def rating_of(request: PerkRequest) -> Rating | None:
    """Return how its holder rated a request, if they have."""
    return ratings.rating_of(kind=RATING_KIND, subject_id=request.pk)


def office_that_decided(request: PerkRequest) -> Organisation | None:
    """Return the office of the officer who granted or declined a request."""
    step = request.transitions.filter(to_status__in=DECIDED).select_related("actor__organisation").last()
    return step.actor.organisation if step is not None and step.actor is not None else None
