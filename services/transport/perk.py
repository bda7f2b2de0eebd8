"""The airport fast lane: a number of uses a year by tier, redeemed at the airport's desk."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.perks.eligibility import PerkContext, Quota
from services.perks.registry import Fact, Perk, register
from services.transport.models import AnnualAllowance


@register
class AirportFastLane(Perk):
    slug = "airport-fast-lane"
    name = gettext_lazy("Airport fast lane")
    summary = gettext_lazy("Security check without queueing and a seat in the lounge at Binhai International Airport.")
    icon = "leave"
    department = "transport"
    purpose = "airport-fast-lane"

    def facts(self, context: PerkContext) -> list[Fact]:
        """Say where it is and how it is used."""
        return [
            {"label": _("Where"), "value": _("Tianjin Binhai International Airport, terminals 1 and 2")},
            {
                "label": _("How"),
                "value": _("Show your card's code at the fast lane's desk; no booking is needed."),
            },
        ]

    def quota(self, context: PerkContext) -> Quota:
        """Return the year's uses of the card's tier; none where policy names no allowance."""
        allowance = AnnualAllowance.objects.filter(tier_code=context.tier_code).first()
        return context.yearly_quota(allowance.uses if allowance else 0)
