"""What the components show of direct issues."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cards.nominations import direct_rules as rules
from cards.nominations import queries
from cards.nominations.choices import DirectIssueStatus
from cards.nominations.models import DirectEvidence, DirectIssue
from cards.nominations.nearness import is_too_near
from cards.nominations.operations.direct_decisions import SameOfficer
from cards.nominations.operations.review import ConflictOfInterest
from cards.nominations.queries import Candidate
from cards.nominations.views.presenting import Item, district_names, moment
from cards.talents.identity import mask
from talentcard.accounts.models import User
from talentcard.accounts.rules import is_auditor
from talentcard.casework import rules as casework
from talentcard.casework.operations import ItemTaken

TONES: dict[str, str] = {
    DirectIssueStatus.PROPOSED: "progress",
    DirectIssueStatus.ISSUED: "good",
    DirectIssueStatus.REFUSED: "bad",
    DirectIssueStatus.WITHDRAWN: "neutral",
}


def status_label(case: DirectIssue) -> str:
    """Return where a case stands, as a word of its own."""
    return capfirst(case.get_status_display())


def listed_name(case: DirectIssue) -> str:
    """Return the person's name for a list; somebody under secrecy is not named in one."""
    return _("Name withheld") if case.talent.is_secret else case.talent.name


def row(case: DirectIssue, districts: dict[str, str], *, at: dt.datetime) -> Item:
    """Return a case as a row of a table."""
    due = case.item.due_at if case.item is not None else None
    return {
        "number": case.number,
        "url": case.get_absolute_url(),
        "name": listed_name(case),
        "basis": case.basis.name,
        "tier": str(case.tier),
        "district": districts.get(case.district, case.district),
        "proposed_by": str(case.proposed_by),
        "status_label": status_label(case),
        "status_tone": TONES[case.status],
        "due": moment(due) if due else "",
        "is_overdue": case.item is not None and case.item.is_overdue(at),
        "key": str(case.pk) if case.status == DirectIssueStatus.PROPOSED else "",
    }


def list_item(case: DirectIssue) -> Item:
    """Return a case as a row of the list that is decided together."""
    return {
        "title": case.number,
        "meta": [listed_name(case), case.basis.name, str(case.tier)],
        "status_label": status_label(case),
        "status_tone": TONES[case.status],
    }


def facts(case: DirectIssue) -> list[Item]:
    """Return what a case states and what it rests on; the number of the identity document is never shown whole."""
    entry = case.entry
    listed = " · ".join(part for part in (entry.recognised_list.name, entry.title, entry.source) if part)
    items: list[Item] = [{"label": _("Person"), "value": case.talent.name}]
    items += [
        {"label": capfirst(document.get_kind_display()), "value": mask(document.number), "code": True}
        for document in case.talent.identity_documents.all()
    ]
    if case.legacy_card:
        items.append({"label": _("Green Card"), "value": case.legacy_card, "code": True})
    items += [
        {"label": _("Basis"), "value": case.basis.name},
        {"label": _("Recognised list"), "value": listed},
        {"label": _("Tier"), "value": str(case.tier)},
        {"label": _("District or park"), "value": district_names().get(case.district, case.district)},
        {"label": _("Policy version"), "value": str(case.policy)},
        {"label": _("Legal ground"), "value": queries.ground_of(case.policy)},
        {"label": _("Proposed by"), "value": str(case.proposed_by)},
    ]
    if case.item is not None and case.item.due_at is not None:
        items.append({"label": _("Due"), "value": moment(case.item.due_at)})
    if case.reason:
        items.append({"label": _("Reason"), "value": case.reason})
    return items


def timeline(case: DirectIssue) -> list[Item]:
    """Return a case's history, in order."""
    items: list[Item] = [
        {
            "title": capfirst(step.get_to_status_display()),
            "tone": TONES[step.to_status],
            "when": timezone.localtime(step.at),
            "who": str(step.actor),
        }
        for step in case.transitions.select_related("actor")
    ]
    items[-1]["current"] = True
    return items


