"""System checks of the channels."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from talentcard.notifications import catalogue, sms

# No number or code that a title names is longer.
LONGEST_PARAMETER = "0" * 20


class _Longest(dict[str, str]):
    """Gives the longest value for whatever parameter a title asks for."""

    def __missing__(self, name: str) -> str:
        return LONGEST_PARAMETER


@register()
def text_messages_are_short(**kwargs: Any) -> list[CheckMessage]:
    """Refuse an event whose text message takes too many segments in some language."""
    return [
        checks.Error(
            f"The text message of {event.key} takes more than {sms.MAX_SEGMENTS} segments in {language!r}.",
            hint="Shorten its title, or do not send it by SMS.",
            id="notifications.E001",
        )
        for event in catalogue.events()
        if event.sms
        for language, _name in settings.LANGUAGES
        if _longest_text(event, language) > sms.MAX_SEGMENTS
    ]


def _longest_text(event: catalogue.Event, language: str) -> int:
    with translation.override(language):
        return sms.segments(sms.text_of(str(event.title) % _Longest()))


@register()
def sms_gateway_is_usable(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a gateway that could not send."""
    if not sms.is_on():
        return []
    try:
        sms.gateway()
    except (ImportError, ImproperlyConfigured) as error:
        return [checks.Error(str(error), hint="See SMS_BACKEND in .env.example.", id="notifications.E002")]
    return []
