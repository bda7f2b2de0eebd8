import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.casework import operations
from talentcard.casework.models import WorkItem
from talentcard.casework.operations import chase
from talentcard.casework.tasks import chase as chase_task
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.talentcard.casework.conftest import MONDAY, MakeItem

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


def told() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("event", "recipient__username"))


def take(user: User, item: WorkItem) -> WorkItem:
    return operations.claim(actor=user, item=item, at=MONDAY)


def test_officer_is_reminded_once_and_not_too_early(make_item: MakeItem, officer: User, colleague: User) -> None:
    item = take(officer, make_item())
    assert item.remind_at is not None

    counts = [chase(at=at) for at in (item.remind_at - SECOND, item.remind_at, item.remind_at + DAY)]

    assert counts == [0, 1, 0]
    assert told() == [("casework.due_soon", "alice")]


def test_deadline_that_passes_is_told_to_the_officer_and_their_head_once(
    make_item: MakeItem, officer: User, colleague: User, head: User
) -> None:
    give_role(UserFactory(username="other-head", organisation=OrganisationFactory()), Role.HEAD)
    item = take(officer, make_item(working_days=1))
    assert item.due_at is not None

    counts = [chase(at=at) for at in (item.due_at - SECOND, item.due_at, item.due_at + 9 * DAY)]

    assert counts == [0, 1, 0]
    assert told() == [("casework.overdue", "alice"), ("casework.overdue_in_office", "head")]


def test_what_nobody_has_is_told_to_all_who_might_take_it(
    make_item: MakeItem, officer: User, colleague: User, elsewhere: User, head: User, too_near: set[Any]
) -> None:
    make_item()
    too_near.add(colleague.pk)

    chase(at=MONDAY + 30 * DAY)

    # Long overdue: the reminder would come too late to help.
    assert told() == [("casework.overdue", "alice"), ("casework.overdue_in_office", "head")]


def test_deputy_is_told_in_the_place_of_who_is_away(make_item: MakeItem, officer: User, colleague: User) -> None:
    item = take(officer, make_item())
    assert item.remind_at is not None
    operations.declare_absence(
        actor=officer,
        user=officer,
        first_day=MONDAY.date(),
        last_day=MONDAY.date() + 30 * DAY,
        deputy=colleague,
        at=MONDAY,
    )

    chase(at=item.remind_at)

    assert told() == [("casework.due_soon", "bob")]


def test_clock_that_stands_still_and_what_is_closed_are_not_chased(make_item: MakeItem, officer: User) -> None:
    operations.stop_clock(item=make_item(), at=MONDAY)
    operations.close_item(item=make_item(), actor=officer, at=MONDAY)
    make_item(working_days=None)

    assert chase(at=MONDAY + 90 * DAY) == 0


def test_deadline_that_was_set_anew_is_chased_anew(make_item: MakeItem, officer: User) -> None:
    item = take(officer, make_item())
    assert item.remind_at is not None
    chase(at=item.remind_at)
    operations.stop_clock(item=item, at=item.remind_at)
    item = operations.restart_clock(item=item, at=item.remind_at + 2 * DAY)

    assert item.due_at is not None
    assert item.reminded_at is None
    assert chase(at=item.due_at + DAY) == 1
    assert told() == [("casework.due_soon", "alice"), ("casework.overdue", "alice")]


def test_one_item_that_fails_holds_up_no_other(
    make_item: MakeItem, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = take(officer, make_item()), take(officer, make_item())
    get_absolute_url = WorkItem.get_absolute_url

    def fail_for_one(item: WorkItem) -> str:
        if item == bad:
            raise RuntimeError
        return get_absolute_url(item)

    monkeypatch.setattr(WorkItem, "get_absolute_url", fail_for_one)
    assert chase(at=MONDAY + 30 * DAY) == 1
    monkeypatch.undo()

    assert chase(at=MONDAY + 30 * DAY) == 1
    assert Message.objects.get(params={"number": good.number}).event == "casework.overdue"
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_chase_at_once_tell_once(make_item: MakeItem, officer: User) -> None:
    for _ in range(5):
        make_item()

    at_once([lambda: chase(at=MONDAY + 30 * DAY)] * 3)

    assert told() == [("casework.overdue", "alice")] * 5


def test_task_chases_by_the_clock_on_the_wall(make_item: MakeItem, officer: User) -> None:
    make_item(at=timezone.now(), working_days=None)
    WorkItem.objects.update(due_at=timezone.now() - SECOND)

    chase_task()

    assert told() == [("casework.overdue", "alice")]
