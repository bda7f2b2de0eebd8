"""What an officer does with the cases that wait for their public notice: release many together."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cards.nominations import operations, queries, rules
from cards.nominations.choices import Step
from cards.nominations.forms import ReleaseForm, show_errors
from cards.nominations.models import Nomination, NoticeRelease
from cards.nominations.operations import NothingToRelease
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in
from talentcard.accounts.models import User
from talentcard.accounts.rules import has_role
from talentcard.casework.operations import RowResult
from talentcard.core.errors import DomainError, NotAllowed


@never_cache
@login_required
@require_safe
def release_waiting(request: HttpRequest) -> HttpResponse:
    """Show a second reviewer the cases that may be put under public notice."""
    user, now = _second_reviewer(request), timezone.now()
    districts = presenting.district_names()
    # A page is what one release can hold.
    waiting = queries.waiting_for_release(user, at=now)
    page = Paginator(waiting, operations.MAX_IN_RELEASE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [presenting.release_row(nomination, districts, at=now) for nomination in page],
        "bulk_actions": [{"label": _("Release for public notice"), "style": "primary"}],
        "breadcrumbs": [presenting.crumb_inbox()],
    }
    return render(request, "nominations/release_waiting.html", context)


@never_cache
@login_required
@require_POST
def release_create(request: HttpRequest) -> HttpResponse:
    """Release the chosen cases, after showing what that makes public; say of each what became of it."""
    user = _second_reviewer(request)
    chosen = _chosen(request.POST.getlist("selected"))
    if not chosen:
        messages.warning(request, _("Choose at least one case."))
        return redirect("nominations:release-waiting")
    is_confirmed = "confirmed" in request.POST
    form = ReleaseForm(request.POST if is_confirmed else None)
    if is_confirmed and form.is_valid():
        try:
            made = operations.release_notices(actor=user, nomination_ids=chosen, at=timezone.now(), **form.cleaned_data)
        except NothingToRelease as error:
            return _result_page(request, None, error.rows, status=error.http_status)
        except DomainError as error:
            show_errors(form, error)
        else:
            return _result_page(request, made.release, made.rows)
    return _confirm_page(request, user, chosen, form)


def _second_reviewer(request: HttpRequest) -> User:
    user = signed_in(request)
    if not has_role(user, rules.ROLE_OF_STEP[Step.SECOND]):
        raise NotAllowed
    return user


def _chosen(keys: list[str]) -> list[UUID]:
    """Return the keys of the ticked rows; what is none is no row of ours."""
    chosen = []
    for key in keys:
        try:
            chosen.append(UUID(key))
        except ValueError:
            continue
    return list(dict.fromkeys(chosen))


def _confirm_page(request: HttpRequest, user: User, chosen: list[UUID], form: ReleaseForm) -> HttpResponse:
    cases = queries.waiting_for_release(user, at=timezone.now()).filter(pk__in=chosen)
    context = {
        "form": form,
        "count": len(chosen),
        "items": [_as_item(nomination) for nomination in cases],
        "hidden": [
            *({"name": "selected", "value": str(pk)} for pk in chosen),
            {"name": "confirmed", "value": "1"},
        ],
        "breadcrumbs": [presenting.crumb_inbox(), presenting.crumb_waiting()],
    }
    return render(request, "nominations/release_create.html", context, status=400 if form.is_bound else 200)


def _result_page(
    request: HttpRequest, release: NoticeRelease | None, rows: Sequence[RowResult], *, status: int = 200
) -> HttpResponse:
    items = [
        {
            "title": row.number or _("Unknown case"),
            "text": "" if row.error is None else str(row.error),
            "status_label": _("Under public notice") if row.ok else _("Left out"),
            "status_tone": "good" if row.ok else "bad",
        }
        for row in sorted(rows, key=lambda row: row.ok)
    ]
    context = {
        "release": release,
        "closes": presenting.moment(release.closes_at) if release else "",
        "items": items,
        "left_out": sum(not row.ok for row in rows),
        "breadcrumbs": [presenting.crumb_inbox(), presenting.crumb_waiting()],
    }
    return render(request, "nominations/release_created.html", context, status=status)


def _as_item(nomination: Nomination) -> dict[str, Any]:
    days = nomination.basis.notice_working_days
    return {
        "title": nomination.number,
        "text": nomination.employer_display,
        "meta": [
            nomination.talent.name,
            nomination.basis.name,
            str(nomination.tier),
            _("%(days)s working days") % {"days": days},
        ],
    }
