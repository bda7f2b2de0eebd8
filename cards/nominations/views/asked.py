"""What the components show of experts and of the nominee's consent."""

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cards.nominations import queries, rules
from cards.nominations.choices import AnswerStatus, Asked, NominationStatus
from cards.nominations.models import Nomination, RecognisedExpert
from cards.nominations.operations.experts import MAY_BE_NAMED, may_be_dropped
from cards.nominations.queries import AnswerState
from cards.nominations.views.presenting import moment
from talentcard.accounts.models import User

Item = dict[str, Any]

TONES: dict[str, str] = {
    AnswerStatus.NAMED: "neutral",
    AnswerStatus.ASKED: "progress",
    AnswerStatus.CONFIRMED: "good",
    AnswerStatus.DECLINED: "bad",
}


def section(nomination: Nomination, user: User) -> Item | None:
    """Return whom a case asks and what they answered, for those who may know; None where its basis asks nobody."""
    basis = nomination.basis
    if not (basis.experts_needed or basis.needs_consent):
        return None
    may_file = rules.files(user, nomination)
    states = queries.answers_of(nomination, user)
    is_open = nomination.status in MAY_BE_NAMED
    standing = [each for each in states if each.request.asked == Asked.EXPERT and _stands(each)]
    may_name = may_file and is_open and len(standing) < basis.experts_needed
    return {
        "experts_needed": basis.experts_needed,
        "needs_consent": basis.needs_consent,
        "has_document": basis.needs_consent and queries.has_signed_consent(nomination),
        "people": [_person(state, nomination, may_file=may_file and is_open) for state in states],
        "name_url": reverse("nominations:expert-name", args=[nomination.pk]) if may_name else "",
    }


def expert_item(expert: RecognisedExpert) -> Item:
    """Return an expert as a row of what was found: never how they are reached."""
    return {
        "pk": expert.pk,
        "name": expert.name,
        "meta": [part for part in (expert.title, expert.organisation_display, expert.field) if part],
    }


def _stands(state: AnswerState) -> bool:
    return state.request.status != AnswerStatus.DECLINED


def _person(state: AnswerState, nomination: Nomination, *, may_file: bool) -> Item:
    request = state.request
    is_waiting = request.status == AnswerStatus.ASKED
    is_expert = request.asked == Asked.EXPERT
    may_resend = may_file and is_waiting and nomination.status == NominationStatus.SUBMITTED
    may_drop = may_file and is_expert and may_be_dropped(request, nomination)
    meta = [capfirst(request.get_asked_display())]
    if request.expert is not None and request.expert.organisation_display:
        meta.append(request.expert.organisation_display)
    if request.answered_at is not None:
        meta.append(moment(request.answered_at))
    elif state.expires_at is not None:
        meta.append(_("link works until %(date)s") % {"date": moment(state.expires_at)})
    return {
        "name": state.name,
        "meta": meta,
        "words": state.words,
        "status_label": capfirst(request.get_status_display()),
        "status_tone": TONES[request.status],
        "resend_url": reverse("nominations:link-resend", args=[request.pk]) if may_resend else "",
        "drop_url": reverse("nominations:expert-drop", args=[request.pk]) if may_drop else "",
    }
