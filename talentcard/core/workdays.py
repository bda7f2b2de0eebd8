"""Working days of the People's Republic of China, public holidays and make-up workdays included.

Source: the State Council's yearly notice, as kept by `chinesecalendar`; `CalendarDay` rows override it and are the
way to enter a year the library does not know yet.
"""

import datetime as dt
import functools
import math

import chinese_calendar
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talentcard.core.errors import DomainError
from talentcard.core.models import CalendarDay


class CalendarUnknown(DomainError):
    """The year's holidays are not known, so no deadline can be promised in it."""

    code = "calendar_unknown"
    message = _("The holidays of %(year)s are not known yet. An administrator must enter its calendar.")
    http_status = 503


def is_working_day(date: dt.date) -> bool:
    """Tell whether government offices work on a day.

    :raises CalendarUnknown: if neither an administrator nor the library knows the year
    """
    declared = CalendarDay.objects.filter(date=date).values_list("is_working_day", flat=True).first()
    return _published(date) if declared is None else declared


def add_working_days(start: dt.datetime, days: int) -> dt.datetime:
    """Return the end of the `days`-th working day after `start`'s own local day.

    The day of the event itself is not counted (Civil Code of the PRC, art. 201); the period ends with the last
    moment of its last day (art. 203). In the demonstration a working day lasts `DEMO_WORKING_DAY_SECONDS`.

    :raises CalendarUnknown: if the period runs into a year whose holidays are unknown
    """
    if settings.DEMO_WORKING_DAY_SECONDS:
        return start + dt.timedelta(seconds=days * settings.DEMO_WORKING_DAY_SECONDS)
    date = timezone.localtime(start).date()
    # A period of n working days never needs more than this many days.
    calendar = _Calendar(date, date + dt.timedelta(days=days * 3 + 30))
    remaining = days
    while remaining > 0:
        date += dt.timedelta(days=1)
        remaining -= calendar.is_working_day(date)
    return timezone.make_aware(dt.datetime.combine(date, dt.time(23, 59, 59)))


def working_days_until(end: dt.datetime, *, at: dt.datetime) -> int:
    """Return how many working days are left of a period that ends with `end`: what `add_working_days` needs again.

    The current day is not counted, for it is not counted either when the period goes on; zero once the end has come.

    :raises CalendarUnknown: if the period runs into a year whose holidays are unknown
    """
    if settings.DEMO_WORKING_DAY_SECONDS:
        return max(0, math.ceil((end - at).total_seconds() / settings.DEMO_WORKING_DAY_SECONDS))
    date, last = timezone.localtime(at).date(), timezone.localtime(end).date()
    calendar = _Calendar(date, last)
    return sum(calendar.is_working_day(date + dt.timedelta(days=days + 1)) for days in range((last - date).days))


class _Calendar:
    """The working days of a span, with one query for what an administrator declared."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        declared = CalendarDay.objects.filter(date__range=(first, last))
        self._declared = dict(declared.values_list("date", "is_working_day"))

    def is_working_day(self, date: dt.date) -> bool:
        return self._declared[date] if date in self._declared else _published(date)


@functools.lru_cache(maxsize=2048)
def _published(date: dt.date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(date))
    except NotImplementedError as error:
        raise CalendarUnknown(year=date.year) from error
