"""Nominate everybody in a spreadsheet."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cards.nominations import operations, rules
from cards.nominations.forms import ImportForm
from cards.nominations.models import ImportBatch, Nomination
from cards.nominations.sheets import HEADINGS
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in
from talentcard.core.errors import FieldError, InvalidInput, NotAllowed

# More faults than this in one page help nobody: most of them have one cause.
FAULTS_SHOWN = 500
PAGE_SIZE = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_import(request: HttpRequest) -> HttpResponse:
    """Import a spreadsheet: every row becomes a submitted nomination, or none does and every fault is shown."""
    user = signed_in(request)
    organisation = rules.nominating_organisation(user)
    if organisation is None:
        raise NotAllowed
    form = ImportForm(request.POST or None, request.FILES or None)
    faults: list[FieldError] = []
    if form.is_bound and form.is_valid():
        try:
            batch = operations.import_nominations(
                actor=user,
                sheet=form.cleaned_data["workbook"],
                archive=form.cleaned_data["evidence"],
                at=timezone.now(),
            )
        except InvalidInput as error:
            faults = error.errors
        else:
            return redirect("nominations:import-detail", pk=batch.pk)
    recent = ImportBatch.objects.filter(nominator=organisation).select_related("uploaded_by")[:10]
    context = {
        "form": form,
        "faults": [_as_row(fault) for fault in faults[:FAULTS_SHOWN]],
        "fault_count": len(faults),
        "is_cut": len(faults) > FAULTS_SHOWN,
        "recent": [_as_item(batch) for batch in recent],
        "breadcrumbs": [presenting.crumb_list()],
    }
    return render(request, "nominations/nomination_import.html", context, status=400 if form.is_bound else 200)


@login_required
@require_safe
def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what an import made: the numbers of its nominations, in the order of the sheet."""
    user = signed_in(request)
    organisation = rules.nominating_organisation(user)
    batch = ImportBatch.objects.filter(pk=pk, nominator=organisation).first() if organisation else None
    if batch is None:
        raise Http404
    cases = batch.nominations.with_parties().order_by("number")
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page": page,
        "items": [_as_case(nomination) for nomination in page],
        "breadcrumbs": [presenting.crumb_list()],
    }
    return render(request, "nominations/import_detail.html", context)


def _as_row(fault: FieldError) -> dict[str, Any]:
    zh, en = HEADINGS.get(fault.field, (fault.field, fault.field))
    return {
        "row": fault.row,
        "field": zh if (get_language() or "").startswith("zh") else en,
        "message": fault.message,
    }


def _as_item(batch: ImportBatch) -> dict[str, Any]:
    return {
        "title": presenting.moment(batch.imported_at),
        "url": reverse("nominations:import-detail", args=[batch.pk]),
        "meta": [_("%(count)s nominations") % {"count": batch.row_count}, str(batch.uploaded_by)],
    }


def _as_case(nomination: Nomination) -> dict[str, Any]:
    return {
        "title": nomination.number,
        "url": nomination.get_absolute_url(),
        "text": presenting.listed_name(nomination),
        "meta": [nomination.basis.name, str(nomination.tier)],
        "status_label": presenting.status_label(nomination),
        "status_tone": presenting.TONES[nomination.status],
    }
