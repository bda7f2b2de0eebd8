"""Direct issues: what waits for a second officer, one proposal, one case, decisions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.nominations import direct_rules as rules
from cards.nominations import operations, queries
from cards.nominations.choices import DirectIssueStatus
from cards.nominations.forms import show_errors
from cards.nominations.forms.direct import DirectDecisionForm, DirectForm
from cards.nominations.models import DirectEvidence, DirectIssue
from cards.nominations.nearness import is_too_near
from cards.nominations.views import presenting, sheets
from cards.nominations.views import presenting_direct as show
from cards.nominations.views.access import signed_in
from cards.nominations.views.nominators import PERSONAL
from talentcard.accounts.models import User
from talentcard.casework import queries as casework
from talentcard.casework.operations import RowResult
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.documents.responses import private_file

PAGE_SIZE = 50


@never_cache
@login_required
@require_safe
def direct_list(request: HttpRequest) -> HttpResponse:
    """Show an issuer what waits for them; with `?show=all`, everything of their scope."""
    user, now = _reader(request), timezone.now()
    shows_all = request.GET.get("show") == "all" or not rules.is_issuer(user)
    cases = queries.direct_issues_visible_to(user) if shows_all else queries.direct_inbox(user, at=now)
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    districts = presenting.district_names()
    context = {
        "page": page,
        "rows": [show.row(case, districts, at=now) for case in page],
        "shows_all": shows_all,
        "is_issuer": rules.is_issuer(user),
        "actions": show.list_actions() if rules.is_issuer(user) else [],
        "bulk_actions": show.bulk_actions(),
        "sheets": [] if shows_all else sheets.waiting_items(user),
    }
    return render(request, "nominations/direct_list.html", context)


@never_cache
@login_required
@sensitive_post_parameters(*PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def direct_create(request: HttpRequest) -> HttpResponse:
    """Propose to give a person a card directly."""
    user, now = _issuer(request), timezone.now()
    bases = list(queries.direct_bases(now))
    form = DirectForm(request.POST or None, request.FILES or None, bases=bases)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            case = operations.propose_direct_issue(
                actor=user, person=form.nominee, proposal=form.proposal, uploads=form.uploads, at=now
            )
        except NotAllowed:
            raise
        except DomainError as error:
            show_errors(form, error)
            status = error.http_status
        else:
            messages.success(request, _("%(number)s waits for a second officer.") % {"number": case.number})
            return redirect(case)
    context = {
        "form": form,
        "documents": presenting.basis_documents(bases),
        "breadcrumbs": [show.crumb_list()],
    }
    return render(request, "nominations/direct_create.html", context, status=status)


@never_cache
@login_required
@require_safe
def direct_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a direct issue: who, on which entry of which list, with which documents."""
    user = _reader(request)
    return _case_page(request, user, _visible_or_404(user, pk))


@never_cache
@login_required
@require_POST
def direct_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm or refuse what another officer proposed; refused, it comes back with what was typed."""
    user = _issuer(request)
    case = _visible_or_404(user, pk)
    form = DirectDecisionForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            if request.POST.get("decision") == "confirm":
                operations.confirm_direct_issue(actor=user, case=case, at=timezone.now())
            else:
                operations.refuse_direct_issue(
                    actor=user, case=case, reason=form.cleaned_data["reason"], at=timezone.now()
                )
        except NotAllowed:
            raise
        except DomainError as error:
            show_errors(form, error)
            status = error.http_status
        else:
            messages.success(request, _("Your decision on %(number)s was recorded.") % {"number": case.number})
            return redirect("nominations:direct-list")
    return _case_page(request, user, _visible_or_404(user, pk), form=form, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def direct_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back what one has proposed, after asking."""
    user = _issuer(request)
    case = _visible_or_404(user, pk)
    if case.proposed_by_id != user.pk:
        raise NotAllowed
    if request.method == "POST":
        operations.withdraw_direct_issue(actor=user, case=case, at=timezone.now())
        messages.success(request, _("%(number)s was withdrawn.") % {"number": case.number})
        return redirect(case)
    context = {
        "case": case,
        "facts": show.facts(case),
        "breadcrumbs": [show.crumb_list(), show.crumb_case(case)],
        "cancel_url": case.get_absolute_url(),
    }
    return render(request, "nominations/direct_withdraw.html", context)


