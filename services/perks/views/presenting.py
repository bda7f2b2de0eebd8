"""What the components show of perks and requests."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from services.perks import queries, registry
from services.perks.choices import RequestStatus
from services.perks.eligibility import Condition, Eligibility, local_date
from services.perks.models import PerkRequest
from services.perks.registry import Perk
from talentcard.casework.choices import FOLLOWED_UP

Item = dict[str, Any]

TONES: dict[str, str] = {
    RequestStatus.SUBMITTED: "info",
    RequestStatus.ACCEPTED: "progress",
    RequestStatus.IN_PROGRESS: "progress",
    RequestStatus.GRANTED: "good",
    RequestStatus.DECLINED: "bad",
    RequestStatus.WITHDRAWN: "neutral",
    RequestStatus.CLOSED: "neutral",
}


def tone(entry: PerkRequest) -> str:
    """Return the tone of a request's status."""
    return "warn" if entry.is_overdue else TONES[entry.status]


def perk_item(eligibility: Eligibility) -> Item:
    """Return a perk as a row of the catalogue; what is closed says why."""
    perk = eligibility.perk
    if eligibility.is_open:
        quota = eligibility.quota
        meta = [eligibility.conditions[-1].reason] if quota else []
        label, shade = _("open to you"), "good"
    else:
        meta = [condition.reason for condition in eligibility.unmet]
        opens_at = eligibility.opens_at
        label = _("opens on %(date)s") % {"date": local_date(opens_at)} if opens_at else _("not open to you")
        shade = "info" if opens_at else "neutral"
    return {
        "title": str(perk.name),
        "url": reverse("perks:perk-detail", args=[perk.slug]),
        "text": str(perk.summary),
        "meta": meta,
        "status_label": label,
        "status_tone": shade,
    }


def condition_item(condition: Condition) -> Item:
    """Return a condition as a step of the list of reasons."""
    note = _("Opens on %(date)s") % {"date": local_date(condition.opens_at)} if condition.opens_at else ""
    return {"title": condition.reason, "tone": "good" if condition.is_met else "warn", "note": note}


def request_item(entry: PerkRequest, *, with_holder: bool = False) -> Item:
    """Return a request as a row of a list; a holder under secrecy is not named in lists."""
    meta = [entry.number, _("filed on %(date)s") % {"date": local_date(entry.submitted_at)}]
    if entry.is_open:
        meta.append(_("due on %(date)s") % {"date": local_date(entry.due_at)})
    if with_holder and not entry.holder.is_secret:
        meta.insert(0, entry.holder.name)
    return {
        "title": str(registry.get(entry.perk).name),
        "url": reverse("perks:request-detail", args=[entry.pk]),
        "meta": meta,
        "status_label": _("overdue") if entry.is_overdue else entry.get_status_display(),
        "status_tone": tone(entry),
    }


def request_facts(entry: PerkRequest, *, is_own: bool) -> list[Item]:
    """Return what the engine knows of a request."""
    facts: list[Item] = [{"label": _("Number"), "value": entry.number, "code": True}]
    if not is_own:
        facts.append({"label": _("Holder"), "value": entry.holder.name})
    facts.append({"label": _("Card"), "value": f"{entry.card.number} · {entry.card.tier.name}"})
    if entry.is_open:
        due = date_format(timezone.localtime(entry.due_at), "Y-m-d H:i")
        facts.append({"label": _("Decision due by"), "value": due})
    return facts


def timeline(entry: PerkRequest, *, is_own: bool) -> list[Item]:
    """Return a request's steps in order, the rating last; holders do not see officers' names."""
    steps = list(entry.transitions.select_related("actor"))
    items: list[Item] = [
        {
            "title": step.get_to_status_display(),
            "tone": TONES[step.to_status],
            "when": timezone.localtime(step.at),
            "who": "" if is_own or step.actor is None else str(step.actor),
            "note": step.reason,
        }
        for step in steps
    ]
    items[-1]["current"] = True
    if rating := queries.rating_of(entry):
        items.append(
            {
                "title": _("rated: %(level)s") % {"level": rating.get_level_display()},
                "tone": "warn" if rating.level in FOLLOWED_UP else "good",
                "when": timezone.localtime(rating.at),
                "note": rating.comment,
            }
        )
    return items


def next_steps(entry: PerkRequest) -> list[Item]:
    """Return what an officer may do next, as buttons that lead to or carry out the step."""
    decline = {"label": _("Decline"), "url": reverse("perks:request-decline", args=[entry.pk]), "style": "secondary"}
    if entry.status == RequestStatus.SUBMITTED:
        return [{"label": _("Accept"), "post": reverse("perks:request-accept", args=[entry.pk])}, decline]
    if entry.status == RequestStatus.ACCEPTED:
        return [{"label": _("Begin"), "post": reverse("perks:request-start", args=[entry.pk])}, decline]
    if entry.status == RequestStatus.IN_PROGRESS:
        return [{"label": _("Grant"), "url": reverse("perks:request-grant", args=[entry.pk])}, decline]
    return []


def crumb_perks() -> Item:
    """Return the way back to the catalogue."""
    return {"label": _("Services"), "url": reverse("perks:perk-list")}


def crumb_perk(perk: Perk) -> Item:
    """Return the way back to a perk."""
    return {"label": str(perk.name), "url": reverse("perks:perk-detail", args=[perk.slug])}


def crumb_requests() -> Item:
    """Return the way back to one's requests."""
    return {"label": _("My requests"), "url": reverse("perks:request-list")}


def crumb_inbox() -> Item:
    """Return the way back to the inbox."""
    return {"label": _("Requests to handle"), "url": reverse("perks:request-inbox")}


def crumb_entry(entry: PerkRequest) -> Item:
    """Return the way back to a request."""
    return {"label": entry.number, "url": reverse("perks:request-detail", args=[entry.pk])}
