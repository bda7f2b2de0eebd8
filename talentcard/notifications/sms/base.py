"""What every gateway promises, whoever's it is."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


class SmsRefused(Exception):
    """The gateway will never send this message: a bad number, a template it has not approved.

    Its text is the gateway's code, never the number.
    """


class SmsUnavailable(Exception):
    """The gateway did not take the message, or did not say so: to be tried again under the same id."""


@dataclass(frozen=True)
class Receipt:
    """The gateway has the message; `reference` is its own name for it, to ask what became of it."""

    reference: str = ""


class SmsGateway(Protocol):
    """A way to send text messages, made without arguments: it reads the settings."""

    def send(self, *, to: str, text: str, template: str, message_id: UUID) -> Receipt:
        """Hand over a message; handed over again under the same id, it still reaches the person once.

        :param to: the number, in E.164
        :param template: the event's key, by which a provider knows the wording it has approved
        :raises SmsRefused: if it will never be sent
        :raises SmsUnavailable: if it should be tried again
        """
        ...


def is_on() -> bool:
    """Tell whether text messages are sent at all."""
    return bool(settings.SMS_BACKEND)


def gateway() -> SmsGateway:
    """Return the gateway that `SMS_BACKEND` names.

    :raises ImportError: if there is no such class
    :raises ImproperlyConfigured: if its own settings do not suffice
    """
    return import_string(settings.SMS_BACKEND)()