@never_cache
@login_required
@require_POST
def direct_decide_many(request: HttpRequest) -> HttpResponse:
    """Decide the chosen direct issues alike, after asking; say of each what became of it."""
    user = _issuer(request)
    chosen = list(dict.fromkeys(_uuids(request.POST.getlist("selected"))))
    decision = request.POST.get("decision", "")
    if not chosen or decision not in ("confirm", "refuse"):
        messages.warning(request, _("Choose at least one case."))
        return redirect("nominations:direct-list")
    form = DirectDecisionForm(request.POST if "confirmed" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            results = operations.decide_direct_issues(
                actor=user,
                case_ids=chosen,
                is_confirmed=decision == "confirm",
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except DomainError as error:
            show_errors(form, error)
        else:
            return _result_page(request, results)
    return _confirm_page(request, user, chosen, decision, form)


@login_required
@require_safe
def direct_evidence(request: HttpRequest, pk: UUID) -> FileResponse:
    """Hand out a document of a direct issue to those who may read it."""
    user = _reader(request)
    evidence = DirectEvidence.objects.select_related("document").filter(pk=pk).first()
    if evidence is None:
        raise Http404
    case = _visible_or_404(user, evidence.direct_issue_id)
    return private_file(operations.read_direct_evidence(actor=user, case=case, evidence=evidence))


def _reader(request: HttpRequest) -> User:
    user = signed_in(request)
    if not rules.may_read_any(user):
        raise NotAllowed
    return user


def _issuer(request: HttpRequest) -> User:
    user = signed_in(request)
    if not rules.is_issuer(user):
        raise NotAllowed
    return user


def _visible_or_404(user: User, pk: UUID) -> DirectIssue:
    case = queries.direct_issues_visible_to(user).filter(pk=pk).first()
    if case is None:
        raise Http404
    return case


def _case_page(
    request: HttpRequest, user: User, case: DirectIssue, *, form: DirectDecisionForm | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    obstacle = show.obstacle(user, case, at=now)
    is_waiting = case.status == DirectIssueStatus.PROPOSED
    is_own = case.proposed_by_id == user.pk
    may_decide = is_waiting and not is_own and rules.in_scope(user, case) and not obstacle
    context: dict[str, Any] = {
        "case": case,
        "status_label": show.status_label(case),
        "status_tone": show.TONES[case.status],
        "facts": show.facts(case),
        "evidence": [show.evidence_item(each) for each in case.evidence.select_related("document")],
        "timeline": show.timeline(case),
        "obstacle": obstacle if is_waiting else "",
        "form": form or DirectDecisionForm() if may_decide else None,
        "may_withdraw": is_waiting and is_own and rules.is_issuer(user),
        "may_recuse": rules.in_scope(user, case) and not is_too_near(user, case.talent),
        "decisions": casework.decisions_about([case.pk]),
        "holder": show.holder(user, case, at=now),
        "breadcrumbs": [show.crumb_list()],
    }
    return render(request, "nominations/direct_detail.html", context, status=status)


def _confirm_page(
    request: HttpRequest, user: User, chosen: list[UUID], decision: str, form: DirectDecisionForm
) -> HttpResponse:
    confirms = decision == "confirm"
    count = len(chosen)
    question = (
        ngettext("Confirm %(count)s direct issue?", "Confirm %(count)s direct issues?", count)
        if confirms
        else ngettext("Refuse %(count)s direct issue?", "Refuse %(count)s direct issues?", count)
    )
    cases = queries.direct_issues_visible_to(user).filter(pk__in=chosen)
    context = {
        "title": question % {"count": count},
        "text": _("Each is decided for itself: one that cannot be decided does not hold up the others."),
        "confirm_form": None if confirms else form,
        "confirm_label": _("Confirm") if confirms else _("Refuse"),
        "confirm_style": "primary" if confirms else "danger",
        "items": [show.list_item(case) for case in cases],
        "hidden": [
            *({"name": "selected", "value": pk} for pk in chosen),
            {"name": "decision", "value": decision},
            {"name": "confirmed", "value": "1"},
        ],
        "cancel_url": reverse("nominations:direct-list"),
        "breadcrumbs": [show.crumb_list()],
    }
    return render(request, "nominations/direct_confirm.html", context, status=400 if form.is_bound else 200)


def _result_page(request: HttpRequest, results: list[RowResult]) -> HttpResponse:
    items = [
        {
            "title": result.number or _("Unknown case"),
            "text": "" if result.error is None else str(result.error),
            "status_label": _("Decided") if result.ok else _("Not decided"),
            "status_tone": "good" if result.ok else "bad",
        }
        for result in sorted(results, key=lambda result: result.ok)
    ]
    return show.result_page(request, capfirst(_("Result")), items, failed=sum(not result.ok for result in results))


def _uuids(values: Iterable[str]) -> Iterable[UUID]:
    for value in values:
        try:
            yield UUID(value)
        except ValueError:
            continue
