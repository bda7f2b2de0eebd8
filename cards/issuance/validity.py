"""How long a card is valid, and other periods in months."""

import calendar
import datetime as dt

from django.utils import timezone


def validity_end(start: dt.datetime, months: int) -> dt.datetime:
    """Return the last second of the day that lies so many calendar months after the start's own local day.

    A month without that day ends on its last one (Civil Code of the PRC, art. 202).
    """
    date = add_months(timezone.localdate(start), months)
    return timezone.make_aware(dt.datetime.combine(date, dt.time(23, 59, 59)))


def add_months(date: dt.date, months: int) -> dt.date:
    """Return the day so many calendar months later; a month without that day gives its last one."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))
