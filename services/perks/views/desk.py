"""A partner's counter: scan, look, confirm."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cards.verification.choices import Field
from cards.verification.models import Desk
from services.perks import redemption, rules
from services.perks.choices import RedemptionStatus
from services.perks.forms import ScanForm
from services.perks.redemption import Redeemer, Redemption
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, NotAllowed

PLACE = "perks.place"


@never_cache
@login_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: HttpRequest) -> HttpResponse:
    """Redeem a use: first show what it would do, then do it when that is confirmed."""
    assert isinstance(request.user, User)  # noqa: S101  # login_required let nobody else in
    if not rules.is_partner(request.user):
        raise NotAllowed
    desks = redemption.desks_for(request.user)
    if request.method != "POST":
        return _page(request, ScanForm(desks=desks, place=request.session.get(PLACE, "")))
    form = ScanForm(request.POST, request.FILES, desks=desks)
    if not form.is_valid():
        return _page(request, form, status=400)
    desk, _perk = form.desk_and_perk
    try:
        found = _act(request.user, desk, form, is_confirmed="confirm" in request.POST)
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=error.http_status)
    request.session[PLACE] = form.cleaned_data["place"]
    fresh = ScanForm(desks=desks, place=form.cleaned_data["place"])
    hidden = _to_confirm(form) if found.status == RedemptionStatus.READY else []
    return _page(request, fresh, verdict=_verdict(found), found=found, hidden=hidden)


def _act(user: User, desk: Desk, form: ScanForm, *, is_confirmed: bool) -> Redemption:
    act = redemption.redeem if is_confirmed else redemption.preview_redemption
    _desk, perk = form.desk_and_perk
    return act(
        redeemer=Redeemer(actor=user, desk=desk),
        code=form.cleaned_data["code"],
        perk=perk.slug,
        quantity=form.cleaned_data["quantity"],
        nonce=form.cleaned_data["nonce"],
        at=timezone.now(),
    )


def _to_confirm(form: ScanForm) -> list[dict[str, Any]]:
    data = form.cleaned_data
    return [{"name": name, "value": data[name]} for name in ("place", "code", "quantity", "nonce")]


def _verdict(found: Redemption) -> dict[str, Any]:
    """Return what the verdict component shows."""
    titles = {
        RedemptionStatus.READY: _("Can be redeemed"),
        RedemptionStatus.REDEEMED: _("Redeemed"),
        RedemptionStatus.REFUSED: _("Not redeemed"),
    }
    tones = {RedemptionStatus.READY: "warn", RedemptionStatus.REDEEMED: "good", RedemptionStatus.REFUSED: "bad"}
    fields = found.verification.fields
    advice = _("Compare the name, then confirm.") if found.status == RedemptionStatus.READY else ""
    facts: list[dict[str, Any]] = [{"label": _("Service"), "value": found.perk.name}]
    if found.remaining is not None:
        label = _("Uses left now") if found.status == RedemptionStatus.READY else _("Uses left")
        facts.append({"label": label, "value": str(found.remaining)})
    return {
        "tone": tones[found.status],
        "title": titles[found.status],
        "reason": found.message or advice,
        "name": fields.get(Field.NAME) or fields.get(Field.MASKED_NAME, ""),
        "facts": facts,
        "checked_at": timezone.localtime(found.verification.at),
    }


def _page(request: HttpRequest, form: ScanForm, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "perks/redeem.html", {"form": form, **context}, status=status)
