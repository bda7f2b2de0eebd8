"""Direct issues from a list: look through it without writing anything, then propose in one go."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cards.nominations import direct_rules as rules
from cards.nominations import operations, queries
from cards.nominations.forms import show_errors
from cards.nominations.forms.direct import DirectListForm
from cards.nominations.operations import ProposalResult
from cards.nominations.queries import Candidate
from cards.nominations.views import presenting_direct as show
from cards.nominations.views.access import signed_in
from talentcard.accounts.models import User
from talentcard.casework.operations import MAX_AT_ONCE
from talentcard.core.errors import DomainError, NotAllowed


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def direct_bulk(request: HttpRequest) -> HttpResponse:
    """Show whom a list would give a card and why, and whom not and why; on POST propose the chosen ones."""
    user, now = signed_in(request), timezone.now()
    if not rules.is_issuer(user):
        raise NotAllowed
    data = request.POST if request.method == "POST" else request.GET
    form = DirectListForm(data if "basis_and_tier" in data else None, bases=queries.direct_bases(now))
    found: list[Candidate] = []
    if form.is_bound and form.is_valid():
        basis, tier = form.pairs[form.cleaned_data["basis_and_tier"]]
        try:
            if request.method == "POST":
                return _propose(request, user, {"basis": basis, "tier": tier}, _chosen(request))
            found = operations.dry_run(actor=user, basis=basis, tier=tier, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            show_errors(form, error)
    context = {
        "form": form,
        "chosen": form["basis_and_tier"].value() if form.is_bound else "",
        "was_run": form.is_bound and form.is_valid(),
        "rows": [show.candidate_row(candidate) for candidate in found if candidate.ok][:MAX_AT_ONCE],
        "refused": [show.candidate_item(candidate) for candidate in found if not candidate.ok],
        "breadcrumbs": [show.crumb_list()],
        "bulk_actions": [{"label": _("Propose"), "name": "propose", "value": "1"}],
    }
    return render(
        request, "nominations/direct_bulk.html", context, status=200 if form.is_valid() or not form.is_bound else 400
    )


def _propose(request: HttpRequest, user: User, policy: dict[str, Any], chosen: list[UUID]) -> HttpResponse:
    if not chosen:
        messages.warning(request, _("Choose at least one person."))
        return redirect("nominations:direct-bulk")
    results = operations.propose_many(actor=user, entries=chosen, at=timezone.now(), **policy)
    items = [_result_item(result) for result in sorted(results, key=lambda result: result.error is None)]
    failed = sum(result.error is not None for result in results)
    return show.result_page(request, _("Proposed"), items, failed=failed)


def _result_item(result: ProposalResult) -> dict[str, Any]:
    name = show.candidate_name(result.candidate)
    if result.case is None:
        return {
            "title": name,
            "text": str(result.error),
            "status_label": _("Not proposed"),
            "status_tone": "bad",
        }
    return {
        "title": result.case.number,
        "url": result.case.get_absolute_url(),
        "meta": [name],
        "status_label": _("Proposed"),
        "status_tone": "good",
    }


def _chosen(request: HttpRequest) -> list[UUID]:
    chosen = []
    for value in request.POST.getlist("selected"):
        try:
            chosen.append(UUID(value))
        except ValueError:
            continue
    return chosen
