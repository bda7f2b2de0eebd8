"""Who is told of what."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse

from cards.issuance.models import TalentCard
from services.perks import queries, registry
from services.perks.choices import RequestStatus
from services.perks.eligibility import PerkContext
from services.perks.models import PerkRequest, RequestTransition
from talentcard.accounts.choices import Role
from talentcard.accounts.models import RoleAssignment, User
from talentcard.casework.models import Rating
from talentcard.notifications.operations import notify


def tell_of_step(*, request: PerkRequest, step: RequestTransition) -> None:
    """Tell the holder of a step, and the department's officers of what newly waits for them or no longer does."""
    params = {"number": request.number}
    url = reverse("perks:request-detail", args=[request.pk])
    key = f"{request.pk}:{step.pk}"
    if request.holder.user is not None:
        notify(event=f"perks.request_{step.to_status}", recipient=request.holder.user, key=key, params=params, url=url)
    if step.to_status == RequestStatus.SUBMITTED:
        for officer in officers_of(request, at=step.at):
            notify(event="perks.request_waits", recipient=officer, key=key, params=params, url=url)


def tell_of_low_rating(*, request: PerkRequest, rating: Rating) -> None:
    """Tell the department's officers that somebody was not satisfied."""
    url = reverse("perks:request-detail", args=[request.pk])
    for officer in officers_of(request, at=rating.at):
        notify(
            event="perks.rated_low",
            recipient=officer,
            key=str(rating.pk),
            params={"number": request.number},
            url=url,
        )


def officers_of(request: PerkRequest, *, at: dt.datetime) -> list[User]:
    """Return the officers whose scope holds a request, its holder left out."""
    department = registry.get(request.perk).department
    scope = {"district": request.district, "tier": request.card.tier.code, "department": department}
    covering = RoleAssignment.objects.filter(role=Role.PERK_OFFICER, user__is_active=True)
    for name, value in scope.items():
        covering = covering.filter(**{f"{name}__in": {"", value}})
    started = Q(valid_from=None) | Q(valid_from__lte=at)
    not_over = Q(valid_until=None) | Q(valid_until__gt=at)
    users = User.objects.filter(role_assignments__in=covering.filter(started, not_over)).distinct()
    return [user for user in users if user.pk != request.holder.user_id]


def tell_of_opened_perks(*, card: TalentCard, at: dt.datetime) -> None:
    """Tell a holder how many perks a card opens; once for each card, and nothing if it opens none by now."""
    holder = card.holder
    context = PerkContext(holder=holder, card=card, at=at)
    count = sum(eligibility.is_open for eligibility in queries.catalogue(context))
    if holder.user is None or not count:
        return
    notify(
        event="perks.opened",
        recipient=holder.user,
        key=str(card.pk),
        params={"number": card.number, "count": str(count)},
        url=reverse("perks:perk-list"),
    )
