"""The navigation bar, filled by each app's `navigation.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from talentcard.core.pagination import count_up_to

# A badge has room for two figures.
MOST_COUNTED = 99


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A link for those whom `is_for(user)` allows; `waiting(user)` may return the rows that wait behind it."""

    label: str | Promise
    url_name: str
    order: int
    is_for: Callable[[Any], bool]
    waiting: Callable[[Any], QuerySet] | None = None


_items: list[NavItem] = []


def register(item: NavItem) -> None:
    """Add a link to the navigation bar."""
    _items.append(item)
    _items.sort(key=lambda entry: entry.order)


def for_request(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the links this request's user may follow, as dicts with label, url, current and count (a text)."""
    user = request.user
    links = []
    for item in _items:
        if item.is_for(user):
            url = reverse(item.url_name)
            links.append(
                {
                    "label": item.label,
                    "url": url,
                    "current": request.path == url or (url != "/" and request.path.startswith(url)),
                    "count": _count(item.waiting(user)) if item.waiting else "",
                }
            )
    return links


def _count(waiting: QuerySet) -> str:
    found = count_up_to(waiting, MOST_COUNTED + 1)
    if found > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(found) if found else ""
