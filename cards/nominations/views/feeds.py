"""The feed of releases: whoever wants to know of each one subscribes, without an account.

It names nobody. Feed readers keep what they once read, and a person is named only while the notice lasts.
"""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_cookie

from cards.nominations.models import NoticeRelease
from cards.nominations.views import presenting

LENGTH = 30
MAX_AGE = 300


class ReleaseFeed(Feed):
    """The latest releases, in the active language."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Public notices of the Haihe Talent Card")

    def subtitle(self) -> str:
        return _("Who is about to receive a card is made public, and anyone may object until the notice ends.")

    def link(self) -> str:
        return reverse("nominations:notice-list")

    def items(self) -> list[NoticeRelease]:
        return list(_latest())

    def item_title(self, item: Any) -> str:
        return f"{item.number} {item.title}"

    def item_description(self, item: Any) -> str:
        return _("It can be objected to until %(date)s.") % {"date": presenting.moment(item.closes_at)}

    def item_link(self, item: Any) -> str:
        return str(item.get_absolute_url())

    def item_pubdate(self, item: Any) -> dt.datetime:
        return item.opened_at

    def item_updateddate(self, item: Any) -> dt.datetime:
        return item.opened_at


def _latest() -> QuerySet[NoticeRelease]:
    return NoticeRelease.objects.all()[:LENGTH]


def _tag(request: HttpRequest, language: str | None = None) -> str:
    # A release never changes once it is made.
    known = [language or translation.get_language() or "", *(str(release.pk) for release in _latest())]
    return f'"{hashlib.sha256(" ".join(known).encode()).hexdigest()[:32]}"'


def _newest(request: HttpRequest, language: str | None = None) -> dt.datetime | None:
    return NoticeRelease.objects.values_list("opened_at", flat=True).order_by("-opened_at").first()


@require_safe
@cache_control(public=True, max_age=MAX_AGE)
@vary_on_cookie
@condition(etag_func=_tag, last_modified_func=_newest)
def feed(request: HttpRequest, language: str | None = None) -> HttpResponse:
    """Return the feed in the language of the address or, without one there, in the reader's."""
    if language is None:
        return ReleaseFeed()(request)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        response = ReleaseFeed()(request)
    response["Content-Language"] = language
    return response
