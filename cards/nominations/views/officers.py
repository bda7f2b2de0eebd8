"""What an officer does: see what waits, decide one case or many, resolve objections."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cards.nominations import operations, queries, rules
from cards.nominations.choices import STATUS_OF_STEP, Outcome, Step
from cards.nominations.forms import BulkForm, InboxFilterForm, ResolutionForm, ReviewForm, show_errors
from cards.nominations.models import Nomination, NominationQuerySet, Objection
from cards.nominations.operations.many import REVIEWS
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in, visible_or_404
from cards.nominations.views.cases import case_page
from talentcard.accounts.models import User
from talentcard.accounts.rules import has_role
from talentcard.casework.operations import RowResult
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.pagination import BoundedPaginator

# A page is what one bulk decision can hold; well below casework's MAX_AT_ONCE.
PAGE_SIZE = 50


@never_cache
@login_required
@require_safe
def nomination_inbox(request: HttpRequest) -> HttpResponse:
    """Show an officer what waits for them, the nearest deadline first."""
    user = signed_in(request)
    if not rules.is_reviewer(user):
        raise NotAllowed
    now, districts = timezone.now(), presenting.district_names()
    form = InboxFilterForm(request.GET, districts=districts, at=now)
    shows_others = request.GET.get("show") == "others"
    waiting = queries.held_by_others(user, at=now) if shows_others else queries.inbox(user, at=now)
    cases = _filtered(waiting, form.cleaned_data if form.is_valid() else {})
    page = BoundedPaginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [presenting.row(nomination, districts, at=now) for nomination in page],
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "shows_others": shows_others,
        "is_second": has_role(user, rules.ROLE_OF_STEP[Step.SECOND]),
        "bulk_actions": [
            {"label": _bulk_label(outcome), "name": "outcome", "value": outcome, "style": style}
            for outcome, style in presenting.OUTCOME_STYLES.items()
        ],
    }
    return render(request, "nominations/nomination_inbox.html", context)


@never_cache
@login_required
@require_POST
def nomination_decide_many(request: HttpRequest) -> HttpResponse:
    """Decide the chosen cases alike, after asking for the reason; say of each what became of it."""
    user = signed_in(request)
    if not rules.is_reviewer(user):
        raise NotAllowed
    chosen = _chosen(request.POST.getlist("selected"))
    outcome = request.POST.get("outcome", "")
    if not chosen or outcome not in Outcome.values:
        messages.warning(request, _("Choose at least one case."))
        return redirect("nominations:nomination-inbox")
    is_confirmed = "confirmed" in request.POST
    form = BulkForm(
        request.POST if is_confirmed else None,
        outcome=outcome,
        asks_agreement=Step.SECOND in chosen.values(),
        initial={"outcome": outcome},
    )
    if is_confirmed and form.is_valid():
        try:
            results = _decide(user, chosen, form)
        except DomainError as error:
            show_errors(form, error)
        else:
            return _result_page(request, results)
    return _confirm_page(request, user, chosen, Outcome(outcome), form)


@never_cache
@login_required
@require_POST
def nomination_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a reviewer's decision; refused, it comes back with what was typed."""
    user = signed_in(request)
    nomination = visible_or_404(user, pk)
    form = ReviewForm(request.POST, documents=queries.document_topics(nomination))
    status = 400
    if form.is_valid():
        step, outcome = Step(form.cleaned_data["step"]), Outcome(form.cleaned_data["outcome"])
        if not rules.in_scope(user, nomination, step):
            raise NotAllowed
        try:
            REVIEWS[step](
                actor=user,
                nomination=nomination,
                outcome=outcome,
                reason=form.cleaned_data["reason"],
                missing=form.missing_items if outcome == Outcome.RETURN else [],
                item_id=form.cleaned_data["item"],
                at=timezone.now(),
                **form.agreement,
            )
        except DomainError as error:
            show_errors(form, error)
            status = error.http_status
            if nomination.status != STATUS_OF_STEP[step]:
                # The form is gone with the step it was for.
                messages.error(request, str(error))
        else:
            messages.success(request, _("Your decision on %(number)s was recorded.") % {"number": nomination.number})
            return redirect("nominations:nomination-inbox")
    return case_page(request, user, visible_or_404(user, pk), review_form=form, status=status)


