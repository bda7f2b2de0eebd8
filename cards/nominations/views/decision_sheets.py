"""Decide by spreadsheet: download what waits, fill it in, look at what would become of it, decide."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.nominations import decision_sheets, operations, queries, rules
from cards.nominations.choices import STEP_OF_STATUS, NominationStatus, Outcome
from cards.nominations.decision_sheets import SheetCase, SheetDecision
from cards.nominations.forms import DecisionSheetForm, show_errors
from cards.nominations.operations import SheetResult
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in
from talentcard.accounts.models import User
from talentcard.casework.operations import MAX_AT_ONCE
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.responses import as_private

# How long what was looked at may be decided as it was.
VALID_SECONDS = 3600


@never_cache
@login_required
@require_safe
def decision_sheet_download(request: HttpRequest) -> HttpResponse:
    """Hand out what waits for an officer's review as a sheet to fill in, the nearest deadline first."""
    user = _reviewer(request)
    return csv_response(decision_sheets.write_sheet(waiting_for(user)), name="decisions")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision_sheet(request: HttpRequest) -> HttpResponse:
    """Take a sheet and show what would become of each row; then decide what was shown."""
    user = _reviewer(request)
    if "decisions" in request.POST:
        return _apply(request, user)
    form = DecisionSheetForm(request.POST, request.FILES) if request.method == "POST" else DecisionSheetForm()
    context: dict[str, Any] = {"form": form, "breadcrumbs": [presenting.crumb_inbox()], "most": MAX_AT_ONCE}
    if form.is_bound and form.is_valid():
        try:
            decisions = decision_sheets.read_sheet(form.cleaned_data["sheet"].read())
            results = operations.decide_by_sheet(actor=user, decisions=decisions, at=timezone.now(), is_rehearsal=True)
        except DomainError as error:
            show_errors(form, error)
        else:
            context |= {
                "rows": [_row(result) for result in results],
                "ready": sum(result.ok for result in results),
                "decisions": _seal(user, [asdict(each) for each in decisions]),
            }
    return render(request, "nominations/decision_sheet.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_POST
def decision_sheet_result(request: HttpRequest) -> HttpResponse:
    """Hand out what became of each row as a sheet."""
    rows = _unseal(_reviewer(request), request.POST.get("results", ""))
    if rows is None:
        return _stale(request)
    return csv_response(decision_sheets.write_results(rows), name="decisions-result")


def waiting_for(user: User) -> list[SheetCase]:
    """Return what waits for a reviewer, as the sheet names it, as much as one sheet decides."""
    cases = queries.inbox(user, at=timezone.now()).filter(status__in=STEP_OF_STATUS)[:MAX_AT_ONCE]
    return [
        SheetCase(
            number=case.number,
            nominee=presenting.listed_name(case),
            basis=case.basis.name,
            tier=str(case.tier),
            step=str(STEP_OF_STATUS[NominationStatus(case.status)].label),
            due=presenting.moment(case.deadline) if case.deadline else "",
            round=str(case.item_id or ""),
        )
        for case in cases
    ]


def csv_response(content: bytes, *, name: str) -> HttpResponse:
    """Return a table as a file that browsers save and never show."""
    headers = {"Content-Disposition": f'attachment; filename="{name}-{timezone.localdate():%Y%m%d}.csv"'}
    return as_private(HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers))


def _apply(request: HttpRequest, user: User) -> HttpResponse:
    shown = _unseal(user, request.POST["decisions"])
    if shown is None:
        return _stale(request)
    decisions = [SheetDecision(**each) for each in shown]
    results = operations.decide_by_sheet(actor=user, decisions=decisions, at=timezone.now())
    failed = sum(not result.ok for result in results)
    rows = [_row(result, is_done=True) for result in results]
    context = {
        "rows": sorted(rows, key=lambda row: bool(row["ok"])),
        "decided": len(results) - failed,
        "failed": failed,
        "results": _seal(user, [[row["row"], row["number"], row["status_label"], row["why"]] for row in rows]),
        "breadcrumbs": [presenting.crumb_inbox()],
    }
    return render(request, "nominations/decision_sheet_done.html", context)


def _reviewer(request: HttpRequest) -> User:
    user = signed_in(request)
    if not rules.is_reviewer(user):
        raise NotAllowed
    return user


def _row(result: SheetResult, *, is_done: bool = False) -> dict[str, Any]:
    good, bad = (_("Decided"), _("Not decided")) if is_done else (_("Ready"), _("Not possible"))
    return {
        "row": result.row,
        "number": result.number or "—",
        "outcome": str(Outcome(result.outcome).label) if result.outcome else "—",
        "ok": result.ok,
        "status_label": good if result.ok else bad,
        "status_tone": "good" if result.ok else "bad",
        "why": str(result.error) if result.error else "",
    }


def _seal(user: User, rows: list[Any]) -> str:
    # For this officer alone: what is decided is what they were shown.
    return signing.dumps(rows, salt=f"decision-sheet:{user.pk}", compress=True)


def _unseal(user: User, text: str) -> list[Any] | None:
    try:
        rows: list[Any] = signing.loads(text, salt=f"decision-sheet:{user.pk}", max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    return rows


def _stale(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("This page was open for too long: hand the sheet in again."))
    return redirect("nominations:decision-sheet")
