"""An appeal, as the pages show it."""

import datetime as dt
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cards.nominations import rules
from cards.nominations.choices import AppealStatus, NominationStatus, Step
from cards.nominations.models import Appeal, AppealDocument, Nomination
from cards.nominations.operations.appeals import HandledBefore
from cards.nominations.operations.review import ConflictOfInterest
from cards.nominations.views import presenting
from talentcard.accounts.models import User

Item = dict[str, Any]

TONES: dict[str, str] = {AppealStatus.OPEN: "progress", AppealStatus.UPHELD: "good", AppealStatus.DISMISSED: "bad"}


def appeal_item(user: User, nomination: Nomination) -> Item | None:
    """Return a case's appeal, as much of it as the user may know; None where there is none."""
    appeal = rules.appeal_of(nomination)
    if appeal is None:
        return None
    may_read = rules.may_read_appeal(user, nomination)
    facts: list[Item] = [
        {"label": _("Lodged by"), "value": _lodged_by(appeal, nomination)},
        {"label": _("Lodged"), "value": presenting.moment(appeal.lodged_at)},
    ]
    if may_read:
        facts.append({"label": _("Appeal"), "value": appeal.text})
    if appeal.decided_at is not None:
        facts.append({"label": _("Decided"), "value": presenting.moment(appeal.decided_at)})
        facts.append({"label": _("Reason"), "value": appeal.reason})
    documents = appeal.documents.select_related("document") if may_read else []
    return {
        "facts": facts,
        "status_label": capfirst(appeal.get_status_display()),
        "status_tone": TONES[appeal.status],
        "documents": [_document_item(entry) for entry in documents],
    }


def _lodged_by(appeal: Appeal, nomination: Nomination) -> str:
    if appeal.lodged_by_id == nomination.talent.user_id:
        return _("the nominee")
    if nomination.office_id is not None and appeal.lodged_by.organisation_id == nomination.office_id:
        return _("the nominator, at the window")
    return _("the nominator")


def ways_on(user: User, nomination: Nomination, *, at: dt.datetime) -> Item:
    """Return what a user may do about a refusal or its appeal: paths, and why an officer may not decide it."""
    ways: Item = {"appeal_url": "", "appeal_until": None, "decide_url": "", "obstacle": ""}
    if rules.may_appeal(user, nomination, at=at):
        ways["appeal_url"] = reverse("nominations:appeal-create", args=[nomination.pk])
        ways["appeal_until"] = rules.last_appeal_day(nomination)
    if nomination.status != NominationStatus.APPEALED or not rules.in_scope(user, nomination, Step.SECOND):
        return ways
    if rules.has_conflict(user, nomination):
        ways["obstacle"] = str(ConflictOfInterest())
    elif rules.has_handled(user, nomination):
        ways["obstacle"] = str(HandledBefore())
    elif (taken := presenting.taken_by_another(user, nomination, at=at)) is not None:
        ways["obstacle"] = str(taken)
    else:
        ways["decide_url"] = reverse("nominations:appeal-decide", args=[nomination.pk])
    return ways


def _document_item(entry: AppealDocument) -> Item:
    return {
        "title": entry.document.original_name,
        "url": reverse("nominations:appeal-document", args=[entry.pk]),
        "size": filesizeformat(entry.document.size),
    }
