"""System checks: what an operator must hear before the service goes wrong."""

import datetime as dt
from typing import Any

import chinese_calendar
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.utils import timezone

from talentcard.core import crypto


@register(Tags.security, deploy=True)
def demonstration_is_off(**kwargs: Any) -> list[CheckMessage]:
    """Warn where the demonstration's short working days would reach a real deployment."""
    if settings.DEMO_WORKING_DAY_SECONDS or settings.DEMO:
        return [checks.Warning("DEMO or DEMO_WORKING_DAY_SECONDS is set: deadlines are not real.", id="core.W001")]
    return []


@register()
def holidays_are_known(**kwargs: Any) -> list[CheckMessage]:
    """Warn when deadlines set three months from now would run into a year whose holidays are unknown."""
    horizon = timezone.localdate() + dt.timedelta(days=90)
    try:
        chinese_calendar.is_workday(horizon)
    except NotImplementedError:
        return [
            checks.Warning(
                f"The holiday calendar does not know {horizon.year} yet.",
                hint="Upgrade chinesecalendar, or enter the year's days in the admin under calendar days.",
                id="core.W002",
            )
        ]
    return []


@register(Tags.security)
def keys_are_usable(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with keys that are malformed."""
    try:
        crypto.blind_index("check", purpose="check")
        crypto.encrypt(b"check", context="check")
        crypto.load_key(settings.AUDIT_SIGNING_KEY, name="AUDIT_SIGNING_KEY")
    except Exception as error:  # noqa: BLE001  # whatever is wrong with a key is this check's message
        return [checks.Error(str(error), hint="Make a set with: python -m talentcard.core.keys", id="core.E001")]
    return []
