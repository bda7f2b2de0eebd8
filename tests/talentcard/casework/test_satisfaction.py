"""Who reads how satisfied people are, and of which office."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from talentcard.accounts.choices import Role
from talentcard.accounts.models import Organisation, User
from talentcard.casework.operations import rate
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role

PAGE, API = reverse("casework:satisfaction"), reverse("api-satisfaction")


@pytest.fixture
def head(db: None) -> User:
    return give_role(UserFactory(organisation=OrganisationFactory()), Role.HEAD)


def give(office: Organisation | None, level: int, *, days_ago: int = 0) -> str:
    number = f"T-{uuid.uuid4().hex[:8]}"
    at = timezone.now() - dt.timedelta(days=days_ago)
    rate(
        actor=UserFactory(),
        kind="tests.case",
        subject_id=uuid.uuid4(),
        number=number,
        level=level,
        office=office,
        at=at,
    )
    return number


def test_heads_read_of_their_office_and_auditors_of_all(head: User, auditor: User, login: Any, api_for: Any) -> None:
    own = give(head.organisation, 1)
    give(head.organisation, 5)
    others = give(OrganisationFactory(), 2)

    assert api_for(head).get(API).json() == {
        "total": 2,
        "share": 0.5,
        "by_level": [{"level": level, "count": int(level in (5, 1))} for level in (5, 4, 3, 2, 1)],
    }
    assert api_for(auditor).get(API).json()["total"] == 3
    for user, numbers in ((head, {own}), (auditor, {own, others})):
        text = login(user).get(PAGE).content.decode()
        assert {number for number in (own, others) if number in text} == numbers


def test_a_period_takes_in_both_its_days(head: User, api_for: Any) -> None:
    for days_ago in (0, 3, 40):
        give(head.organisation, 5, days_ago=days_ago)

    def total(**period: object) -> int:
        found: int = api_for(head).get(API, period).json()["total"]
        return found

    today = timezone.localdate()
    third = today - dt.timedelta(days=3)
    assert total() == 2
    assert total(since=third, until=third) == 1
    assert total(since=today - dt.timedelta(days=40)) == 3
    assert total(until=today - dt.timedelta(days=35)) == 1


@pytest.mark.parametrize("period", [{"since": "yesterday"}, {"since": "2026-02-01", "until": "2026-01-31"}])
def test_a_wrong_period_is_refused_by_name(period: dict[str, str], head: User, login: Any, api_for: Any) -> None:
    answer = api_for(head).get(API, period)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, list(period)[-1])
    assert login(head).get(PAGE, period).status_code == 400


def test_nobody_else_reads_it(outsider: User, second_reviewer: User, login: Any, api_for: Any) -> None:
    assert Client().get(PAGE).status_code == 302
    for user in (outsider, second_reviewer):
        assert (login(user).get(PAGE).status_code, api_for(user).get(API).status_code) == (403, 403)


def test_the_page_asks_as_much_for_three_as_for_one(head: User, login: Any) -> None:
    counts = []
    for _ in range(3):
        give(head.organisation, 1)
        browser = login(head)
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        counts.append(len(queries))

    assert len(set(counts)) == 1
