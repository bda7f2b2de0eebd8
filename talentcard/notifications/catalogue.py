"""The catalogue of events people are told about; each app registers its own in `events.py`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Event:
    """A kind of message: title and body are translatable, with `%(name)s` for the parameters.

    :param link: makes a link at the moment of sending, for links that must not be stored; else the message's own
    :param sms: sends the title by SMS as well: for what must not wait until somebody reads their e-mail
    """

    key: str
    title: str | Promise
    body: str | Promise
    email: bool = True
    sms: bool = False
    link: Callable[[Any], str] | None = None

    def __post_init__(self) -> None:
        if self.sms and self.link is not None:
            raise ValueError(f"{self.key} carries a link that is a credential: it is not for SMS")


_events: dict[str, Event] = {}


def register(event: Event) -> None:
    """Add an event to the catalogue.

    :raises ValueError: if its key is taken
    """
    if event.key in _events:
        raise ValueError(f"two events are named {event.key}")
    _events[event.key] = event


def get(key: str) -> Event:
    """Return an event.

    :raises KeyError: if no app registers it
    """
    return _events[key]


def events() -> Collection[Event]:
    """Return all events."""
    return _events.values()
