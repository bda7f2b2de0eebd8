"""The public notice: anybody reads it and may object."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cards.nominations import operations, queries
from cards.nominations.api.limits import ObjectionThrottle
from cards.nominations.forms import ObjectionForm, show_errors
from cards.nominations.models import PublicNotice
from cards.nominations.views import presenting
from talentcard.core.errors import DomainError

PAGE_SIZE = 25


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show everybody who is about to receive a card."""
    now = timezone.now()
    page = Paginator(queries.open_notices(), PAGE_SIZE).get_page(request.GET.get("page"))
    items = [presenting.notice_item(notice, at=now) for notice in page]
    return render(request, "nominations/notice_list.html", {"page": page, "items": items})


@require_safe
def notice_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one notice, and the way to object."""
    notice = _open_or_404(pk)
    now = timezone.now()
    label, tone = presenting.notice_status(notice, at=now)
    context = {
        "notice": notice,
        "is_open": notice.is_open(now),
        "is_paused": notice.paused_at is not None,
        "facts": presenting.notice_facts(notice),
        "status_label": label,
        "status_tone": tone,
        "breadcrumbs": [presenting.crumb_notices()],
    }
    return render(request, "nominations/notice_detail.html", context)


@never_cache
@sensitive_post_parameters("name", "contact", "text")
@require_http_methods(["GET", "HEAD", "POST"])
def objection_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an objection from anybody."""
    notice = _open_or_404(pk)
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
    return render(request, "nominations/objection_form.html", context, status=status)


@require_safe
def objection_thanks(request: HttpRequest) -> HttpResponse:
    """Say what happens to an objection that was lodged."""
    return render(request, "nominations/objection_thanks.html")


def _open_or_404(pk: UUID) -> PublicNotice:
    notice = queries.open_notices().filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice
