"""The public check, the partner's desk, and the log the holder sees."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cards.verification import queries, rules
from cards.verification.api.limits import PublicCheckThrottle
from cards.verification.choices import Channel, Field, Outcome
from cards.verification.forms import DeskCheckForm, PublicCheckForm
from cards.verification.lookups import tier_name
from cards.verification.models import Desk, Purpose, VerificationAttempt
from cards.verification.operations import NonceReused, VerificationResult, verify_code
from talentcard.accounts.models import User
from talentcard.core.errors import NotAllowed

PLACE = "verification.place"
RECENT = 10


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def public_check(request: HttpRequest) -> HttpResponse:
    """Let anybody check a code; a scanned address brings it in the fragment, which no server is ever sent."""
    if request.method != "POST":
        return render(request, "verification/public_check.html", {"form": PublicCheckForm()})
    throttle = PublicCheckThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]  # it reads the address only
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(int(throttle.wait() or 60) + 1)
        return response
    form = PublicCheckForm(request.POST)
    if not form.is_valid():
        return render(request, "verification/public_check.html", {"form": form}, status=400)
    result = verify_code(
        code=form.cleaned_data["code"],
        purpose=None,
        channel=Channel.PUBLIC,
        nonce=uuid.uuid4().hex,
        at=timezone.now(),
    )
    return render(request, "verification/public_check.html", {"form": PublicCheckForm(), "verdict": as_panel(result)})


@never_cache
@login_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_check(request: HttpRequest) -> HttpResponse:
    """Check a card at one of the reader's desks, and show the last checks made there."""
    user = _reader(request)
    if not rules.is_partner(user):
        raise NotAllowed
    desks = list(queries.desks_of(user))
    place = request.session.get(PLACE, "")
    if request.method != "POST":
        return _desk_page(request, desks, DeskCheckForm(desks=desks, place=place))
    form = DeskCheckForm(request.POST, request.FILES, desks=desks)
    if not form.is_valid():
        return _desk_page(request, desks, form, status=400)
    desk, purpose = form.desk_and_purpose
    result = _check_at_desk(user, desk, purpose, form.cleaned_data)
    request.session[PLACE] = form.cleaned_data["place"]
    fresh = DeskCheckForm(desks=desks, place=form.cleaned_data["place"])
    return _desk_page(request, desks, fresh, verdict=as_panel(result))


@login_required
@require_safe
def check_list(request: HttpRequest) -> HttpResponse:
    """Show holders who checked their card, for what, and what was shown."""
    user = _reader(request)
    if not rules.is_holder(user):
        raise NotAllowed
    page = Paginator(queries.checks_of(user.talent), 25).get_page(request.GET.get("page"))
    items = [_as_holders_item(attempt) for attempt in page]
    return render(request, "verification/check_list.html", {"page": page, "items": items})


def as_panel(result: VerificationResult) -> dict[str, Any]:
    """Return what the verdict component shows."""
    fields = result.fields
    facts: list[dict[str, Any]] = []
    if tier := fields.get(Field.TIER):
        facts.append({"label": _("Tier"), "value": f"{tier} {tier_name(tier)}"})
    if number := fields.get(Field.CARD_NUMBER):
        facts.append({"label": _("Card number"), "value": number, "code": True})
    if valid_until := fields.get(Field.VALID_UNTIL):
        facts.append({"label": _("Valid until"), "value": valid_until})
    return {
        "tone": "good" if result.is_valid else "bad",
        "title": result.outcome.label,
        "reason": str(result.explanation),
        "name": fields.get(Field.NAME) or fields.get(Field.MASKED_NAME, ""),
        "facts": facts,
        "grade": _("checked online"),
        "checked_at": result.at,
    }


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # login_required let nobody else in
    return request.user


def _check_at_desk(user: User, desk: Desk, purpose: Purpose, data: dict[str, Any]) -> VerificationResult:
    nonce = data["nonce"]
    for _attempt in range(2):
        try:
            return verify_code(
                actor=user,
                code=data["code"],
                purpose=purpose,
                channel=Channel.DESK,
                desk=desk,
                nonce=nonce,
                at=timezone.now(),
            )
        except NonceReused:
            # The browser's back button brought an old form, and another card was scanned into it.
            nonce = uuid.uuid4().hex
    raise NonceReused(field="nonce")


def _desk_page(
    request: HttpRequest,
    desks: list[Desk],
    form: DeskCheckForm,
    *,
    verdict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    desk_id = str(form["place"].value() or "").partition(":")[0]
    desk = next((each for each in desks if str(each.pk) == desk_id), desks[0] if desks else None)
    recent = [_as_desk_item(attempt) for attempt in queries.checks_at(desk)[:RECENT]] if desk else []
    context = {"form": form, "desk": desk, "has_places": bool(form.places), "verdict": verdict, "recent": recent}
    return render(request, "verification/desk_check.html", context, status=status)


def _as_desk_item(attempt: VerificationAttempt) -> dict[str, Any]:
    number = attempt.edition.card.number if attempt.edition and Field.CARD_NUMBER in attempt.shown else ""
    return {
        "title": attempt.purpose.name if attempt.purpose else attempt.get_reason_display(),
        "meta": [word for word in (_moment(attempt), number, str(attempt.user or "")) if word],
        "status_label": attempt.get_reason_display(),
        "status_tone": "good" if attempt.outcome == Outcome.VALID else "bad",
    }


def _as_holders_item(attempt: VerificationAttempt) -> dict[str, Any]:
    shown = pgettext("between the items of a list", ", ").join(str(field.label) for field in attempt.shown)
    organisation = attempt.organisation
    return {
        "title": organisation.name if organisation else _("Public check page"),
        "text": _("Saw: %(fields)s") % {"fields": shown} if shown else _("Saw nothing of the card."),
        "meta": [
            word
            for word in (
                _moment(attempt),
                attempt.purpose.name if attempt.purpose else "",
                attempt.desk.name if attempt.desk else "",
            )
            if word
        ],
        "status_label": attempt.get_reason_display(),
        "status_tone": "good" if attempt.outcome == Outcome.VALID else "warn",
    }


def _moment(attempt: VerificationAttempt) -> str:
    return date_format(timezone.localtime(attempt.at), "Y-m-d H:i")
