"""The navigation bar, filled by each app's `navigation.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A link for those whom `is_for(user)` allows; `count(user)` may add how much waits behind it."""

    label: str | Promise
    url_name: str
    order: int
    is_for: Callable[[Any], bool]
    count: Callable[[Any], int] | None = None


_items: list[NavItem] = []


def register(item: NavItem) -> None:
    """Add a link to the navigation bar."""
    _items.append(item)
    _items.sort(key=lambda entry: entry.order)


def for_request(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the links this request's user may follow, as dicts with label, url, current and count."""
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
                    "count": item.count(user) if item.count else None,
                }
            )
    return links
