"""Take work on, pass it on, say when one is away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentcard.accounts.models import User
from talentcard.accounts.rules import is_head
from talentcard.casework import operations, queries, rules
from talentcard.casework.forms import AbsenceForm, HandOverForm
from talentcard.casework.models import Absence, WorkItem
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.pagination import BoundedPaginator

PAGE_SIZE = 50


@never_cache
@login_required
@require_POST
def item_claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an item on."""
    return _act(request, pk, operations.claim, _("You have it now."))


@never_cache
@login_required
@require_POST
def item_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an item back for all."""
    return _act(request, pk, operations.release, _("It is free now."))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def item_hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an item to somebody who may act on it."""
    user, item = _found(request, pk)
    if not rules.may_direct(user, item):
        raise NotAllowed
    form = HandOverForm(request.POST or None, people=queries.officers_of(item, at=timezone.now()))
    if request.method == "POST" and form.is_valid():
        try:
            operations.hand_over(actor=user, item=item, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(number)s was handed over.") % {"number": item.number})
            return redirect(item)
    context = {
        "form": form,
        "item": item,
        "handovers": [_as_step(step) for step in item.handovers.select_related("to_user", "by")],
        "breadcrumbs": [{"label": item.number, "url": item.get_absolute_url()}],
    }
    return render(request, "casework/item_hand_over.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """Show the head of an office everything that lies with it, the most urgent first."""
    user = _signed_in(request)
    if not is_head(user):
        raise NotAllowed
    now = timezone.now()
    page = BoundedPaginator(queries.of_office(user, at=now), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "casework/office.html", {"page": page, "rows": [_as_row(item, now) for item in page]})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def absence_list(request: HttpRequest) -> HttpResponse:
    """Show and enter the days on which the reader, or somebody of the office they head, is away."""
    user, now = _signed_in(request), timezone.now()
    people = queries.may_declare_for(user)
    form = AbsenceForm(
        request.POST or None, people=people, deputies=queries.possible_deputies(user), initial={"user": user.pk}
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.declare_absence(actor=user, at=now, **form.cleaned_data)
        except InvalidInput as error:
            for fault in error.errors:
                form.add_error(fault.field, str(fault.message))
        else:
            messages.success(request, _("The days were entered."))
            return redirect("casework:absence-list")
    items = [_as_absence(each) for each in queries.coming_absences(people, at=now)]
    return render(
        request, "casework/absence_list.html", {"form": form, "items": items}, status=400 if form.errors else 200
    )


@never_cache
@login_required
@require_POST
def absence_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an absence back."""
    user = _signed_in(request)
    absence = Absence.objects.filter(pk=pk, user__in=queries.may_declare_for(user)).first()
    if absence is None:
        raise Http404
    operations.cancel_absence(actor=user, absence=absence, at=timezone.now())
    messages.success(request, _("The days were taken back."))
    return redirect("casework:absence-list")


def _found(request: HttpRequest, pk: UUID) -> tuple[User, WorkItem]:
    """Return the reader and an item they know of: of their scope, or of the office they head."""
    user = _signed_in(request)
    item = WorkItem.objects.select_related("assignee").filter(pk=pk).first()
    if item is None or not rules.may_see(user, item):
        raise Http404
    return user, item


def _act(request: HttpRequest, pk: UUID, operation: Callable[..., WorkItem], told: str) -> HttpResponse:
    user, item = _found(request, pk)
    try:
        operation(actor=user, item=item, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return redirect(item)


def _as_row(item: WorkItem, now: Any) -> dict[str, Any]:
    return {
        "number": item.number,
        "url": item.get_absolute_url(),
        "title": capfirst(item.title),
        "officer": str(item.assignee) if item.assignee else "",
        "since": _moment(item.opened_at),
        "due": _moment(item.due_at) if item.due_at else "",
        "is_overdue": item.is_overdue(now),
        "pk": item.pk,
    }


def _as_step(step: Any) -> dict[str, Any]:
    return {
        "title": str(step.to_user) if step.to_user else _("Free for all"),
        "tone": "neutral",
        "when": timezone.localtime(step.at),
        "who": str(step.by),
        "note": step.reason,
    }


def _as_absence(absence: Absence) -> dict[str, Any]:
    return {
        "pk": absence.pk,
        "who": str(absence.user),
        "days": f"{absence.first_day:%Y-%m-%d} – {absence.last_day:%Y-%m-%d}",
        "deputy": str(absence.deputy) if absence.deputy else "",
    }


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i")


def _signed_in(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed
    return request.user
