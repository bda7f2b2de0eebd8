"""What the pages show of a card, as the components take it."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cards.issuance import queries, rules
from cards.issuance.choices import CardStatus
from cards.issuance.models import CardTransition, TalentCard
from talentcard.accounts.rules import Actor

TONES = {
    CardStatus.IN_PRODUCTION: "progress",
    CardStatus.ACTIVE: "good",
    CardStatus.SUSPENDED: "warn",
    CardStatus.EXPIRED: "neutral",
    CardStatus.REVOKED: "bad",
    CardStatus.RETURNED: "neutral",
}


def as_card(card: TalentCard, user: Actor) -> dict[str, Any]:
    """Return the digital card; its code is shown while it is in force, to whom it may be."""
    shows_code = card.status == CardStatus.ACTIVE and rules.may_see_code(user, card)
    return {
        "name": card.holder.name,
        "number": card.number,
        "tier": card.tier.name,
        "tier_rank": queries.rank_of(card.tier),
        "valid_from": _local(card.valid_from),
        "valid_until": _local(card.valid_until),
        "status_label": capfirst(card.get_status_display()),
        "status_tone": TONES[CardStatus(card.status)],
        "qr_url": reverse("api-card-qr-svg", args=[card.pk]) if shows_code else "",
        "qr_note": "" if shows_code else _code_note(card, user),
    }


def as_facts(card: TalentCard) -> list[dict[str, Any]]:
    """Return what is known of a card as names and values."""
    facts: list[dict[str, Any]] = [
        {"label": _("Card number"), "value": card.number, "code": True},
        {"label": _("Holder"), "value": card.holder.name},
        {"label": _("Tier"), "value": card.tier.name},
        {"label": _("Status"), "value": capfirst(card.get_status_display())},
    ]
    if card.status_reason:
        facts.append({"label": _("Reason"), "value": card.reason_text})
    if card.valid_from and card.valid_until:
        period = f"{_day(card.valid_from)} – {_day(card.valid_until)}"
        facts.append({"label": _("Validity"), "value": period})
    return facts


def as_timeline(card: TalentCard, user: Actor) -> list[dict[str, Any]]:
    """Return what happened to a card; the holder is not told which officer it was."""
    steps = list(queries.history_of(card))
    return [
        {
            "title": _title(step),
            "tone": TONES[CardStatus(step.to_status)],
            "when": timezone.localtime(step.at),
            "who": _who(step, card, user),
            "note": step.reason_text,
            "current": step is steps[-1],
        }
        for step in steps
    ]


def as_row(card: TalentCard) -> dict[str, Any]:
    """Return a card as a line of a list."""
    return {
        "title": card.holder.name,
        "url": reverse("issuance:card-detail", args=[card.pk]),
        "meta": [card.number, str(card.tier), *([_("until %s") % _day(card.valid_until)] if card.valid_until else [])],
        "status_label": capfirst(card.get_status_display()),
        "status_tone": TONES[CardStatus(card.status)],
    }


def _title(step: CardTransition) -> str:
    if step.from_status == CardStatus.SUSPENDED and step.to_status == CardStatus.ACTIVE:
        return _("Reinstated")
    titles = {
        CardStatus.IN_PRODUCTION: _("Awarded"),
        CardStatus.ACTIVE: _("In force"),
        CardStatus.SUSPENDED: _("Suspended"),
        CardStatus.EXPIRED: _("Expired"),
        CardStatus.REVOKED: _("Revoked"),
        CardStatus.RETURNED: _("Returned"),
    }
    return titles[CardStatus(step.to_status)]


def _who(step: CardTransition, card: TalentCard, user: Actor) -> str:
    if step.actor is None:
        return ""
    if user is not None and step.actor_id == user.pk:
        return _("you")
    if step.actor_id == card.holder.user_id:
        return _("the holder")
    return str(step.actor) if rules.may_list_cards(user) else _("the card service")


def _code_note(card: TalentCard, user: Actor) -> str:
    if card.status == CardStatus.IN_PRODUCTION:
        return _("The code is being made.")
    if card.status == CardStatus.ACTIVE:
        return _("The code is shown to the holder only.")
    return _("The code is not shown: the card is not accepted now.")


def _local(moment: dt.datetime | None) -> dt.datetime | None:
    return timezone.localtime(moment) if moment else None


def _day(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d")
