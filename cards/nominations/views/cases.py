"""A case, as each of those reads it who may: nominator, officer, auditor, nominee."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cards.nominations import operations, queries, rules
from cards.nominations.choices import PAST_REVIEWS
from cards.nominations.forms import (
    CaseFilterForm,
    EvidenceForm,
    QuestionAnswerForm,
    QuestionForm,
    ResolutionForm,
    ReviewForm,
)
from cards.nominations.models import Nomination, NominationQuerySet
from cards.nominations.operations.review import ConflictOfInterest, RefusedBefore, ReviewedOtherStep
from cards.nominations.views import appeal_items, asked, change_items, presenting, question_items
from cards.nominations.views.access import evidence_or_404, signed_in, visible_or_404
from cards.nominations.views.ratings import rating_item
from talentcard.accounts.models import User
from talentcard.accounts.rules import is_auditor
from talentcard.core.errors import NotAllowed
from talentcard.core.pagination import BoundedPaginator
from talentcard.documents.responses import private_file

PAGE_SIZE = 25


@login_required
@require_safe
def nomination_list(request: HttpRequest) -> HttpResponse:
    """Show a nominator the own organisation's nominations, a clerk the window's, officers those of their scope."""
    user = signed_in(request)
    organisation = rules.nominating_organisation(user)
    is_office = rules.is_reviewer(user) or is_auditor(user)
    is_clerk = rules.is_window_clerk(user)
    if organisation is None and not is_office and not is_clerk:
        raise NotAllowed
    cases = queries.visible_to(user)
    if not is_office:
        own = Q(nominator=organisation)
        cases = cases.filter(own | queries.filed_at_window_of(user) if is_clerk else own)
    form = CaseFilterForm(request.GET)
    cases = _filtered(cases, form.cleaned_data if form.is_valid() else {})
    page = BoundedPaginator(queries.with_answer_by(cases), PAGE_SIZE).get_page(request.GET.get("page"))
    now, districts = timezone.now(), presenting.district_names()
    context = {
        "page": page,
        "rows": [
            presenting.row(
                nomination,
                districts,
                at=now,
                answer_by=nomination.answer_by if rules.files(user, nomination) else None,
            )
            for nomination in page
        ],
        "form": form,
        "is_nominator": organisation is not None,
        "quota": queries.quota_overview(organisation, at=now) if organisation else None,
        "is_office": is_office,
        "is_clerk": is_clerk,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "actions": _list_actions(user),
    }
    return render(request, "nominations/nomination_list.html", context)


@never_cache
@login_required
@require_safe
def nomination_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a case to those who may read it; its nominee sees the steps alone."""
    user = signed_in(request)
    return case_page(request, user, visible_or_404(user, pk))


@never_cache
@login_required
@require_safe
def nomination_mine(request: HttpRequest) -> HttpResponse:
    """Show people where their own nominations stand."""
    user = signed_in(request)
    own = queries.visible_to(user).filter(talent__user=user.pk, submitted_at__isnull=False)
    cases = [nominee_case(nomination, user) for nomination in own[:PAGE_SIZE]]
    return render(request, "nominations/nomination_mine.html", {"cases": cases})


@login_required
@require_safe
def evidence_download(request: HttpRequest, pk: UUID) -> FileResponse:
    """Hand out a document of a case to those who may read it; with `?inline=1`, a picture to look at."""
    user = signed_in(request)
    evidence = evidence_or_404(pk)
    nomination = visible_or_404(user, evidence.nomination_id)
    inline = request.GET.get("inline") == "1"
    return private_file(
        operations.read_evidence(actor=user, nomination=nomination, evidence=evidence, inline=inline), inline=inline
    )


