"""Integrity checks of a case, what is on record, and what an officer makes of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.nominations import operations, queries, rules
from cards.nominations.choices import IntegrityKind
from cards.nominations.forms import CheckForm, ReasonForm, RulingForm, show_errors
from cards.nominations.models import IntegrityCheck, IntegrityFact, Nomination
from cards.nominations.queries import FactInCase
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in
from cards.nominations.views.stops import readable_or_refused
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, NotAllowed


@never_cache
@login_required
@require_safe
def integrity_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show officers what was checked for a case and what is on record."""
    user = signed_in(request)
    return _page(request, user, readable_or_refused(user, pk))


@never_cache
@login_required
@require_POST
def integrity_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a check and what it found."""
    user = signed_in(request)
    nomination = readable_or_refused(user, pk)
    form = CheckForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            operations.record_check(
                actor=user,
                nomination=nomination,
                kind=IntegrityKind(form.cleaned_data["kind"]),
                source=form.cleaned_data["source"],
                hit=form.hit,
                at=timezone.now(),
            )
        except DomainError as error:
            show_errors(form, error)
            status = error.http_status
        else:
            messages.success(request, _("The check was recorded."))
            return redirect("nominations:integrity-detail", pk)
    return _page(request, user, nomination, check_form=form, status=status)


@never_cache
@login_required
@require_POST
def integrity_decide(request: HttpRequest, pk: UUID, fact: UUID) -> HttpResponse:
    """Let a case go on despite a fact, or reject it for that."""
    user = signed_in(request)
    nomination = readable_or_refused(user, pk)
    form = RulingForm(request.POST, prefix=f"fact-{fact}")
    status = 400
    if form.is_valid():
        goes_on = form.cleaned_data["ruling"] == "go_on"
        try:
            operations.rule_on_fact(
                actor=user,
                nomination=nomination,
                fact=_fact_or_404(nomination, fact),
                goes_on=goes_on,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, str(error))
            status = error.http_status
        else:
            messages.success(request, _("The case goes on.") if goes_on else _("The nomination was rejected."))
            return redirect(nomination)
    return _page(request, user, nomination, ruling_forms={fact: form}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def integrity_withdraw(request: HttpRequest, pk: UUID, fact: UUID) -> HttpResponse:
    """Withdraw what an officer recorded, after asking why."""
    user = signed_in(request)
    nomination = readable_or_refused(user, pk)
    found = _fact_or_404(nomination, fact)
    if not rules.may_settle(user, nomination) or found.reported_by_id is not None:
        raise NotAllowed
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.withdraw_fact(
                actor=user,
                nomination=nomination,
                fact=found,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("It was withdrawn and no longer stops the case."))
            return redirect("nominations:integrity-detail", pk)
    context = {
        "nomination": nomination,
        "form": form,
        "facts": _fact_facts(FactInCase(fact=found, ruling=None)),
        "breadcrumbs": [presenting.crumb_case(nomination)],
    }
    return render(request, "nominations/integrity_withdraw.html", context, status=400 if form.is_bound else 200)


def _fact_or_404(nomination: Nomination, pk: UUID) -> IntegrityFact:
    fact = queries.facts_about(nomination.talent).filter(pk=pk).first()
    if fact is None:
        raise Http404
    return fact


def _page(
    request: HttpRequest,
    user: User,
    nomination: Nomination,
    *,
    check_form: CheckForm | None = None,
    ruling_forms: dict[UUID, RulingForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    may_settle = rules.may_settle(user, nomination)
    context = {
        "nomination": nomination,
        "missing": [capfirst(kind.label) for kind in queries.missing_checks(nomination)],
        "checks": [_check_item(check) for check in queries.checks_in(nomination)],
        "facts": [
            _fact_item(nomination, each, ruling_forms or {}, may_settle=may_settle)
            for each in queries.facts_in(nomination)
        ],
        "check_form": check_form or CheckForm() if may_settle else None,
        "breadcrumbs": [presenting.crumb_case(nomination)],
    }
    return render(request, "nominations/integrity_detail.html", context, status=status)


def _check_item(check: IntegrityCheck) -> dict[str, Any]:
    return {
        "title": capfirst(check.get_kind_display()),
        "text": check.source,
        "meta": [presenting.moment(check.checked_at), str(check.checked_by)],
        "status_label": _("Something is on record") if check.fact else _("Nothing found"),
        "status_tone": "bad" if check.fact else "good",
    }


def _fact_item(
    nomination: Nomination, found: FactInCase, forms: dict[UUID, RulingForm], *, may_settle: bool
) -> dict[str, Any]:
    fact = found.fact
    item: dict[str, Any] = {"pk": fact.pk, "facts": _fact_facts(found)}
    if fact.withdrawn_at is not None:
        item |= {"status_label": _("Withdrawn"), "status_tone": "neutral"}
    elif found.ruling is not None:
        goes_on = found.ruling.goes_on
        item |= {
            "status_label": _("The case goes on despite this") if goes_on else _("Rejected for this"),
            "status_tone": "info" if goes_on else "bad",
        }
    else:
        item |= {"status_label": _("To be decided"), "status_tone": "warn"}
    if may_settle and found.is_open:
        item["form"] = forms.get(fact.pk) or RulingForm(prefix=f"fact-{fact.pk}")
    item["may_withdraw"] = may_settle and fact.withdrawn_at is None and fact.reported_by_id is None
    return item


def _fact_facts(found: FactInCase) -> list[dict[str, Any]]:
    fact = found.fact
    facts: list[dict[str, Any]] = [
        {"label": _("Kind"), "value": capfirst(fact.get_kind_display())},
        {"label": _("Source"), "value": fact.source},
        {"label": _("Reference"), "value": fact.reference, "code": True},
        {"label": _("Dated"), "value": fact.dated_on.isoformat()},
        {"label": _("What is on record"), "value": fact.text or None},
        {"label": _("Recorded"), "value": f"{presenting.moment(fact.recorded_at)} · {fact.recorded_by or fact.source}"},
    ]
    if fact.withdrawn_at is not None:
        facts.append({"label": _("Withdrawn"), "value": presenting.moment(fact.withdrawn_at)})
        facts.append({"label": _("Reason"), "value": fact.withdrawal_reason})
    if found.ruling is not None:
        when = presenting.moment(found.ruling.decided_at)
        facts.append({"label": _("Decided"), "value": f"{when} · {found.ruling.decided_by}"})
        facts.append({"label": _("Reason"), "value": found.ruling.reason})
    return facts
