import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from talentcard.accounts.models import User
from talentcard.casework import queries
from talentcard.casework.operations import close_item, open_item, restart_clock, stop_clock
from tests.talentcard.casework.conftest import MONDAY, MakeItem

CHINA = ZoneInfo("Asia/Shanghai")


def end_of(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day} 23:59:59").replace(tzinfo=CHINA)


def test_item_is_due_after_its_working_days_and_reminded_of_a_day_before(make_item: MakeItem) -> None:
    item = make_item(working_days=5)

    assert (item.due_at, item.remind_at) == (end_of("2026-03-09"), end_of("2026-03-06"))


@pytest.mark.parametrize(("days", "due"), [(None, None), (1, end_of("2026-03-03"))])
def test_item_without_room_for_a_reminder_has_none(
    make_item: MakeItem, days: int | None, due: dt.datetime | None
) -> None:
    item = make_item(working_days=days)

    assert (item.due_at, item.remind_at) == (due, None)


def test_subject_waits_at_a_desk_once_at_a_time(make_item: MakeItem, officer: User) -> None:
    first = make_item()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_item(subject_id=first.subject_id)

    close_item(item=first, actor=officer, at=MONDAY)

    assert make_item(subject_id=first.subject_id).is_open


def test_desk_must_exist(db: None) -> None:
    import uuid

    with pytest.raises(KeyError):
        open_item(desk="nowhere", subject_id=uuid.uuid4(), number="T", working_days=1, at=MONDAY)


def test_close_keeps_who_and_when_and_the_first_of_two(make_item: MakeItem, officer: User, colleague: User) -> None:
    item = make_item()

    close_item(item=item, actor=officer, at=MONDAY)
    close_item(item=item, actor=colleague, at=MONDAY + dt.timedelta(days=1))

    item.refresh_from_db()
    assert (item.closed_by, item.closed_at) == (officer, MONDAY)
    assert not queries.inbox(officer, at=MONDAY).exists()


def test_stopped_clock_gives_back_the_working_days_that_were_left(make_item: MakeItem) -> None:
    item = make_item(working_days=5)

    # Wednesday: Thursday, Friday and Monday are left.
    item = stop_clock(item=item, at=MONDAY + dt.timedelta(days=2))
    assert (item.due_at, item.remind_at, item.days_left) == (None, None, 3)
    item = stop_clock(item=item, at=MONDAY + dt.timedelta(days=3))
    # The Wednesday two weeks later: Thursday, Friday, Monday again.
    item = restart_clock(item=item, at=MONDAY + dt.timedelta(days=16))

    assert (item.due_at, item.remind_at, item.days_left) == (end_of("2026-03-23"), end_of("2026-03-20"), None)


def test_clock_stopped_on_its_last_day_leaves_a_working_day_when_it_goes_on(make_item: MakeItem) -> None:
    item = stop_clock(item=make_item(working_days=5), at=MONDAY + dt.timedelta(days=7))
    assert item.days_left == 1

    # On a Saturday: Monday is left.
    item = restart_clock(item=item, at=MONDAY + dt.timedelta(days=19))

    assert item.due_at == end_of("2026-03-23")


def test_nobody_gains_time_by_stopping_the_clock_after_the_deadline(make_item: MakeItem) -> None:
    made = make_item(working_days=5)

    for operation, day in ((stop_clock, 14), (restart_clock, 21)):
        item = operation(item=made, at=MONDAY + dt.timedelta(days=day))
        assert (item.due_at, item.remind_at, item.days_left) == (made.due_at, made.remind_at, None)


def test_clock_without_a_limit_has_nothing_to_stop(make_item: MakeItem) -> None:
    item = stop_clock(item=make_item(working_days=None), at=MONDAY)

    assert (item.due_at, item.days_left) == (None, None)


def test_inbox_shows_the_scope_by_deadline(make_item: MakeItem, officer: User, elsewhere: User) -> None:
    late, soon, endless = make_item(working_days=9), make_item(working_days=3), make_item(working_days=None)
    there = make_item(district="heping")

    assert list(queries.inbox(officer, at=MONDAY)) == [soon, late, endless]
    assert list(queries.inbox(elsewhere, at=MONDAY)) == [there]