def evidence_item(evidence: DirectEvidence) -> Item:
    """Return a document of a case as a row."""
    return {
        "title": evidence.document.original_name,
        "url": reverse("nominations:direct-evidence", args=[evidence.pk]),
        "kind": capfirst(evidence.get_kind_display()),
        "size": filesizeformat(evidence.document.size),
    }


def obstacle(user: User, case: DirectIssue, *, at: dt.datetime) -> str:
    """Return why an officer of the scope may not decide a case; empty where nothing stands in the way."""
    if not rules.in_scope(user, case):
        return ""
    if case.proposed_by_id == user.pk:
        return str(SameOfficer())
    if is_too_near(user, case.talent):
        return str(ConflictOfInterest())
    if case.item is not None and not casework.is_free_for(user, case.item, at=at):
        return str(ItemTaken(name=str(case.item.assignee), number=case.number))
    return ""


def holder(user: User, case: DirectIssue, *, at: dt.datetime) -> Item | None:
    """Return who has a case, and what the user may do about it; None where no officer must act."""
    item = case.item
    if item is None or not (casework.may_see(user, item) or is_auditor(user)):
        return None
    may_direct = casework.may_direct(user, item)
    is_mine = item.assignee_id == user.pk
    return {
        "item": item,
        "name": str(item.assignee) if item.assignee else "",
        "is_mine": is_mine,
        "may_claim": not is_mine and casework.is_free_for(user, item, at=at) and casework.may_handle(user, item),
        "may_release": item.assignee is not None and may_direct,
        "may_direct": may_direct,
    }


def candidate_name(candidate: Candidate) -> str:
    """Return whom an entry names, for a list; somebody under secrecy is not named in one."""
    if candidate.talent is None:
        return candidate.entry.title or _("Not in the registry")
    return _("Name withheld") if candidate.talent.is_secret else candidate.talent.name


def candidate_row(candidate: Candidate) -> Item:
    """Return somebody who would be proposed, with the entry that says why."""
    entry = candidate.entry
    return {
        "key": str(entry.pk),
        "name": candidate_name(candidate),
        "list": entry.recognised_list.name,
        "entry": " · ".join(part for part in (entry.title, entry.source) if part),
        "since": entry.valid_from.isoformat(),
    }


def candidate_item(candidate: Candidate) -> Item:
    """Return somebody who would not be proposed, with the reason."""
    entry = candidate.entry
    meta = [entry.source] if candidate.talent is None else [part for part in (entry.title, entry.source) if part]
    return {"title": candidate_name(candidate), "text": str(candidate.why), "meta": meta}


def list_actions() -> list[Item]:
    """Return what an issuer begins from the list."""
    return [
        {"label": _("Propose a person"), "url": reverse("nominations:direct-create"), "icon": "plus"},
        {
            "label": _("Propose from a list"),
            "url": reverse("nominations:direct-bulk"),
            "icon": "review",
            "style": "secondary",
        },
        {
            "label": _("Upgrade Green Cards"),
            "url": reverse("nominations:direct-upgrade"),
            "icon": "upload",
            "style": "secondary",
        },
    ]


def bulk_actions() -> list[Item]:
    """Return what is done with many cases at once."""
    return [
        {"label": _("Confirm"), "name": "decision", "value": "confirm", "style": "primary"},
        {"label": _("Refuse"), "name": "decision", "value": "refuse", "style": "danger"},
    ]


def crumb_list() -> Item:
    """Return the way back to the list."""
    return {"label": _("Direct issue"), "url": reverse("nominations:direct-list")}


def crumb_case(case: DirectIssue) -> Item:
    """Return the way back to a case."""
    return {"label": case.number, "url": case.get_absolute_url()}


def result_page(request: HttpRequest, title: str, items: list[Item], *, failed: int) -> HttpResponse:
    """Render what became of each of many, what failed first."""
    context = {
        "title": title,
        "items": items,
        "done": len(items) - failed,
        "failed": failed,
        "breadcrumbs": [crumb_list()],
    }
    return render(request, "nominations/direct_result.html", context)
