"""Nominate everybody in a spreadsheet: hand it in, see what is wrong with it, have its good rows applied."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.nominations import operations, queries, rules
from cards.nominations.choices import ImportKind, ImportStatus, RowStatus
from cards.nominations.faults import heading_of, message_of
from cards.nominations.forms import ImportForm
from cards.nominations.models import (
    DirectIssue,
    DirectIssueQuerySet,
    ImportBatch,
    ImportRow,
    Nomination,
    NominationQuerySet,
)
from cards.nominations.operations.imports import kind_of
from cards.nominations.reports import fault_text, report_of
from cards.nominations.sheets import Layout
from cards.nominations.views import presenting, presenting_direct
from cards.nominations.views.access import signed_in
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed

# More in one page help nobody: the report holds all of them.
FAULTY_ROWS_SHOWN = 50
PAGE_SIZE = 50
REFRESH_SECONDS = "3"
TONES: dict[str, str] = {
    ImportStatus.CHECKING: "progress",
    ImportStatus.CHECKED: "info",
    ImportStatus.APPLYING: "progress",
    ImportStatus.APPLIED: "good",
    ImportStatus.FAILED: "bad",
}
UPGRADE_WORDS = {RowStatus.KNOWN: gettext_lazy("proposed before"), RowStatus.APPLIED: gettext_lazy("proposed")}
ROW_TONES: dict[str, str] = {RowStatus.APPLIED: "good", RowStatus.INVALID: "bad", RowStatus.FAILED: "bad"}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_import(request: HttpRequest) -> HttpResponse:
    """Take in a spreadsheet; its page shows how its check goes on."""
    user = signed_in(request)
    if rules.nominating_organisation(user) is None:
        raise NotAllowed
    form = ImportForm(request.POST or None, request.FILES or None)
    faults: list[FieldError] = []
    if form.is_bound and form.is_valid():
        try:
            batch = operations.receive_import(
                actor=user,
                sheet=form.cleaned_data["workbook"],
                archive=form.cleaned_data["evidence"],
                at=timezone.now(),
            )
        except InvalidInput as error:
            faults = error.errors
        else:
            return see(batch)
    context = {
        "form": form,
        "faults": [{"field": heading_of(fault.field), "message": fault.message} for fault in faults],
        "recent": [as_item(batch) for batch in queries.imports_of(user).filter(kind=ImportKind.NOMINATIONS)[:10]],
        "breadcrumbs": [presenting.crumb_list()],
    }
    return render(request, "nominations/nomination_import.html", context, status=400 if form.is_bound else 200)


@never_cache
@login_required
@require_safe
def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a spreadsheet is, what is wrong with its rows, and the nominations they became."""
    batch = _batch_or_404(request, pk)
    counts = queries.row_counts(batch)
    page: Page[Any] = Paginator(_cases(batch), PAGE_SIZE).get_page(request.GET.get("page"))
    faulty = batch.rows.filter(status__in=[RowStatus.INVALID, RowStatus.FAILED])[:FAULTY_ROWS_SHOWN]
    layout = Layout.load(batch.layout) if batch.layout else None
    context = {
        "batch": batch,
        "status_label": capfirst(batch.get_status_display()),
        "status_tone": TONES[batch.status],
        "progress": _progress(batch, counts),
        "tiles": _tiles(batch, counts),
        "sheet_faults": [message_of(fault) for fault in batch.errors],
        "faulty_rows": [_as_faulty(row, layout) for row in faulty] if layout else [],
        "is_cut": counts[RowStatus.INVALID] + counts[RowStatus.FAILED] > FAULTY_ROWS_SHOWN,
        "has_report": batch.is_checked and layout is not None,
        "apply_label": _apply_label(batch, counts) if kind_of(batch).may_apply(signed_in(request), batch) else "",
        "quota_warning": _quota_warning(batch, counts),
        "page": page,
        "items": [case_item(case) for case in page],
        "is_upgrade": batch.kind == ImportKind.GREEN_CARDS,
        "breadcrumbs": _crumbs(batch),
    }
    response = render(request, "nominations/import_detail.html", context)
    if batch.is_running:
        # A browser loads the page again by itself, without any script.
        response["Refresh"] = REFRESH_SECONDS
    return response


@login_required
@require_POST
def import_apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the good rows of a spreadsheet applied."""
    batch = _batch_or_404(request, pk)
    try:
        operations.apply_import(actor=signed_in(request), batch=batch, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    return see(batch)


@login_required
@require_safe
def import_report(request: HttpRequest, pk: UUID) -> FileResponse:
    """Hand out the error report."""
    return report_of(_batch_or_404(request, pk))


def _batch_or_404(request: HttpRequest, pk: UUID) -> ImportBatch:
    batch = queries.imports_of(signed_in(request)).filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


def see(batch: ImportBatch) -> HttpResponse:
    """Send the browser to a spreadsheet's page."""
    return HttpResponseRedirect(batch.get_absolute_url(), status=HTTPStatus.SEE_OTHER)