def case_page(
    request: HttpRequest,
    user: User,
    nomination: Nomination,
    *,
    review_form: ReviewForm | None = None,
    resolution_forms: dict[UUID, ResolutionForm] | None = None,
    question_form: QuestionForm | None = None,
    answer_forms: dict[UUID, QuestionAnswerForm] | None = None,
    evidence_form: EvidenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a case for its reader; a form that was refused keeps what was typed into it."""
    is_own = rules.files(user, nomination)
    if rules.is_nominee(user, nomination) and not is_own:
        cases = [nominee_case(nomination, user)]
        return render(request, "nominations/nomination_mine.html", {"cases": cases}, status=status)
    may_edit = rules.may_edit(user, nomination)
    evidence = list(nomination.evidence.select_related("document"))
    notes = queries.notes_by_topic(nomination)
    context: dict[str, Any] = {
        "nomination": nomination,
        "breadcrumbs": presenting.crumbs_of(user, nomination),
        "status_label": presenting.status_label(nomination),
        "status_tone": presenting.TONES[nomination.status],
        "actions": _case_actions(nomination) if may_edit else [],
        "is_overdue": presenting.is_overdue(nomination, at=timezone.now()),
        "facts": [
            *presenting.case_facts(nomination, with_document=True),
            *presenting.source_facts(user, nomination),
            *presenting.contact_facts(user, nomination),
        ],
        "evidence": [
            presenting.evidence_item(each, may_remove=may_edit, notes=notes.get(str(each.pk), [])) for each in evidence
        ],
        "timeline": presenting.timeline(nomination, user),
        "changes": change_items.section(user, nomination),
        "asked": asked.section(nomination, user),
        "inquiry": question_items.section(user, nomination, form=question_form, answers=answer_forms),
        "may_edit": may_edit,
        "may_withdraw": rules.may_withdraw(user, nomination),
        "decisions": queries.decisions_open_to(user, nomination),
        "appeal": appeal_items.appeal_item(user, nomination),
        "ways": appeal_items.ways_on(user, nomination, at=timezone.now()),
        "rating": rating_item(user, nomination),
        "evidence_form": evidence_form or EvidenceForm() if may_edit else None,
        "required": presenting.required_documents(nomination, evidence),
        "evidence_room": presenting.evidence_room(evidence) if may_edit else None,
        "returned": _returned(nomination) if is_own else None,
        "holder": None if is_own else presenting.holder(user, nomination, at=timezone.now()),
        **_for_officers(user, nomination, review_form, resolution_forms or {}, is_own=is_own),
    }
    return render(request, "nominations/nomination_detail.html", context, status=status)


def nominee_case(nomination: Nomination, user: User) -> dict[str, Any]:
    """Return a case as its nominee reads it."""
    return {
        "number": nomination.number,
        "status_label": presenting.status_label(nomination),
        "status_tone": presenting.TONES[nomination.status],
        "facts": presenting.case_facts(nomination, with_document=False)[1:],
        "timeline": presenting.timeline(nomination, user),
        "decisions": queries.decisions_open_to(user, nomination),
        "appeal": appeal_items.appeal_item(user, nomination),
        "ways": appeal_items.ways_on(user, nomination, at=timezone.now()),
        "rating": rating_item(user, nomination),
    }


def _for_officers(
    user: User,
    nomination: Nomination,
    review_form: ReviewForm | None,
    resolution_forms: dict[UUID, ResolutionForm],
    *,
    is_own: bool,
) -> dict[str, Any]:
    if is_own:
        return {}
    step = presenting.step_of(nomination)
    obstacle = ""
    if step is None or not rules.in_scope(user, nomination, step):
        step = None
    elif rules.has_conflict(user, nomination):
        obstacle = str(ConflictOfInterest())
    elif rules.has_reviewed_other_step(user, nomination, step):
        obstacle = str(ReviewedOtherStep())
    elif rules.has_refused(user, nomination):
        obstacle = str(RefusedBefore())
    elif (taken := presenting.taken_by_another(user, nomination, at=timezone.now())) is not None:
        obstacle = str(taken)
    if step is not None and not obstacle and review_form is None:
        review_form = ReviewForm(
            initial={"step": step, "item": nomination.item_id}, documents=queries.document_topics(nomination)
        )
    stops = presenting.stops(user, nomination)
    may_end = bool(stops) and nomination.status in PAST_REVIEWS and rules.may_settle(user, nomination)
    return {
        "opinions": presenting.opinions(nomination),
        "review_form": None if obstacle or step is None else review_form,
        "obstacle": obstacle,
        "stops": stops,
        "may_recuse": rules.may_recuse(user, nomination) and not rules.has_conflict(user, nomination),
        "shows_integrity": rules.may_read_obstacles(user, nomination),
        "actions": [_rejection(nomination)] if may_end else [],
        "objections": _objections(user, nomination, resolution_forms),
    }


def _rejection(nomination: Nomination) -> dict[str, Any]:
    url = reverse("nominations:stopped-reject", args=[nomination.pk])
    return {"label": _("Reject the nomination"), "url": url, "style": "danger"}


def _objections(user: User, nomination: Nomination, forms: dict[UUID, ResolutionForm]) -> list[dict[str, Any]]:
    if not rules.may_read_objections(user, nomination):
        return []
    may_handle = rules.may_handle_objections(user, nomination)
    items = []
    for objection in queries.objections_to(nomination):
        item = presenting.objection_item(objection)
        if item["is_open"] and may_handle:
            item["form"] = forms.get(objection.pk) or ResolutionForm(prefix=f"objection-{objection.pk}")
        items.append(item)
    return items


def _returned(nomination: Nomination) -> dict[str, Any] | None:
    review = queries.last_return(nomination)
    if review is None:
        return None
    return {"reason": review.reason, "missing": queries.topic_lines(nomination, review.missing)}


def _filtered(cases: NominationQuerySet, wanted: dict[str, str]) -> NominationQuerySet:
    if status := wanted.get("status"):
        cases = cases.filter(status=status)
    if words := wanted.get("q", "").strip():
        # Nobody under secrecy is found by name: a hit would tell.
        by_name = Q(talent__name__icontains=words, talent__is_secret=False)
        cases = cases.filter(Q(number__icontains=words) | by_name)
    return cases


def _list_actions(user: User) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = []
    if rules.is_reviewer(user):
        actions.append({"label": _("To review"), "url": reverse("nominations:nomination-inbox"), "icon": "review"})
    if rules.is_window_clerk(user):
        window = reverse("nominations:window-create")
        actions.append({"label": _("File for a nominator"), "url": window, "icon": "plus"})
    if rules.may_nominate(user):
        actions += [
            {"label": _("New nomination"), "url": reverse("nominations:nomination-create"), "icon": "plus"},
            {
                "label": _("Import a spreadsheet"),
                "url": reverse("nominations:nomination-import"),
                "icon": "upload",
                "style": "secondary",
            },
        ]
    return actions


def _case_actions(nomination: Nomination) -> list[dict[str, Any]]:
    def link(name: str) -> str:
        return reverse(f"nominations:{name}", args=[nomination.pk])

    return [
        {"label": _("Submit"), "url": link("nomination-submit"), "icon": "arrow"},
        {"label": _("Edit"), "url": link("nomination-update"), "style": "secondary"},
        {"label": _("Contact details"), "url": link("nomination-contact"), "style": "secondary"},
    ]
