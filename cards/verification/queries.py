"""Reads for the desk and for the holder."""

from django.db.models import QuerySet

from cards.talents.models import Talent
from cards.verification.models import AttemptQuerySet, Desk, VerificationAttempt
from cards.verification.rules import is_partner
from talentcard.accounts.models import User


def desks_of(user: User) -> QuerySet[Desk]:
    """Return the desks a user may work at, with their purposes."""
    if not is_partner(user) or user.organisation_id is None:
        return Desk.objects.none()
    return Desk.objects.filter(organisation=user.organisation_id, is_active=True).prefetch_related("purposes")


def checks_at(desk: Desk) -> AttemptQuerySet:
    """Return the checks made at a desk, the last one first, with what a list shows of them."""
    return (
        VerificationAttempt.objects.filter(desk=desk).select_related("purpose", "user", "edition__card").newest_first()
    )


def checks_of(holder: Talent) -> AttemptQuerySet:
    """Return every check of a holder's cards, the last one first, with who asked and for what."""
    return (
        VerificationAttempt.objects.filter(edition__card__holder=holder)
        .select_related("desk__organisation", "system__organisation", "purpose")
        .newest_first()
    )
