"""What an officer decides about a case that is stopped: possible duplicates, and its end under public notice."""

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
from cards.nominations.choices import DuplicateVerdict
from cards.nominations.forms import DuplicateForm, ReasonForm, show_errors
from cards.nominations.models import Nomination
from cards.nominations.queries import LookAlike
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in, visible_or_404
from cards.talents.identity import mask
from cards.talents.models import Talent
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, NotAllowed

VERDICT_TONES: dict[str, str] = {
    DuplicateVerdict.OPEN: "warn",
    DuplicateVerdict.SAME: "bad",
    DuplicateVerdict.DIFFERENT: "neutral",
}


@never_cache
@login_required
@require_safe
def duplicate_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show officers who may be the same person as a case's nominee."""
    user = signed_in(request)
    return _duplicate_page(request, user, readable_or_refused(user, pk), {})


@never_cache
@login_required
@require_POST
def duplicate_decide(request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Say whether a look-alike is the nominee, with the reason."""
    user = signed_in(request)
    nomination = readable_or_refused(user, pk)
    talent = Talent.objects.filter(pk=other).first()
    if talent is None:
        raise Http404
    form = DuplicateForm(request.POST, prefix=f"duplicate-{other}")
    status = 400
    if form.is_valid():
        try:
            operations.decide_duplicate(
                actor=user,
                nomination=nomination,
                other=talent,
                is_same=form.cleaned_data["verdict"] == "same",
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, str(error))
            status = error.http_status
        else:
            messages.success(request, _("Your decision on the two records was recorded."))
            return redirect("nominations:duplicate-list", pk)
    return _duplicate_page(request, user, nomination, {other: form}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stopped_reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reject a case under public notice for what stops it."""
    user = signed_in(request)
    nomination = readable_or_refused(user, pk)
    if not rules.may_settle(user, nomination):
        raise NotAllowed
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].help_text = _("The nominator and the nominee read it.")
    if form.is_valid():
        try:
            operations.reject_stopped(
                actor=user, nomination=nomination, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The nomination was rejected."))
            return redirect(nomination)
    context = {
        "nomination": nomination,
        "form": form,
        "stops": presenting.stops(user, nomination),
        "breadcrumbs": [presenting.crumb_case(nomination)],
    }
    status = 400 if form.is_bound else 200
    return render(request, "nominations/stopped_reject.html", context, status=status)


def readable_or_refused(user: User, pk: UUID) -> Nomination:
    """Return a case if the user may read what stops it.

    :raises NotAllowed: if they read the case, but not that
    """
    nomination = visible_or_404(user, pk)
    if not rules.may_read_obstacles(user, nomination):
        raise NotAllowed
    return nomination


def _duplicate_page(
    request: HttpRequest, user: User, nomination: Nomination, forms: dict[UUID, DuplicateForm], *, status: int = 200
) -> HttpResponse:
    may_settle = rules.may_settle(user, nomination)
    items = []
    for found in queries.look_alikes_of(nomination):
        item = _look_alike(found)
        if may_settle and found.verdict == DuplicateVerdict.OPEN:
            pk = found.other.pk
            item["form"] = forms.get(pk) or DuplicateForm(prefix=f"duplicate-{pk}")
        items.append(item)
    context = {
        "nomination": nomination,
        "nominee": presenting.case_facts(nomination, with_document=True)[: 1 + len(_documents(nomination.talent))],
        "items": items,
        "breadcrumbs": [presenting.crumb_case(nomination)],
    }
    return render(request, "nominations/duplicate_list.html", context, status=status)


def _look_alike(found: LookAlike) -> dict[str, Any]:
    return {
        "pk": found.other.pk,
        "status_label": capfirst(found.verdict.label),
        "status_tone": VERDICT_TONES[found.verdict],
        "facts": [*_person_facts(found), *_verdict_facts(found)],
    }


def _person_facts(found: LookAlike) -> list[dict[str, Any]]:
    other = found.other
    facts: list[dict[str, Any]] = [{"label": _("Name"), "value": other.name}, *_documents(other)]
    facts += [
        {"label": _("Sex"), "value": capfirst(other.get_gender_display())},
        {"label": _("Country or region"), "value": found.nationality or None},
        {"label": _("Employer"), "value": found.employer or None},
        {"label": _("Nomination under way"), "value": _("Yes") if found.has_live_nomination else _("No")},
        {"label": _("Haihe Talent card"), "value": _("Yes") if found.has_live_card else _("No")},
    ]
    return facts


def _verdict_facts(found: LookAlike) -> list[dict[str, Any]]:
    pair = found.pair
    if pair is None or pair.decided_at is None:
        return []
    return [
        {"label": _("Decided"), "value": f"{presenting.moment(pair.decided_at)} · {pair.decided_by}"},
        {"label": _("Reason"), "value": pair.reason},
    ]


def _documents(talent: Talent) -> list[dict[str, Any]]:
    return [
        {
            "label": capfirst(document.get_kind_display()),
            "value": " · ".join(part for part in (mask(document.number), document.issuing_region) if part),
            "code": True,
        }
        for document in talent.identity_documents.all()
    ]
