import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentcard.core.models import CalendarDay
from talentcard.core.workdays import CalendarUnknown, add_working_days, is_working_day, working_days_until

CHINA = ZoneInfo("Asia/Shanghai")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "days", "last_day"),
    [
        ("2026-03-02 09:00", 5, "2026-03-09"),  # Monday to Monday: the day itself is not counted
        ("2026-03-06 16:00", 1, "2026-03-09"),  # over a weekend
        ("2026-02-13 10:00", 2, "2026-02-24"),  # over the Spring Festival; Saturday the 14th is a make-up workday
        ("2026-09-30 10:00", 1, "2026-10-08"),  # over the National Day holidays
    ],
)
def test_add_working_days_follows_the_official_calendar(db: None, start: str, days: int, last_day: str) -> None:
    assert add_working_days(at(start), days) == at(f"{last_day} 23:59:59")


def test_add_working_days_counts_the_local_day(db: None) -> None:
    late_on_sunday_in_utc = dt.datetime(2026, 3, 1, 17, 0, tzinfo=dt.UTC)  # Monday 01:00 in Tianjin

    assert add_working_days(late_on_sunday_in_utc, 1) == at("2026-03-03 23:59:59")


def test_administrators_day_overrides_the_calendar(db: None) -> None:
    CalendarDay.objects.create(date=dt.date(2026, 3, 3), is_working_day=False)

    assert is_working_day(dt.date(2026, 3, 3)) is False
    assert add_working_days(at("2026-03-02 09:00"), 1) == at("2026-03-04 23:59:59")


def test_year_nobody_knows_is_an_error_not_a_guess(db: None) -> None:
    with pytest.raises(CalendarUnknown, match="2099"):
        add_working_days(at("2099-03-02 09:00"), 1)


def test_year_an_administrator_entered_is_known(db: None) -> None:
    for day in range(2, 6):
        CalendarDay.objects.create(date=dt.date(2099, 3, day), is_working_day=True)

    assert add_working_days(at("2099-03-02 09:00"), 2) == at("2099-03-04 23:59:59")


MORNINGS = st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 1)).map(lambda day: at(f"{day} 09:00"))


@pytest.mark.django_db
@given(moment=MORNINGS, days=st.integers(0, 60))
def test_days_left_are_those_that_were_given(moment: dt.datetime, days: int) -> None:
    assert working_days_until(add_working_days(moment, days), at=moment) == days


@pytest.mark.django_db
@given(
    moment=MORNINGS,
    days=st.integers(1, 30),
    stopped=st.integers(0, 40),
    pause=st.integers(0, 60),
)
def test_a_clock_that_stood_still_loses_no_working_day(
    moment: dt.datetime, days: int, stopped: int, pause: int
) -> None:
    stop = moment + dt.timedelta(days=stopped)
    due = add_working_days(moment, days)
    used = days - working_days_until(due, at=stop)
    goes_on = stop + dt.timedelta(days=pause)

    later = add_working_days(goes_on, working_days_until(due, at=stop))

    assert working_days_until(later, at=goes_on) + used == days


def test_no_day_is_left_once_the_end_has_come(db: None) -> None:
    end = at("2026-03-09 23:59:59")

    assert [working_days_until(end, at=at(f"2026-03-{day} 12:00")) for day in ("06", "08", "09", "10", "20")] == [
        1,
        1,
        0,
        0,
        0,
    ]
