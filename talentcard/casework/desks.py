"""The desks at which work waits; each app registers its own in `desks.py`. Casework knows none by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from talentcard.accounts.choices import Role


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A step of some procedure at which an officer must act.

    :param role: what an officer there is; the assignment's scope must cover the item's
    :param url: the path of the page of an item's subject
    :param may_handle: whether an officer in whose scope a subject lies may act on it; near relations may not
    :param reminder_days: how many working days before the deadline the officer is reminded
    """

    slug: str
    title: str | Promise
    role: Role
    url: Callable[[UUID], str]
    may_handle: Callable[[Any, UUID], bool]
    reminder_days: int = 1


_desks: dict[str, Desk] = {}


def register(desk: Desk) -> None:
    """Add a desk.

    :raises ValueError: if its slug is taken
    """
    if desk.slug in _desks:
        raise ValueError(f"two desks are named {desk.slug}")
    _desks[desk.slug] = desk


def get(slug: str) -> Desk:
    """Return a desk.

    :raises KeyError: if no app registers it
    """
    return _desks[slug]


def all_desks() -> list[Desk]:
    """Return every desk, in the order of registration."""
    return list(_desks.values())
