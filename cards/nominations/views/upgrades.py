"""Upgrade legacy Green Cards 绿卡 by spreadsheet: hand it in; a second officer decides each case."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cards.nominations import direct_rules, operations, queries
from cards.nominations.choices import ImportKind
from cards.nominations.faults import heading_of
from cards.nominations.forms import UpgradeForm
from cards.nominations.sheets import GREEN_COLUMNS
from cards.nominations.views import presenting_direct
from cards.nominations.views.access import signed_in
from cards.nominations.views.imports import as_item, see
from talentcard.core.errors import FieldError, InvalidInput, NotAllowed


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def direct_upgrade(request: HttpRequest) -> HttpResponse:
    """Take in a spreadsheet of legacy holders; its page shows how its check goes on."""
    user = signed_in(request)
    if not direct_rules.is_issuer(user):
        raise NotAllowed
    form = UpgradeForm(request.POST, request.FILES) if request.method == "POST" else UpgradeForm()
    faults: list[FieldError] = []
    if form.is_bound and form.is_valid():
        try:
            batch = operations.receive_import(
                actor=user,
                sheet=form.cleaned_data["workbook"],
                archive=None,
                kind=ImportKind.GREEN_CARDS,
                at=timezone.now(),
            )
        except InvalidInput as error:
            faults = error.errors
        else:
            return see(batch)
    context = {
        "form": form,
        "columns": [
            {"name": heading_of(field), "needed": field in GREEN_COLUMNS.required} for field in GREEN_COLUMNS.headings
        ],
        "faults": [{"field": heading_of(fault.field), "message": fault.message} for fault in faults],
        "recent": [as_item(batch) for batch in queries.imports_of(user).filter(kind=ImportKind.GREEN_CARDS)[:10]],
        "breadcrumbs": [presenting_direct.crumb_list()],
    }
    return render(request, "nominations/direct_upgrade.html", context, status=400 if form.is_bound else 200)
