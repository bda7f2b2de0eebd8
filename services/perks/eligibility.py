"""What a holder may have, why or why not, and from when."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cards.issuance.choices import CardStatus
from cards.issuance.models import TalentCard
from cards.talents.models import Talent
from services.perks.models import QuotaAccount

if TYPE_CHECKING:
    from services.perks.registry import Perk


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing a perk asks for, and whether it is so; `reason` says it in the reader's language.

    :param opens_at: when an unmet condition will be met by itself, if that is known
    """

    code: str
    is_met: bool
    reason: str
    opens_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Quota:
    """How many uses a holder has in the current period."""

    period: str
    limit: int
    renews_at: dt.datetime


@dataclass(frozen=True)
class PerkContext:
    """Who asks, with which card, and when; what perks judge by."""

    holder: Talent | None
    card: TalentCard | None
    at: dt.datetime

    @property
    def tier_code(self) -> str:
        """Return the code of the card's tier, or nothing without a card."""
        return self.card.tier.code if self.card else ""

    @property
    def year(self) -> int:
        """Return the calendar year in the city."""
        return timezone.localtime(self.at).year

    @property
    def is_card_active(self) -> bool:
        """Tell whether the card opens anything at this moment."""
        card = self.card
        return (
            card is not None
            and card.status == CardStatus.ACTIVE
            and (card.valid_until is None or self.at < card.valid_until)
        )

    def yearly_quota(self, limit: int) -> Quota:
        """Return a quota that starts afresh with the calendar year."""
        next_year = timezone.make_aware(dt.datetime(self.year + 1, 1, 1))  # noqa: DTZ001  # made aware here
        return Quota(period=str(self.year), limit=limit, renews_at=next_year)

    def used(self, perk: str, period: str) -> int:
        """Return how much of a perk is used; one query for all perks of this context."""
        return self._accounts.get((perk, period), 0)

    @cached_property
    def _accounts(self) -> dict[tuple[str, str], int]:
        if self.holder is None:
            return {}
        rows = QuotaAccount.objects.filter(holder=self.holder).values_list("perk", "period", "used")
        return {(perk, period): used for perk, period, used in rows}


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """The answer to "may I have this?", with every reason."""

    perk: "Perk"
    conditions: list[Condition]
    quota: Quota | None
    used: int

    @property
    def is_open(self) -> bool:
        """Tell whether the holder may have the perk now."""
        return all(condition.is_met for condition in self.conditions)

    @property
    def unmet(self) -> list[Condition]:
        """Return what stands in the way."""
        return [condition for condition in self.conditions if not condition.is_met]

    @property
    def remaining(self) -> int | None:
        """Return how many uses are left, or None where uses are not counted."""
        return max(self.quota.limit - self.used, 0) if self.quota else None

    @property
    def opens_at(self) -> dt.datetime | None:
        """Return when the perk opens by itself; None if it is open or nobody can say."""
        dates = [condition.opens_at for condition in self.unmet]
        known = [date for date in dates if date is not None]
        return max(known) if known and len(known) == len(dates) else None


def evaluate(*, perk: "Perk", context: PerkContext) -> Eligibility:
    """Judge a perk for a holder at a moment."""
    conditions = [card_condition(context), *perk.conditions(context)]
    quota = perk.quota(context)
    used = context.used(perk.slug, quota.period) if quota else 0
    if quota:
        conditions.append(quota_condition(quota, used))
    return Eligibility(perk=perk, conditions=conditions, quota=quota, used=used)


def card_condition(context: PerkContext) -> Condition:
    """Return the condition every perk begins with: an active card."""
    return Condition(code="card", is_met=context.is_card_active, reason=_card_reason(context))


def quota_condition(quota: Quota, used: int) -> Condition:
    """Return the condition that a use is left."""
    facts = {"limit": quota.limit, "left": quota.limit - used, "period": quota.period}
    if quota.limit == 0:
        return Condition(code="quota", is_met=False, reason=_("Your card's tier has no uses of this service."))
    if used < quota.limit:
        return Condition(
            code="quota", is_met=True, reason=_("%(left)s of %(limit)s uses are left in %(period)s.") % facts
        )
    reason = _("All %(limit)s uses of %(period)s are taken. New ones open on %(date)s.")
    return Condition(
        code="quota",
        is_met=False,
        reason=reason % {**facts, "date": local_date(quota.renews_at)},
        opens_at=quota.renews_at,
    )


def local_date(moment: dt.datetime) -> str:
    """Return a moment's day in the city, as the reader's language writes it."""
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _card_reason(context: PerkContext) -> str:
    card = context.card
    if card is None:
        return _("You have no talent card yet. This opens when one is issued to you.")
    if context.is_card_active:
        return _("Your card is active.")
    if card.status == CardStatus.IN_PRODUCTION:
        return _("Your card is being made. This opens when it is active.")
    if card.status == CardStatus.SUSPENDED:
        return _("Your card is suspended. This opens again when the suspension is lifted.")
    if card.status in (CardStatus.ACTIVE, CardStatus.EXPIRED) and card.valid_until:
        return _("Your card expired on %(date)s.") % {"date": local_date(card.valid_until)}
    return _("Your card is no longer valid.")
