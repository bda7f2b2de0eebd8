"""What the components show of nominations."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cards.issuance.models import Basis
from cards.nominations import queries, rules
from cards.nominations.choices import STEP_OF_STATUS, NominationStatus, ObjectionStatus, Outcome, Step
from cards.nominations.models import DirectIssue, Evidence, Nomination, NoticeRelease, Objection, PublicNotice, Review
from cards.talents.identity import mask
from cards.talents.models import District
from talentcard.accounts.models import User
from talentcard.accounts.rules import is_auditor
from talentcard.casework import rules as casework
from talentcard.casework.models import WorkItem
from talentcard.casework.operations import ItemTaken
from talentcard.documents.responses import may_show_inline

Item = dict[str, Any]

TONES: dict[str, str] = {
    NominationStatus.DRAFT: "neutral",
    NominationStatus.SUBMITTED: "progress",
    NominationStatus.RETURNED: "warn",
    NominationStatus.SECOND_REVIEW: "progress",
    NominationStatus.AWAITING_NOTICE: "progress",
    NominationStatus.PUBLIC_NOTICE: "info",
    NominationStatus.APPROVED: "good",
    NominationStatus.REJECTED: "bad",
    NominationStatus.APPEALED: "progress",
    NominationStatus.WITHDRAWN: "neutral",
}
OUTCOME_TONES: dict[str, str] = {Outcome.PASS: "good", Outcome.RETURN: "warn", Outcome.REJECT: "bad"}
OBJECTION_TONES: dict[str, str] = {
    ObjectionStatus.OPEN: "warn",
    ObjectionStatus.UPHELD: "bad",
    ObjectionStatus.DISMISSED: "neutral",
    ObjectionStatus.LAPSED: "neutral",
}
OUTCOME_STYLES: dict[Outcome, str] = {Outcome.PASS: "primary", Outcome.RETURN: "secondary", Outcome.REJECT: "danger"}


def moment(at: dt.datetime) -> str:
    """Return a time as people here read it."""
    return date_format(timezone.localtime(at), "Y-m-d H:i")


def district_names() -> dict[str, str]:
    """Return the names of districts and parks by code: one query for a whole page."""
    return {district.code: district.name for district in District.objects.all()}


def status_label(nomination: Nomination) -> str:
    """Return where a case stands, as a word of its own."""
    return capfirst(nomination.get_status_display())


def listed_name(nomination: Nomination) -> str:
    """Return the nominee's name for a list; somebody under secrecy is not named in one."""
    return _("Name withheld") if nomination.talent.is_secret else nomination.talent.name


def is_overdue(nomination: Nomination, *, at: dt.datetime) -> bool:
    """Tell whether an officer or the nominator is late; a notice simply ends."""
    if nomination.item is None and nomination.status != NominationStatus.RETURNED:
        return False
    return nomination.deadline is not None and nomination.deadline < at


def row(
    nomination: Nomination, districts: dict[str, str], *, at: dt.datetime, answer_by: dt.datetime | None = None
) -> Item:
    """Return a case as a row of a table.

    :param answer_by: until when the reader is asked to answer a question about it
    """
    overdue = is_overdue(nomination, at=at)
    step = STEP_OF_STATUS.get(NominationStatus(nomination.status))
    return {
        "number": nomination.number,
        "url": reverse("nominations:nomination-detail", args=[nomination.pk]),
        "name": listed_name(nomination),
        "employer": nomination.employer_display,
        "nominator": nomination.nominator.name,
        "basis": nomination.basis.name,
        "tier": str(nomination.tier),
        "district": districts.get(nomination.district, nomination.district),
        "status_label": status_label(nomination),
        "status_tone": TONES[nomination.status],
        "due": moment(answer_by) if answer_by else _due_text(nomination),
        "is_overdue": overdue,
        "officer": str(nomination.item.assignee) if nomination.item and nomination.item.assignee else "",
        # The step as the officer saw it: a case that has moved on since is not decided by mistake.
        "key": f"{step}:{nomination.pk}" if step else "",
    }


