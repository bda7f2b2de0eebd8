"""Officers who take no part in a person's cases: declared by them or by the head of the office, withdrawn by a head."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cards.nominations import direct_rules, operations, queries, rules
from cards.nominations.forms import OfficeRecusalForm, RecusalForm, show_errors
from cards.nominations.models import DirectIssue, Nomination, Recusal
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in, visible_or_404
from talentcard.accounts.models import User
from talentcard.accounts.rules import is_auditor, is_head
from talentcard.casework.queries import possible_deputies
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.pagination import BoundedPaginator

PAGE_SIZE = 50


@never_cache
@login_required
@sensitive_post_parameters("relation", "reason")
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_recuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an officer's word that they are too near to a case's nominee."""
    user = signed_in(request)
    nomination = visible_or_404(user, pk)
    if not rules.may_recuse(user, nomination):
        raise NotAllowed
    return _declare_own(request, user, nomination, "nominations:nomination-inbox")


@never_cache
@login_required
@sensitive_post_parameters("relation", "reason")
@require_http_methods(["GET", "HEAD", "POST"])
def direct_recuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an issuer's word that they are too near to the person of a direct issue."""
    user = signed_in(request)
    case = queries.direct_issues_visible_to(user).filter(pk=pk).first()
    if case is None:
        raise Http404
    if not direct_rules.in_scope(user, case):
        raise NotAllowed
    return _declare_own(request, user, case, "nominations:direct-list")


@never_cache
@login_required
@sensitive_post_parameters("relation", "reason")
@require_http_methods(["GET", "HEAD", "POST"])
def recusal_list(request: HttpRequest) -> HttpResponse:
    """Show the recusals a user reads; the head of an office declares one for its people here."""
    user = signed_in(request)
    if not (rules.is_reviewer(user) or direct_rules.is_issuer(user) or is_head(user) or is_auditor(user)):
        raise NotAllowed
    form = OfficeRecusalForm(request.POST or None, people=possible_deputies(user)) if is_head(user) else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed
        if form.is_valid() and _declared_for_another(user, form):
            messages.success(request, _("The recusal is on record; the officer is told."))
            return redirect("nominations:recusal-list")
    page = BoundedPaginator(queries.recusals_seen_by(user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "items": [_item(each, user) for each in page], "form": form}
    status = 400 if form is not None and form.errors else 200
    return render(request, "nominations/recusal_list.html", context, status=status)


@never_cache
@login_required
@require_POST
def recusal_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a recusal."""
    user = signed_in(request)
    recusal = get_object_or_404(queries.recusals_seen_by(user), pk=pk)
    try:
        operations.withdraw_recusal(actor=user, recusal=recusal, at=timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The recusal was withdrawn; the officer is told."))
    return redirect("nominations:recusal-list")


def _declare_own(request: HttpRequest, user: User, case: Nomination | DirectIssue, then: str) -> HttpResponse:
    form = RecusalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            operations.declare_recusal(actor=user, officer=user, case=case, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("This is on record: you take no part in this person's cases."))
            return redirect(then)
    context = {"case": case, "form": form, "breadcrumbs": [presenting.crumb_case(case)]}
    return render(request, "nominations/recusal_declare.html", context, status=400 if form.errors else 200)


def _declared_for_another(user: User, form: OfficeRecusalForm) -> bool:
    data = dict(form.cleaned_data)
    try:
        case = queries.case_numbered(data.pop("number"))
        operations.declare_recusal(actor=user, case=case, at=timezone.now(), **data)
    except DomainError as error:
        show_errors(form, error)
        return False
    return True


def _item(recusal: Recusal, user: User) -> dict[str, Any]:
    before: int = recusal.decisions_before  # type: ignore[attr-defined]  # annotated by the query
    notes = [_("declared by %(name)s") % {"name": recusal.declared_by}, presenting.moment(recusal.declared_at)]
    if before:
        notes.append(ngettext("%(count)s decision before", "%(count)s decisions before", before) % {"count": before})
    if recusal.withdrawn_at is not None:
        notes.append(_("withdrawn %(at)s") % {"at": presenting.moment(recusal.withdrawn_at)})
    return {
        "pk": recusal.pk,
        "title": f"{recusal.officer} · {recusal.number}",
        "relation": recusal.relation_label,
        "reason": recusal.reason,
        "meta": notes,
        "is_standing": recusal.withdrawn_at is None,
        "may_withdraw": recusal.withdrawn_at is None and rules.may_withdraw_recusal(user, recusal),
    }
