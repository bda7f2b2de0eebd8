"""Answer without an account: who bears an e-mailed link confirms, consents, or does not."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cards.nominations import operations, queries
from cards.nominations.api.limits import AnswerThrottle
from cards.nominations.choices import Asked
from cards.nominations.forms import AnswerForm, show_errors
from cards.nominations.models import AnswerLink, Nomination
from cards.nominations.operations import LinkDead
from cards.nominations.views import presenting
from talentcard.core.errors import DomainError


@never_cache
@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Show what is asked, and take the answer; looking at it, as mail scanners do, changes nothing."""
    throttle = AnswerThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]  # it reads the address only
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(int(throttle.wait() or 60) + 1)
        return _private(response)
    # In the query, not in the path: paths are what is logged.
    token, now = request.GET.get("t", ""), timezone.now()
    link = queries.usable_link(token, at=now)
    if link is None:
        return _dead(request)
    form = AnswerForm(request.POST if request.method == "POST" else None, asked=link.request.asked)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            operations.answer_by_link(token=token, is_confirmed=given["answer"] == "yes", words=given["words"], at=now)
        except LinkDead:
            return _dead(request)
        except DomainError as error:
            show_errors(form, error)
        else:
            return _private(redirect("nominations:answer-recorded"))
    response = render(request, "nominations/answer.html", _context(link, form), status=400 if form.is_bound else 200)
    return _private(response)


@never_cache
@require_safe
def answer_recorded(request: HttpRequest) -> HttpResponse:
    """Say that an answer was recorded."""
    return _private(render(request, "nominations/answer_recorded.html"))


def _context(link: AnswerLink, form: AnswerForm) -> dict[str, Any]:
    nomination = link.request.nomination
    is_expert = link.request.asked == Asked.EXPERT
    return {
        "form": form,
        "is_expert": is_expert,
        "facts": _facts(nomination, link),
        "nomination": nomination,
    }


def _facts(nomination: Nomination, link: AnswerLink) -> list[dict[str, Any]]:
    """Return what the bearer of a link may know of a case: never contact or identity data."""
    facts: list[dict[str, Any]] = [{"label": _("Nominee"), "value": nomination.talent.name}]
    if link.request.expert is not None:
        facts.append({"label": _("Expert"), "value": link.request.expert.name})
    facts += [
        {"label": _("Employer"), "value": nomination.employer_display or None},
        {"label": _("Basis"), "value": nomination.basis.name},
        {"label": _("Tier"), "value": str(nomination.tier)},
        {"label": _("Nominator"), "value": nomination.nominator.name},
        {"label": _("Legal ground"), "value": queries.legal_ground(nomination)},
        {"label": _("Answer until"), "value": presenting.moment(link.expires_at)},
    ]
    return facts


def _dead(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "nominations/answer_dead.html", {"text": LinkDead.message}, status=404))


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