def _due_text(nomination: Nomination) -> str:
    if nomination.deadline:
        return moment(nomination.deadline)
    item = nomination.item
    return _stopped_text(item) if item is not None and item.is_stopped else ""


def _stopped_text(item: WorkItem) -> str:
    days = item.days_left or 0
    words = ngettext("clock stopped, %(days)s working day left", "clock stopped, %(days)s working days left", days)
    return words % {"days": days}


def release_row(nomination: Nomination, districts: dict[str, str], *, at: dt.datetime) -> Item:
    """Return a case that waits for its public notice as a row of a table."""
    days = nomination.basis.notice_working_days
    return row(nomination, districts, at=at) | {"key": str(nomination.pk), "days": days}


def case_facts(nomination: Nomination, *, with_document: bool) -> list[Item]:
    """Return what a case states; the number of the identity document is never shown whole."""
    facts: list[Item] = [{"label": _("Nominee"), "value": nomination.talent.name}]
    if with_document:
        facts += [
            {
                "label": capfirst(document.get_kind_display()),
                "value": " · ".join(part for part in (mask(document.number), document.issuing_region) if part),
                "code": True,
            }
            for document in nomination.talent.identity_documents.all()
        ]
        if nomination.talent.nationality:
            facts.append({"label": _("Country or region"), "value": nomination.talent.nationality})
    districts = district_names()
    facts += [
        {"label": _("Employer"), "value": nomination.employer_display or None},
        {"label": _("Basis"), "value": nomination.basis.name},
        {"label": _("Tier"), "value": str(nomination.tier)},
        {"label": _("District or park"), "value": districts.get(nomination.district, nomination.district)},
        {"label": _("Nominator"), "value": nomination.nominator.name},
    ]
    facts.append({"label": _("Legal ground"), "value": queries.legal_ground(nomination)})
    if nomination.submitted_at:
        facts.append({"label": _("Submitted"), "value": moment(nomination.submitted_at)})
    if due := _due_text(nomination):
        facts.append({"label": _deadline_label(nomination), "value": due})
    return facts


def stops(user: User, nomination: Nomination) -> list[Item]:
    """Return what stops a case as alerts, for those who may read it."""
    if not rules.may_read_obstacles(user, nomination):
        return []
    return [
        {
            "text": obstacle.message,
            "url": reverse(obstacle.url_name, args=[nomination.pk]) if obstacle.url_name else "",
        }
        for obstacle in queries.present_obstacles(nomination)
    ]


def _deadline_label(nomination: Nomination) -> str:
    if nomination.status == NominationStatus.RETURNED:
        return _("Correct by")
    is_public = nomination.item is None and nomination.status == NominationStatus.PUBLIC_NOTICE
    return _("Notice ends") if is_public else _("Due")


def holder(user: User, nomination: Nomination, *, at: dt.datetime) -> Item | None:
    """Return who has a case, and what the user may do about it; None where no officer must act."""
    item = nomination.item
    if item is None or not (casework.may_see(user, item) or is_auditor(user)):
        return None
    may_direct = casework.may_direct(user, item)
    is_mine = item.assignee_id == user.pk
    is_claimable = not is_mine and casework.is_free_for(user, item, at=at)
    return {
        "item": item,
        "name": str(item.assignee) if item.assignee else "",
        "is_mine": is_mine,
        "may_claim": is_claimable and casework.may_handle(user, item),
        "may_release": item.assignee is not None and may_direct,
        "may_direct": may_direct,
    }


def taken_by_another(user: User, nomination: Nomination, *, at: dt.datetime) -> ItemTaken | None:
    """Return the obstacle that a colleague has a case, or None if nobody has it or the user stands in."""
    item = nomination.item
    if item is None or casework.is_free_for(user, item, at=at):
        return None
    return ItemTaken(name=str(item.assignee), number=item.number)


def contact_facts(user: User, nomination: Nomination) -> list[Item]:
    """Return how the case says the nominee is reached, for those who may read it."""
    if not rules.may_read_contact(user, nomination):
        return []
    return [
        {"label": _("Mobile"), "value": nomination.phone or None},
        {"label": _("E-mail"), "value": nomination.email or None},
        {"label": _("Postal address"), "value": nomination.address or None},
    ]


