"""What a holder sees: the perks and why they are open or not, and the requests made."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from services.perks import operations, queries, registry, rules
from services.perks.choices import DECIDED
from services.perks.eligibility import Eligibility, evaluate
from services.perks.forms import show_errors
from services.perks.models import PerkRequest
from services.perks.registry import Perk, PerkUnknown
from services.perks.views import presenting
from talentcard.accounts.models import User
from talentcard.casework.forms import RatingForm
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed


@never_cache
@login_required
@require_safe
def perk_list(request: HttpRequest) -> HttpResponse:
    """Show every perk with what it asks for, those open to the reader first."""
    context = queries.context_of(queries.holder_of(_reader(request)), at=timezone.now())
    judged = queries.catalogue(context)
    return render(
        request,
        "perks/perk_list.html",
        {
            "card": context.card,
            "open_items": [presenting.perk_item(entry) for entry in judged if entry.is_open],
            "closed_items": [presenting.perk_item(entry) for entry in judged if not entry.is_open],
        },
    )


@never_cache
@login_required
@require_safe
def perk_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a perk: what it is, what it asks for, and the way to it."""
    perk = _perk_or_404(slug)
    user = _reader(request)
    context = queries.context_of(queries.holder_of(user), at=timezone.now())
    eligibility = evaluate(perk=perk, context=context)
    own = [presenting.request_item(entry) for entry in queries.requests_of(user).filter(perk=slug)[:5]]
    return render(
        request,
        "perks/perk_detail.html",
        {
            "perk": perk,
            "eligibility": eligibility,
            "facts": [*perk.facts(context), *_quota_facts(eligibility)],
            "conditions": [presenting.condition_item(condition) for condition in eligibility.conditions],
            "requests": own,
            "breadcrumbs": [presenting.crumb_perks()],
        },
    )


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def request_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a perk."""
    perk = _perk_or_404(slug)
    if perk.request_form is None:
        raise Http404
    user, at = _reader(request), timezone.now()
    context = queries.context_of(queries.holder_of(user), at=at)
    if not evaluate(perk=perk, context=context).is_open:
        # Its page says why.
        return redirect("perks:perk-detail", slug=slug)
    form = perk.request_form(request.POST or None, context=context)
    if request.method == "POST" and form.is_valid():
        try:
            filed = operations.submit_request(actor=user, perk=slug, details=form.cleaned_data, at=at)
        except InvalidInput as error:
            show_errors(form, error)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Your request %(number)s was received.") % {"number": filed.number})
            return redirect("perks:request-detail", pk=filed.pk)
    crumbs = [presenting.crumb_perks(), presenting.crumb_perk(perk)]
    status = 400 if form.is_bound else 200
    context_data = {"perk": perk, "form": form, "breadcrumbs": crumbs, "working_days": queries.working_days(perk)}
    return render(request, "perks/request_form.html", context_data, status=status)


@login_required
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """Show the reader's own requests, newest first."""
    page = Paginator(queries.requests_of(_reader(request)), 25).get_page(request.GET.get("page"))
    items = [presenting.request_item(entry) for entry in page]
    return render(
        request, "perks/request_list.html", {"page": page, "items": items, "breadcrumbs": [presenting.crumb_perks()]}
    )


@never_cache
@login_required
@require_safe
def request_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a request to its holder and to those who handle it."""
    user = _reader(request)
    entry = visible_or_404(user, pk)
    is_own = rules.is_holder(user, entry)
    may_handle = rules.may_handle(user, entry)
    perk = registry.get(entry.perk)
    return render(
        request,
        "perks/request_detail.html",
        {
            "perk": perk,
            "entry": entry,
            "status_tone": presenting.tone(entry),
            "facts": [*presenting.request_facts(entry, is_own=is_own), *perk.request_facts(entry)],
            "timeline": presenting.timeline(entry, is_own=is_own),
            "may_withdraw": is_own and entry.is_open,
            "may_rate": is_own and entry.status in DECIDED and queries.rating_of(entry) is None,
            "next_steps": presenting.next_steps(entry) if may_handle else [],
            "breadcrumbs": [presenting.crumb_requests() if is_own else presenting.crumb_inbox()],
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own request back, after being asked once more."""
    user = _reader(request)
    entry = visible_or_404(user, pk)
    if not rules.is_holder(user, entry):
        raise NotAllowed
    if request.method == "POST":
        operations.withdraw_request(actor=user, request_id=pk, at=timezone.now())
        messages.success(request, _("Your request was withdrawn."))
        return redirect("perks:request-detail", pk=pk)
    return render(
        request, "perks/request_withdraw.html", {"entry": entry, "breadcrumbs": [presenting.crumb_entry(entry)]}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_rate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rate how a request was handled."""
    user = _reader(request)
    entry = visible_or_404(user, pk)
    if not rules.is_holder(user, entry):
        raise NotAllowed
    form = RatingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.rate_request(actor=user, request_id=pk, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. Your rating was recorded."))
        return redirect("perks:request-detail", pk=pk)
    status = 400 if form.is_bound else 200
    context = {"entry": entry, "form": form, "breadcrumbs": [presenting.crumb_entry(entry)]}
    return render(request, "perks/request_rate.html", context, status=status)


def visible_or_404(user: User, pk: UUID) -> PerkRequest:
    """Return a request if the user may read it; for others it does not exist."""
    entry = queries.requests().filter(pk=pk).first()
    if entry is None or not rules.may_see(user, entry):
        raise Http404
    return entry


def _perk_or_404(slug: str) -> Perk:
    try:
        return registry.get(slug)
    except PerkUnknown as error:
        raise Http404 from error


def _quota_facts(eligibility: Eligibility) -> list[dict[str, Any]]:
    quota = eligibility.quota
    if quota is None:
        return []
    value = _("%(left)s of %(limit)s") % {"left": eligibility.remaining, "limit": quota.limit}
    return [{"label": _("Uses left in %(period)s") % {"period": quota.period}, "value": value}]


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # login_required let nobody else in
    return request.user
