import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from talentcard.accounts.models import User
from talentcard.casework import operations
from talentcard.casework.models import Absence, Handover, WorkItem
from tests.talentcard.casework.conftest import MakeItem

Login = Callable[[User], Client]


def url(name: str, *args: Any) -> str:
    return reverse(f"casework:{name}", args=args)


@pytest.fixture
def item(make_item: MakeItem) -> WorkItem:
    return make_item(at=timezone.now(), working_days=None)


def test_officer_takes_an_item_on_and_puts_it_back(item: WorkItem, officer: User, login: Login) -> None:
    client = login(officer)

    response = client.post(url("item-claim", item.pk))
    item.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, f"/subjects/{item.subject_id}/")
    assert item.assignee == officer

    client.post(url("item-release", item.pk))
    item.refresh_from_db()
    assert item.assignee is None


def test_page_says_who_has_it_when_one_is_too_late(
    item: WorkItem, officer: User, colleague: User, login: Login
) -> None:
    operations.claim(actor=officer, item=item, at=timezone.now())

    with translation.override("en"):
        response = login(colleague).post(url("item-claim", item.pk), HTTP_ACCEPT_LANGUAGE="en")

    messages = [str(message) for message in response.wsgi_request._messages]
    assert messages == [f"Alice has taken on {item.number}."]


def test_hand_over_offers_who_may_act_and_refuses_others(
    item: WorkItem, officer: User, colleague: User, elsewhere: User, login: Login
) -> None:
    client = login(officer)
    operations.claim(actor=officer, item=item, at=timezone.now())

    page = client.get(url("item-hand-over", item.pk))
    refused = client.post(url("item-hand-over", item.pk), {"to": elsewhere.pk})
    done = client.post(url("item-hand-over", item.pk), {"to": colleague.pk, "reason": "on leave"})

    assert set(page.context["form"].fields["to"].queryset) == {officer, colleague}
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["to"])
    assert done.status_code == 302
    item.refresh_from_db()
    assert item.assignee == colleague


def test_head_sees_what_lies_with_the_office(
    make_item: MakeItem, item: WorkItem, head: User, officer: User, login: Login, django_assert_num_queries: Any
) -> None:
    make_item(district="heping")
    client = login(head)
    client.get(url("office"))

    with django_assert_num_queries(9) as one:
        numbers = [row["number"] for row in client.get(url("office")).context["rows"]]
    more = [make_item() for _ in range(2)]
    with django_assert_num_queries(len(one)):
        client.get(url("office"))

    assert numbers == [item.number]
    assert len(more) == 2
    assert login(officer).get(url("office")).status_code == 403


def test_days_away_are_entered_and_taken_back(officer: User, colleague: User, login: Login) -> None:
    client, today = login(officer), timezone.localdate()
    days = {"user": officer.pk, "first_day": today.isoformat(), "last_day": (today + dt.timedelta(days=2)).isoformat()}

    wrong = client.post(url("absence-list"), {**days, "last_day": "2020-01-01"})
    done = client.post(url("absence-list"), {**days, "deputy": colleague.pk})
    absence = Absence.objects.get()
    shown = client.get(url("absence-list")).context["items"]
    client.post(url("absence-cancel", absence.pk))

    assert (wrong.status_code, list(wrong.context["form"].errors)) == (400, ["last_day"])
    assert (done.status_code, absence.deputy) == (302, colleague)
    assert [each["deputy"] for each in shown] == ["Bob"]
    assert not Absence.objects.exists()


def test_outsider_changes_nothing(item: WorkItem, officer: User, outsider: User, login: Login) -> None:
    operations.claim(actor=officer, item=item, at=timezone.now())
    absence = Absence.objects.create(user=officer, first_day=timezone.localdate(), last_day=timezone.localdate())
    days = {"user": officer.pk, "first_day": "2099-01-01", "last_day": "2099-01-02"}
    client = login(outsider)

    answers = [
        client.post(url("item-claim", item.pk)),
        client.post(url("item-release", item.pk)),
        client.post(url("item-hand-over", item.pk), {"to": outsider.pk}),
        client.get(url("item-hand-over", item.pk)),
        client.get(url("office")),
        client.post(url("absence-list"), days),
        client.post(url("absence-cancel", absence.pk)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 403, 400, 404]
    assert (Handover.objects.count(), list(Absence.objects.all())) == (1, [absence])


@pytest.mark.parametrize("name", ["office", "absence-list"])
def test_pages_are_for_people_who_signed_in(client: Client, db: None, name: str) -> None:
    assert client.get(url(name)).status_code == 302