def source_facts(user: User, nomination: Nomination) -> list[Item]:
    """Return by which way, and through whom, a case came in, for those who may read it."""
    if not rules.may_read_source(user, nomination):
        return []
    office = [nomination.office.name] if nomination.office else []
    words = [capfirst(nomination.get_source_display()), *office, str(nomination.filed_by)]
    return [{"label": _("Came in by"), "value": " · ".join(words)}]


def timeline(nomination: Nomination, user: User) -> list[Item]:
    """Return a case's history as the user may read it, in order."""
    items: list[Item] = [
        {
            "title": capfirst(entry.label),
            "tone": TONES[entry.status],
            "when": timezone.localtime(entry.at),
            "who": entry.actor,
            "note": "\n".join(_notes(nomination, entry)),
        }
        for entry in queries.timeline(nomination, user)
    ]
    if items:
        items[-1]["current"] = True
    return items


def _notes(nomination: Nomination, entry: queries.TimelineEntry) -> list[str]:
    notes = [agreement_text(entry.agrees), entry.reason, *queries.topic_lines(nomination, entry.missing)]
    return [note for note in notes if note]


def agreement_text(agrees: bool | None) -> str:
    """Return what a second reviewer says of the first opinion, or nothing where nothing was said."""
    if agrees is None:
        return ""
    return _("Agrees with the first opinion.") if agrees else _("Disagrees with the first opinion.")


def opinions(nomination: Nomination) -> list[Item]:
    """Return a case's reviews, as the officers after them read them."""
    return [opinion(nomination, review) for review in nomination.reviews.select_related("reviewer")]


def opinion(nomination: Nomination, review: Review) -> Item:
    """Return a review as the other reviewer reads it."""
    return {
        "title": capfirst(review.get_step_display()),
        "label": capfirst(review.get_outcome_display()),
        "tone": OUTCOME_TONES[review.outcome],
        "reviewer": str(review.reviewer),
        "when": moment(review.decided_at),
        "agreement": agreement_text(review.agrees),
        "reason": review.reason,
        "missing": queries.topic_lines(nomination, review.missing),
    }


def basis_documents(bases: Iterable[Basis]) -> list[Item]:
    """Return the documents each basis requires, as facts; no query where they are prefetched."""
    return [
        {
            "label": basis.name,
            "value": " · ".join(str(kind.label) for kind in queries.required_kinds(basis)) or _("None of its own"),
        }
        for basis in bases
    ]


def required_documents(nomination: Nomination, evidence: list[Evidence]) -> list[Item]:
    """Return the documents that a case's basis requires, and whether each is attached."""
    attached = {each.kind for each in evidence}
    return [
        {"label": capfirst(kind.label), "is_attached": kind in attached}
        for kind in queries.required_kinds(nomination.basis)
    ]


def evidence_item(evidence: Evidence, *, may_remove: bool, notes: Sequence[str] = ()) -> Item:
    """Return a document of a case as a row."""
    document = evidence.document
    url = reverse("nominations:evidence-download", args=[evidence.pk])
    return {
        "title": document.original_name,
        "url": url,
        "view_url": f"{url}?inline=1" if may_show_inline(document) else "",
        "kind": capfirst(evidence.get_kind_display()),
        "size": filesizeformat(document.size),
        "notes": notes,
        "remove_url": reverse("nominations:evidence-remove", args=[evidence.pk]) if may_remove else "",
    }


def evidence_room(evidence: list[Evidence]) -> Item:
    """Return how many more documents a case takes, and of what kind and size."""
    room = queries.room_beside([each.document.size for each in evidence])
    size = filesizeformat(min(settings.DOCUMENT_MAX_BYTES, room.size))
    words = _("PDF, JPEG or PNG, %(size)s at most. Room left: %(left)s of %(limit)s documents.")
    return {
        "is_left": room.count > 0 and room.size > 0,
        "accept": words % {"size": size, "left": room.count, "limit": settings.DOCUMENTS_PER_CASE},
    }


