"""What an office has left to others, and what was left to it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cards.nominations import operations, rules
from cards.nominations.forms import DelegationForm, show_errors
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in
from talentcard.accounts.choices import Role
from talentcard.accounts.models import Delegation, User
from talentcard.accounts.rules import is_auditor, may_delegate
from talentcard.casework import queries as casework
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.pagination import BoundedPaginator

PAGE_SIZE = 50
STEP_OF_ROLE = {role: step for step, role in rules.ROLE_OF_STEP.items()}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Show an office what it has delegated and received; its head delegates a step here."""
    user, now = signed_in(request), timezone.now()
    if not (may_delegate(user) or rules.is_reviewer(user) or is_auditor(user)):
        raise NotAllowed
    form = None
    if user.organisation is not None and may_delegate(user):
        form = DelegationForm(request.POST or None, own_office=user.organisation)
    if request.method == "POST":
        if form is None:
            raise NotAllowed
        if form.is_valid() and _delegated(user, form, now):
            messages.success(request, _("The step was delegated; both offices are told."))
            return redirect("nominations:delegation-list")
    page = BoundedPaginator(casework.delegations_seen_by(user), PAGE_SIZE).get_page(request.GET.get("page"))
    districts = presenting.district_names()
    context = {
        "form": form,
        "page": page,
        "items": [_item(each, user, districts, now) for each in page],
    }
    status = 400 if form is not None and form.errors else 200
    return render(request, "nominations/delegation_list.html", context, status=status)


@never_cache
@login_required
@require_POST
def delegation_take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a step back."""
    user = signed_in(request)
    delegation = get_object_or_404(casework.delegations_seen_by(user), pk=pk)
    try:
        operations.take_step_back(actor=user, delegation=delegation, at=timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The step is with your office again; both offices are told."))
    return redirect("nominations:delegation-list")


def _delegated(user: User, form: DelegationForm, at: dt.datetime) -> bool:
    try:
        operations.delegate_step(actor=user, at=at, **form.delegation(at=at))
    except DomainError as error:
        show_errors(form, error)
        return False
    return True


def _item(delegation: Delegation, user: User, districts: dict[str, str], at: dt.datetime) -> dict[str, Any]:
    label, tone = _state(delegation, at)
    is_open = not delegation.has_ended(at) and delegation.withdrawn_at is None
    is_ours = delegation.from_office_id == user.organisation_id
    until = delegation.withdrawn_at or delegation.valid_until
    return {
        "pk": delegation.pk,
        "title": f"{delegation.from_office.name} → {delegation.to_office.name}",
        "meta": [
            capfirst(STEP_OF_ROLE[Role(delegation.role)].label),
            districts.get(delegation.district, delegation.district) or _("All districts and parks"),
            delegation.tier or _("All tiers"),
            f"{presenting.moment(delegation.valid_from)} – {presenting.moment(until)}",
        ],
        "reason": delegation.reason,
        "status_label": label,
        "status_tone": tone,
        "may_take_back": is_open and is_ours and may_delegate(user),
    }


def _state(delegation: Delegation, at: dt.datetime) -> tuple[str, str]:
    if delegation.withdrawn_at is not None:
        return _("Taken back"), "neutral"
    if delegation.has_ended(at):
        return _("Ended"), "neutral"
    return (_("In force"), "good") if delegation.has_begun(at) else (_("To come"), "info")
