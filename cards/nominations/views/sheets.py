"""A sheet of Green Cards at its second officer: all of its cases at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cards.nominations import direct_rules, operations, queries
from cards.nominations.views import presenting, presenting_direct
from cards.nominations.views.access import signed_in
from cards.nominations.views.imports import REFRESH_SECONDS, case_item
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, NotAllowed

PAGE_SIZE = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def direct_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a second officer what waits of a sheet, and have all of it confirmed."""
    user = signed_in(request)
    if not direct_rules.is_issuer(user):
        raise NotAllowed
    now = timezone.now()
    if (batch := queries.sheet_for(user, pk, at=now)) is None:
        raise Http404
    if request.method == "POST":
        try:
            operations.confirm_sheet(actor=user, batch=batch, at=now)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("nominations:direct-sheet", pk=batch.pk)
    page = Paginator(queries.waiting_of_sheet(user, batch, at=now), PAGE_SIZE).get_page(request.GET.get("page"))
    progress = queries.confirmation_progress(user, batch)
    is_running = progress is not None and progress.is_running
    context = {
        "facts": [
            {"label": _("Handed in by"), "value": str(batch.uploaded_by)},
            {"label": _("Handed in"), "value": presenting.moment(batch.imported_at)},
            {"label": _("Waits for you"), "value": str(page.paginator.count)},
        ],
        "progress": progress,
        "confirm_label": "" if is_running else _confirm_label(page.paginator.count),
        "page": page,
        "items": [case_item(case) for case in page],
        "breadcrumbs": [presenting_direct.crumb_list()],
    }
    response = render(request, "nominations/direct_sheet.html", context)
    if is_running:
        # A browser loads the page again by itself, without any script.
        response["Refresh"] = REFRESH_SECONDS
    return response


def waiting_items(user: User) -> list[dict[str, Any]]:
    """Return the sheets of which something waits for an officer, as entries of a list."""
    return [
        {
            "title": _("Green Cards of %(date)s") % {"date": presenting.moment(sheet.batch.imported_at)},
            "url": reverse("nominations:direct-sheet", args=[sheet.batch.pk]),
            "meta": [
                str(sheet.batch.uploaded_by),
                ngettext("%(count)s case waits for you", "%(count)s cases wait for you", sheet.waiting)
                % {"count": sheet.waiting},
            ],
        }
        for sheet in queries.waiting_sheets(user, at=timezone.now())
    ]


def _confirm_label(count: int) -> str:
    if not count:
        return ""
    return ngettext("Confirm %(count)s case", "Confirm all %(count)s cases", count) % {"count": count}
