import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import Organisation, User
from talentcard.casework import desks
from talentcard.casework.desks import Desk
from talentcard.casework.models import WorkItem
from talentcard.casework.operations import open_item
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role

DESK = "tests.desk"
# A Monday; the week after it has no public holiday.
MONDAY = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))

MakeItem = Callable[..., WorkItem]


@pytest.fixture
def too_near() -> Iterator[set[Any]]:
    """Register a desk of preliminary reviewers; return the ids of those who are too near to every subject."""
    ids: set[Any] = set()
    desks.register(
        Desk(
            slug=DESK,
            title="Test desk",
            role=Role.PRELIMINARY_REVIEWER,
            url=lambda subject_id: f"/subjects/{subject_id}/",
            may_handle=lambda user, _subject_id: user.pk not in ids,
        )
    )
    yield ids
    del desks._desks[DESK]


@pytest.fixture
def make_item(db: None, too_near: set[Any]) -> MakeItem:
    """Return a function that puts a subject of Binhai on the desk, for five working days."""
    serial = itertools.count(1)

    def make(**details: Any) -> WorkItem:
        defaults = {"subject_id": uuid.uuid4(), "number": f"T{next(serial):03d}", "district": "binhai", "tier": "B"}
        return open_item(**{"desk": DESK, "working_days": 5, "at": MONDAY, **defaults, **details})

    return make


@pytest.fixture
def office(db: None) -> Organisation:
    return OrganisationFactory(kind=OrganisationKind.DISTRICT_OFFICE, district="binhai")


@pytest.fixture
def officer(office: Organisation) -> User:
    return give_role(UserFactory(username="alice", organisation=office), Role.PRELIMINARY_REVIEWER, district="binhai")


@pytest.fixture
def colleague(office: Organisation) -> User:
    return give_role(UserFactory(username="bob", organisation=office), Role.PRELIMINARY_REVIEWER, district="binhai")


@pytest.fixture
def elsewhere(db: None) -> User:
    """An officer of another district."""
    user = UserFactory(username="heping", organisation=OrganisationFactory(district="heping"))
    return give_role(user, Role.PRELIMINARY_REVIEWER, district="heping")


@pytest.fixture
def head(office: Organisation) -> User:
    return give_role(UserFactory(username="head", organisation=office), Role.HEAD)