def _crumb_imports() -> dict[str, str]:
    return {"label": _("Import a spreadsheet"), "url": reverse("nominations:nomination-import")}


def _progress(batch: ImportBatch, counts: dict[str, int]) -> dict[str, Any] | None:
    """Return how much is done, while something is being done; while the sheet is read, nobody knows of how much."""
    if not batch.is_running:
        return None
    if batch.status == ImportStatus.APPLYING:
        total = batch.row_count - counts[RowStatus.INVALID]
        return {"done": total - counts[RowStatus.VALID], "total": total}
    done = batch.row_count - counts[RowStatus.WAITING]
    return {"done": done, "total": batch.row_count if batch.read_at else None}


def _tiles(batch: ImportBatch, counts: dict[str, int]) -> list[dict[str, Any]]:
    words = UPGRADE_WORDS if batch.kind == ImportKind.GREEN_CARDS else {}
    return [
        {
            "label": capfirst(words.get(status, status.label)),
            "value": counts[status],
            "tone": ROW_TONES.get(status),
        }
        for status in RowStatus
        if counts[status]
    ]


def _cases(batch: ImportBatch) -> NominationQuerySet | DirectIssueQuerySet:
    if batch.kind == ImportKind.NOMINATIONS:
        cases: NominationQuerySet = batch.nominations.with_parties().order_by("number")
        return cases
    made = batch.rows.filter(status=RowStatus.APPLIED).values("direct_issue")
    return DirectIssue.objects.with_parties().filter(pk__in=made).order_by("number")


def _crumbs(batch: ImportBatch) -> list[dict[str, str]]:
    if batch.kind == ImportKind.NOMINATIONS:
        return [presenting.crumb_list(), _crumb_imports()]
    return [presenting_direct.crumb_list(), crumb_upgrades()]


def crumb_upgrades() -> dict[str, str]:
    """Return the way back to the upgrade of Green Cards."""
    return {"label": _("Upgrade Green Cards"), "url": reverse("nominations:direct-upgrade")}


def _apply_label(batch: ImportBatch, counts: dict[str, int]) -> str:
    count = counts[RowStatus.VALID]
    if batch.status != ImportStatus.CHECKED or not count:
        return ""
    return ngettext("Apply %(count)s row without faults", "Apply %(count)s rows without faults", count) % {
        "count": count
    }


def _quota_warning(batch: ImportBatch, counts: dict[str, int]) -> str:
    """Return what to know before more rows are applied than the year's quota has room for."""
    if batch.status != ImportStatus.CHECKED or batch.nominator_id is None:
        return ""
    quota = queries.quota_overview(batch.nominator_id, at=timezone.now())
    left = quota["left"] if quota else 0
    if counts[RowStatus.VALID] <= left:
        return ""
    return ngettext(
        "Your organisation may submit %(count)s more nomination this year: rows beyond that will be refused.",
        "Your organisation may submit %(count)s more nominations this year: rows beyond that will be refused.",
        left,
    ) % {"count": left}


def _as_faulty(row: ImportRow, layout: Layout) -> dict[str, Any]:
    # The number stays beside its word.
    label = (_("Row %(row)s") % {"row": row.number}).replace(" ", "\u00a0")
    return {"label": label, "text": fault_text(row, layout)}


def as_item(batch: ImportBatch) -> dict[str, Any]:
    """Return a spreadsheet as an entry of a list."""
    rows = ngettext("%(count)s row", "%(count)s rows", batch.row_count) % {"count": batch.row_count}
    return {
        "title": presenting.moment(batch.imported_at),
        "url": batch.get_absolute_url(),
        "meta": [rows, str(batch.uploaded_by)],
        "status_label": capfirst(batch.get_status_display()),
        "status_tone": TONES[batch.status],
    }


def case_item(case: Nomination | DirectIssue) -> dict[str, Any]:
    """Return what a row became as an entry of a list."""
    if isinstance(case, Nomination):
        name, label, tone = presenting.listed_name(case), presenting.status_label(case), presenting.TONES[case.status]
    else:
        name, label = presenting_direct.listed_name(case), presenting_direct.status_label(case)
        tone = presenting_direct.TONES[case.status]
    return {
        "title": case.number,
        "url": case.get_absolute_url(),
        "text": name,
        "meta": [case.basis.name, str(case.tier)],
        "status_label": label,
        "status_tone": tone,
    }
