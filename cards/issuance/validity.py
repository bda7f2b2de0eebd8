"""How long a card is valid."""

import calendar
import datetime as dt

from django.utils import timezone


def validity_end(start: dt.datetime, months: int) -> dt.datetime:
    """Return the last second of the day that lies so many calendar months after the start's own local day.

    A month without that day ends on its last one (Civil Code of the PRC, art. 202).
    """
    date = timezone.localdate(start)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    day = min(date.day, calendar.monthrange(year, month + 1)[1])
    return timezone.make_aware(dt.datetime.combine(dt.date(year, month + 1, day), dt.time(23, 59, 59)))
