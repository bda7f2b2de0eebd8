"""What a department's officer sees: the inbox, and the steps of a decision."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from services.perks import operations, queries, registry, rules
from services.perks.forms import ReasonForm, show_errors
from services.perks.models import PerkRequest
from services.perks.registry import GrantForm
from services.perks.views import presenting
from services.perks.views.holder import visible_or_404
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed


@login_required
@require_safe
def request_inbox(request: HttpRequest) -> HttpResponse:
    """Show the open requests of the reader's scope, the most urgent first."""
    user = _reader(request)
    if not rules.is_officer(user):
        raise NotAllowed
    page = Paginator(queries.inbox_of(user), 25).get_page(request.GET.get("page"))
    items = [presenting.request_item(entry, with_holder=True) for entry in page]
    return render(request, "perks/request_inbox.html", {"page": page, "items": items})


@login_required
@require_POST
def request_accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a request on."""
    operations.accept_request(actor=_reader(request), request_id=pk, at=timezone.now())
    messages.success(request, _("The request was accepted."))
    return redirect("perks:request-detail", pk=pk)


@login_required
@require_POST
def request_start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin to handle a request."""
    operations.start_request(actor=_reader(request), request_id=pk, at=timezone.now())
    messages.success(request, _("The request is in progress."))
    return redirect("perks:request-detail", pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Grant a request, after choosing what is granted."""
    user = _reader(request)
    entry = _handled_or_refused(user, pk)
    perk = registry.get(entry.perk)
    form = (perk.grant_form or GrantForm)(request.POST if request.method == "POST" else None, request=entry)
    if request.method == "POST" and form.is_valid():
        try:
            operations.grant_request(actor=user, request_id=pk, details=form.cleaned_data, at=timezone.now())
        except InvalidInput as error:
            show_errors(form, error)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The request was granted."))
            return redirect("perks:request-detail", pk=pk)
    return _decision_page(request, entry, form, template="perks/request_grant.html")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decline a request, saying why."""
    user = _reader(request)
    entry = _handled_or_refused(user, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        operations.decline_request(actor=user, request_id=pk, reason=form.cleaned_data["reason"], at=timezone.now())
        messages.success(request, _("The request was declined."))
        return redirect("perks:request-detail", pk=pk)
    return _decision_page(request, entry, form, template="perks/request_decline.html")


def _decision_page(
    request: HttpRequest, entry: PerkRequest, form: GrantForm | ReasonForm, *, template: str
) -> HttpResponse:
    perk = registry.get(entry.perk)
    facts = [*presenting.request_facts(entry, is_own=False), *perk.request_facts(entry)]
    crumbs = [presenting.crumb_inbox(), presenting.crumb_entry(entry)]
    status = 400 if form.is_bound else 200
    back = presenting.crumb_entry(entry)["url"]
    context = {"entry": entry, "perk": perk, "form": form, "facts": facts, "breadcrumbs": crumbs, "back_url": back}
    return render(request, template, context, status=status)


def _handled_or_refused(user: User, pk: UUID) -> PerkRequest:
    entry = visible_or_404(user, pk)
    if not rules.may_handle(user, entry):
        raise NotAllowed
    return entry


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # login_required let nobody else in
    return request.user