@never_cache
@login_required
@require_POST
def objection_resolve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Uphold or dismiss an objection, with the reason."""
    user = signed_in(request)
    objection = Objection.objects.select_related("notice__nomination").filter(pk=pk).first()
    if objection is None:
        raise Http404
    nomination = visible_or_404(user, objection.notice.nomination_id)
    if not rules.may_handle_objections(user, nomination):
        raise NotAllowed
    form = ResolutionForm(request.POST, prefix=f"objection-{objection.pk}")
    status = 400
    if form.is_valid():
        try:
            operations.resolve_objection(
                actor=user,
                objection=objection,
                is_upheld=form.cleaned_data["decision"] == "uphold",
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, str(error))
            status = error.http_status
        else:
            messages.success(request, _("The objection was resolved."))
            return redirect(nomination)
    return case_page(request, user, nomination, resolution_forms={objection.pk: form}, status=status)


def _filtered(cases: NominationQuerySet, wanted: dict[str, str]) -> NominationQuerySet:
    if step := wanted.get("step"):
        cases = cases.filter(status=STATUS_OF_STEP[Step(step)])
    if basis := wanted.get("basis"):
        cases = cases.filter(basis__code=basis)
    if tier := wanted.get("tier"):
        cases = cases.filter(tier__code=tier)
    if district := wanted.get("district"):
        cases = cases.filter(district=district)
    return cases


def _chosen(keys: list[str]) -> dict[UUID, Step]:
    """Read "step:id" of each ticked row; what is neither is no row of ours."""
    chosen = {}
    for key in keys:
        step, _colon, pk = key.partition(":")
        try:
            chosen[UUID(pk)] = Step(step)
        except ValueError:
            continue
    return chosen


def _decide(user: User, chosen: dict[UUID, Step], form: BulkForm) -> list[RowResult]:
    results: list[RowResult] = []
    for step in Step:
        ids = [pk for pk, seen_at in chosen.items() if seen_at == step]
        if ids:
            results += operations.decide_many(
                actor=user,
                step=step,
                nomination_ids=ids,
                outcome=Outcome(form.cleaned_data["outcome"]),
                reason=form.cleaned_data["reason"],
                missing=form.missing_items,
                at=timezone.now(),
                **(form.agreement if step == Step.SECOND else {}),
            )
    return results


def _confirm_page(
    request: HttpRequest, user: User, chosen: dict[UUID, Step], outcome: Outcome, form: BulkForm
) -> HttpResponse:
    cases = queries.visible_to(user).filter(pk__in=chosen)
    hidden = [{"name": "selected", "value": f"{step}:{pk}"} for pk, step in chosen.items()]
    context = {
        "form": form,
        "title": _bulk_question(outcome, len(chosen)),
        "confirm_label": _bulk_label(outcome),
        "confirm_style": "danger" if outcome == Outcome.REJECT else "primary",
        "items": [_as_item(nomination) for nomination in cases],
        "hidden": [*hidden, {"name": "confirmed", "value": "1"}],
        "breadcrumbs": [presenting.crumb_inbox()],
    }
    return render(request, "nominations/nomination_decide_many.html", context, status=400 if form.is_bound else 200)


def _result_page(request: HttpRequest, results: list[RowResult]) -> HttpResponse:
    failed = sum(not result.ok for result in results)
    items = [
        {
            "title": result.number or _("Unknown case"),
            "text": "" if result.error is None else str(result.error),
            "status_label": _("Decided") if result.ok else _("Not decided"),
            "status_tone": "good" if result.ok else "bad",
        }
        for result in sorted(results, key=lambda result: result.ok)
    ]
    context = {
        "items": items,
        "decided": len(results) - failed,
        "failed": failed,
        "breadcrumbs": [presenting.crumb_inbox()],
    }
    return render(request, "nominations/nomination_decided.html", context)


def _as_item(nomination: Nomination) -> dict[str, Any]:
    return {
        "title": nomination.number,
        "meta": [presenting.listed_name(nomination), nomination.basis.name, str(nomination.tier)],
        "status_label": presenting.status_label(nomination),
        "status_tone": presenting.TONES[nomination.status],
    }


def _bulk_label(outcome: Outcome) -> str:
    return {
        Outcome.PASS: _("Pass"),
        Outcome.RETURN: _("Return for correction"),
        Outcome.REJECT: _("Reject"),
    }[outcome]


def _bulk_question(outcome: Outcome, count: int) -> str:
    question = {
        Outcome.PASS: ngettext("Pass %(count)s case?", "Pass %(count)s cases?", count),
        Outcome.RETURN: ngettext("Return %(count)s case?", "Return %(count)s cases?", count),
        Outcome.REJECT: ngettext("Reject %(count)s case?", "Reject %(count)s cases?", count),
    }[outcome]
    return question % {"count": count}
