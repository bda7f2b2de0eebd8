"""Working days of the People's Republic of China, public holidays and make-up workdays included.

Source: the State Council's yearly notice, as kept by `chinesecalendar`; `CalendarDay` rows override it and are the
way to enter a year the library does not know yet.
"""

import datetime as dt
import functools

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
    # One query for the whole span: a period of n working days never needs more than this many days.
    span_end = date + dt.timedelta(days=days * 3 + 30)
    declared = dict(CalendarDay.objects.filter(date__range=(date, span_end)).values_list("date", "is_working_day"))
    remaining = days
    while remaining > 0:
        date += dt.timedelta(days=1)
        if declared[date] if date in declared else _published(date):
            remaining -= 1
    return timezone.make_aware(dt.datetime.combine(date, dt.time(23, 59, 59)))


@functools.lru_cache(maxsize=2048)
def _published(date: dt.date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(date))
    except NotImplementedError as error:
        raise CalendarUnknown(year=date.year) from error
