"""Leave a review to another office, and take it back: casework's delegation, of this app's steps and scopes."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Tier
from cards.nominations import rules
from cards.nominations.choices import Step
from cards.talents.models import District
from talentcard.accounts.models import Delegation, Organisation, User
from talentcard.casework import operations as casework
from talentcard.core.errors import FieldError, InvalidInput
from talentcard.core.transactions import atomic_operation


@atomic_operation
def delegate_step(
    *,
    actor: User,
    to_office: Organisation,
    step: Step,
    district: str,
    tier: str,
    valid_from: dt.datetime,
    valid_until: dt.datetime,
    reason: str,
    at: dt.datetime,
) -> Delegation:
    """Leave a review of one's own office to another, in a district or park, of a tier, for a period; empty means all.

    :raises InvalidInput: if there is no such district or tier, and as casework's `delegate` does
    :raises NotAllowed: as casework's `delegate` does, and its other refusals
    """
    errors = []
    if district and not District.objects.filter(code=district).exists():
        message = _("There is no such district or park.")
        errors.append(FieldError(field="district", code="unknown_district", message=message))
    if tier and not Tier.objects.filter(code=tier).exists():
        errors.append(FieldError(field="tier", code="unknown_tier", message=_("There is no such tier.")))
    if errors:
        raise InvalidInput(errors)
    return casework.delegate(
        actor=actor,
        to_office=to_office,
        role=rules.ROLE_OF_STEP[step],
        district=district,
        tier=tier,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason,
        url=_page(),
        at=at,
    )


def take_step_back(*, actor: User, delegation: Delegation, at: dt.datetime) -> Delegation:
    """End a delegation now, or call off one that has not begun.

    :raises NotAllowed: if the actor does not head the office that made it, nor administrates in it
    :raises DelegationEnded: if it is over
    """
    return casework.take_back(actor=actor, delegation=delegation, url=_page(), at=at)


def _page() -> str:
    return reverse("nominations:delegation-list")