def objection_item(objection: Objection) -> Item:
    """Return an objection as those read it who handle it."""
    facts: list[Item] = [
        {"label": _("From"), "value": objection.name},
        {"label": _("Contact"), "value": objection.contact},
        {"label": _("Lodged"), "value": moment(objection.lodged_at)},
        {"label": _("Objection"), "value": objection.text},
    ]
    if objection.resolution:
        facts.append({"label": _("Resolution"), "value": objection.resolution})
    return {
        "pk": objection.pk,
        "facts": facts,
        "is_open": objection.status == ObjectionStatus.OPEN,
        "status_label": capfirst(objection.get_status_display()),
        "status_tone": OBJECTION_TONES[objection.status],
    }


def notice_item(notice: PublicNotice, *, at: dt.datetime) -> Item:
    """Return a notice as a row of the public list: name, employer and basis, nothing else of the person."""
    nomination = notice.nomination
    label, tone = notice_status(notice, at=at)
    meta = [nomination.basis.name, str(nomination.tier)]
    if notice.paused_at is None:
        meta.append(_("until %(date)s") % {"date": moment(notice.closes_at)})
    return {
        "title": nomination.talent.name,
        "url": notice_url(notice),
        "text": nomination.employer_display,
        "meta": meta,
        "status_label": label,
        "status_tone": tone,
    }


def notice_url(notice: PublicNotice) -> str:
    """Return the path of a notice's public page."""
    return reverse("nominations:notice-detail", args=[notice.pk])


def notice_facts(notice: PublicNotice) -> list[Item]:
    """Return what the public may know of a case under notice."""
    nomination = notice.nomination
    facts: list[Item] = [
        {"label": _("Name"), "value": nomination.talent.name},
        {"label": _("Employer"), "value": nomination.employer_display},
        {"label": _("Basis"), "value": nomination.basis.name},
        {"label": _("Tier"), "value": str(nomination.tier)},
        {"label": _("Nominator"), "value": nomination.nominator.name},
        {"label": _("Published"), "value": moment(notice.opened_at)},
    ]
    # While the clock stands still nobody knows when it ends.
    if notice.paused_at is None:
        facts.append({"label": _("Notice ends"), "value": moment(notice.closes_at)})
    return facts


def notice_status(notice: PublicNotice, *, at: dt.datetime) -> tuple[str, str]:
    """Return where a notice stands, and the tone of that."""
    if not notice.is_open(at):
        return _("Ended"), "neutral"
    return (_("Under public notice"), "info") if notice.paused_at is None else (_("Paused"), "warn")


def release_facts(release: NoticeRelease) -> list[Item]:
    """Return what the public may know of a release."""
    return [
        {"label": _("Number"), "value": release.number},
        {"label": _("Published"), "value": moment(release.opened_at)},
        {"label": _("Notice ends"), "value": moment(release.closes_at)},
    ]


def crumb_list() -> Item:
    """Return the way back to the list of cases."""
    return {"label": _("Nominations"), "url": reverse("nominations:nomination-list")}


def crumb_inbox() -> Item:
    """Return the way back to the inbox."""
    return {"label": _("To review"), "url": reverse("nominations:nomination-inbox")}


def crumb_case(case: Nomination | DirectIssue) -> Item:
    """Return the way back to a case."""
    return {"label": case.number, "url": case.get_absolute_url()}


def crumbs_of(user: User, nomination: Nomination) -> list[Item]:
    """Return the way to a case from where its reader came."""
    if rules.files(user, nomination) or not rules.is_reviewer(user):
        return [crumb_list()]
    return [crumb_inbox()]


def crumb_waiting() -> Item:
    """Return the way back to what waits for public notice."""
    return {"label": _("Waiting for public notice"), "url": reverse("nominations:release-waiting")}


def crumb_notices() -> Item:
    """Return the way back to the public list."""
    return {"label": _("Public notice"), "url": reverse("nominations:notice-list")}


def crumb_release(release: NoticeRelease) -> Item:
    """Return the way back to a release's public page."""
    return {"label": release.number, "url": release.get_absolute_url()}


def step_of(nomination: Nomination) -> Step | None:
    """Return the review a case waits for."""
    return STEP_OF_STATUS.get(NominationStatus(nomination.status))
