"""The kinds of decision that are put in writing; each app registers its own in `decision_kinds.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class DecisionKind:
    """A kind of decision about some kind of subject.

    :param prefix: what the numbers of its documents begin with
    :param url: the path of the page of a document's subject
    :param may_read: whether a user who is not among a document's addressees may read it as well
    """

    slug: str
    prefix: str
    title: str | Promise
    url: Callable[[UUID], str]
    may_read: Callable[[Any, UUID], bool]


_kinds: dict[str, DecisionKind] = {}


def register(kind: DecisionKind) -> None:
    """Add a kind.

    :raises ValueError: if its slug or its prefix is taken
    """
    if any(kind.slug == other.slug or kind.prefix == other.prefix for other in _kinds.values()):
        raise ValueError(f"two kinds of decision are named {kind.slug} or numbered {kind.prefix}")
    _kinds[kind.slug] = kind


def get(slug: str) -> DecisionKind:
    """Return a kind.

    :raises KeyError: if no app registers it
    """
    return _kinds[slug]
