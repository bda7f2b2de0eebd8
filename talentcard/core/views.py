"""Pages that belong to no app."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe


def home(request: HttpRequest) -> HttpResponse:
    """Show the front page, or the signed-in person's way on."""
    return render(request, "home.html")


# Ended notices stay open to robots: what they may not fetch, they cannot be told to forget.
ROBOTS = """\
User-agent: *
Allow: /nominations/notices/
Disallow: /nominations/
Disallow: /accounts/
Disallow: /admin/
Disallow: /api/
Disallow: /cards/
Disallow: /casework/
Disallow: /messages/
Disallow: /perks/
"""


@require_safe
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots which pages are meant for everybody."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead a browser to the icon it asks for by custom, as it does when it shows a file alone."""
    return redirect(static("img/logo.svg"))


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
