"""The public notice: anybody reads it and may object. Whom it named is no longer named once it has ended."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cards.nominations import operations, queries
from cards.nominations.api.limits import ObjectionThrottle
from cards.nominations.forms import ObjectionForm, show_errors
from cards.nominations.models import NoticeRelease, PublicNotice
from cards.nominations.views import presenting
from talentcard.core.errors import DomainError

PAGE_SIZE = 25


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show everybody who is about to receive a card, by release."""
    now = timezone.now()
    page = Paginator(queries.open_notices(at=now), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "groups": _by_release(page, at=now)}
    return _kept_by_nobody(render(request, "nominations/notice_list.html", context))


@require_safe
def release_detail(request: HttpRequest, year: int, serial: int) -> HttpResponse:
    """Show whom one release names; once it has ended, that it has."""
    release = get_object_or_404(NoticeRelease, year=year, serial=serial)
    now = timezone.now()
    page = Paginator(queries.notices_in(release, at=now), PAGE_SIZE).get_page(request.GET.get("page"))
    items = [presenting.notice_item(notice, at=now) for notice in page]
    is_open = bool(items)
    context = {
        "release": release,
        "facts": presenting.release_facts(release),
        "items": items,
        "page": page,
        "is_open": is_open,
        "breadcrumbs": [presenting.crumb_notices()],
    }
    response = render(request, "nominations/release_detail.html", context)
    return _kept_by_nobody(response, is_open=is_open, until=release.closes_at if release.closes_at > now else None)


@require_safe
def notice_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one notice, and the way to object; once it has ended, that it has."""
    notice = _public_or_404(pk)
    now = timezone.now()
    label, tone = presenting.notice_status(notice, at=now)
    is_open = notice.is_open(now)
    context = {
        "notice": notice,
        "is_open": is_open,
        "is_paused": is_open and notice.paused_at is not None,
        "facts": presenting.notice_facts(notice) if is_open else [],
        "status_label": label,
        "status_tone": tone,
        "breadcrumbs": [presenting.crumb_notices(), presenting.crumb_release(notice.release)],
    }
    response = render(request, "nominations/notice_detail.html", context)
    return _kept_by_nobody(response, is_open=is_open, until=notice.closes_at if notice.paused_at is None else None)


@never_cache
@sensitive_post_parameters("name", "contact", "text")
@require_http_methods(["GET", "HEAD", "POST"])
def objection_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an objection from anybody."""
    notice = _public_or_404(pk)
    if not notice.is_open(timezone.now()):
        return redirect("nominations:notice-detail", pk=pk)
    form = ObjectionForm()
    status = 200
    if request.method == "POST":
        throttle = ObjectionThrottle()
        if not throttle.allow_request(request, None):  # type: ignore[arg-type]  # it reads the address only
            response = render(request, "429.html", status=429)
            response["Retry-After"] = str(int(throttle.wait() or 60) + 1)
            return response
        form = ObjectionForm(request.POST)
        status = 400
        if form.is_valid():
            try:
                operations.lodge_objection(notice=notice, **form.cleaned_data, at=timezone.now())
            except DomainError as error:
                show_errors(form, error)
                status = error.http_status
            else:
                return redirect("nominations:objection-thanks")
    context = {
        "form": form,
        "facts": presenting.notice_facts(notice)[:3],
        "breadcrumbs": [
            presenting.crumb_notices(),
            {"label": notice.nomination.talent.name, "url": presenting.notice_url(notice)},
        ],
    }
    response = render(request, "nominations/objection_form.html", context, status=status)
    return _kept_by_nobody(response, is_open=False)


@require_safe
def objection_thanks(request: HttpRequest) -> HttpResponse:
    """Say what happens to an objection that was lodged."""
    return render(request, "nominations/objection_thanks.html")


def _public_or_404(pk: UUID) -> PublicNotice:
    return get_object_or_404(queries.public_notices(), pk=pk)


def _by_release(notices: Iterable[PublicNotice], *, at: dt.datetime) -> list[dict[str, Any]]:
    """Return the notices of a page under the releases they belong to."""
    return [
        {"release": release, "items": [presenting.notice_item(notice, at=at) for notice in named]}
        for release, named in groupby(notices, key=lambda notice: notice.release)
    ]


def _kept_by_nobody(response: HttpResponse, *, is_open: bool = True, until: dt.datetime | None = None) -> HttpResponse:
    """Tell search engines to forget a page when its notice has ended, and to keep no copy of it before."""
    rules = ["noarchive"] if is_open else ["noindex", "noarchive"]
    if is_open and until is not None:
        rules.append(f"unavailable_after: {http_date(until.timestamp())}")
    response["X-Robots-Tag"] = ", ".join(rules)
    return response
