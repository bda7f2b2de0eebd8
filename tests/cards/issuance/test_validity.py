import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from cards.issuance.validity import validity_end

CITY = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("start", "months", "last_day"),
    [
        (dt.date(2026, 11, 23), 36, dt.date(2029, 11, 23)),
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2027, 12, 31), 2, dt.date(2028, 2, 29)),
        (dt.date(2028, 2, 29), 12, dt.date(2029, 2, 28)),
        (dt.date(2026, 12, 1), 12, dt.date(2027, 12, 1)),
    ],
)
def test_validity_ends_with_the_last_second_of_a_day(start: dt.date, months: int, last_day: dt.date) -> None:
    end = validity_end(dt.datetime.combine(start, dt.time(9), CITY), months)

    assert end == dt.datetime.combine(last_day, dt.time(23, 59, 59), CITY)


def test_validity_counts_from_the_day_in_the_city() -> None:
    late_in_london = dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC)

    assert validity_end(late_in_london, 12) == dt.datetime(2027, 11, 23, 23, 59, 59, tzinfo=CITY)
