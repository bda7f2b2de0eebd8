import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from talentcard.accounts.models import User
from talentcard.casework import operations
from talentcard.casework.models import Absence, Handover, WorkItem
from tests.talentcard.casework.conftest import MakeItem

ApiFor = Callable[[User], APIClient]
ITEMS, ABSENCES = "/api/v1/work-items/", "/api/v1/absences/"


@pytest.fixture
def item(make_item: MakeItem) -> WorkItem:
    return make_item(at=timezone.now(), working_days=None)


def numbers(client: APIClient, show: str = "inbox") -> list[str]:
    return [entry["number"] for entry in client.get(ITEMS, {"show": show}).json()["results"]]


def test_items_are_listed_claimed_handed_over_and_put_back(
    item: WorkItem, officer: User, colleague: User, head: User, api_for: ApiFor
) -> None:
    alice, bob, boss = api_for(officer), api_for(colleague), api_for(head)
    path = f"{ITEMS}{item.pk}/"

    claimed = alice.post(f"{path}claim/")
    assert claimed.json()["assignee"] == {"id": str(officer.pk), "username": "alice", "name": "Alice"}
    assert (numbers(alice), numbers(bob), numbers(bob, "others")) == ([item.number], [], [item.number])

    taken = bob.post(f"{path}claim/")
    assert (taken.status_code, taken.json()["code"]) == (409, "item_taken")

    given = alice.post(f"{path}hand-over/", {"to": "bob", "reason": "on leave"})
    assert given.json()["assignee"]["username"] == "bob"
    assert numbers(boss, "office") == [item.number]

    back = boss.post(f"{path}release/")
    assert back.json()["assignee"] is None


def test_list_asks_as_often_for_three_items_as_for_one(
    make_item: MakeItem, item: WorkItem, officer: User, api_for: ApiFor, django_assert_num_queries: Any
) -> None:
    client = api_for(officer)
    client.get(ITEMS)
    with django_assert_num_queries(6) as one:
        client.get(ITEMS)
    for _ in range(2):
        operations.claim(actor=officer, item=make_item(), at=timezone.now())

    with django_assert_num_queries(len(one)):
        assert len(numbers(client)) == 3


def test_absences_are_entered_and_taken_back(officer: User, head: User, api_for: ApiFor) -> None:
    today = timezone.localdate()
    days = {"first_day": today.isoformat(), "last_day": (today + dt.timedelta(days=1)).isoformat()}

    own = api_for(officer).post(ABSENCES, days)
    again = api_for(officer).post(ABSENCES, days)
    by_head = api_for(head).post(ABSENCES, {"user": "alice", "first_day": "2099-01-01", "last_day": "2099-01-02"})

    assert (own.status_code, own.json()["user"]["username"]) == (201, "alice")
    assert (again.status_code, [error["field"] for error in again.json()["errors"]]) == (400, ["first_day"])
    assert by_head.status_code == 201
    assert len(api_for(head).get(ABSENCES).json()) == 2
    assert api_for(officer).delete(f"{ABSENCES}{own.json()['id']}/").status_code == 204
    assert Absence.objects.count() == 1


def test_nobody_learns_who_has_a_user_name(officer: User, outsider: User, api_for: ApiFor) -> None:
    days = {"first_day": "2099-01-01", "last_day": "2099-01-02"}
    client = api_for(outsider)

    answers = [
        client.post(ABSENCES, {**days, field: name}) for field in ("deputy", "user") for name in ("alice", "nobody")
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert not Absence.objects.exists()


def test_outsider_changes_nothing(
    item: WorkItem, officer: User, outsider: User, api_for: ApiFor, api: APIClient
) -> None:
    absence = Absence.objects.create(user=officer, first_day=timezone.localdate(), last_day=timezone.localdate())
    days = {"user": "alice", "first_day": "2099-01-01", "last_day": "2099-01-02"}
    client, path = api_for(outsider), f"{ITEMS}{item.pk}/"

    answers = [
        client.post(f"{path}claim/"),
        client.post(f"{path}release/"),
        client.post(f"{path}hand-over/", {"to": "alice"}),
        client.post(ABSENCES, days),
        client.delete(f"{ABSENCES}{absence.pk}/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 400, 404]
    assert [numbers(client, show) for show in ("inbox", "others", "office")] == [[], [], []]
    assert api.get(ITEMS).status_code in (401, 403)
    assert (Handover.objects.count(), list(Absence.objects.all())) == (0, [absence])
