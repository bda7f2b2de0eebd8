import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.casework import queries
from talentcard.casework.choices import RATINGS_DESK, RatingLevel
from talentcard.casework.models import Rating, WorkItem
from talentcard.casework.operations import AlreadyAnswered, AlreadyRated, answer_rating, rate
from talentcard.casework.rating_queries import satisfaction
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.core.workdays import add_working_days
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role

NOW = timezone.now()


@pytest.fixture
def head(db: None) -> User:
    return give_role(UserFactory(organisation=OrganisationFactory()), Role.HEAD)


@pytest.fixture
def person(db: None) -> User:
    return UserFactory()


def give(person: User, head: User, level: int = 1, **changes: Any) -> Rating:
    fields: dict[str, Any] = {"kind": "tests.case", "subject_id": uuid.uuid4(), "number": "T-1", "comment": "太慢"}
    return rate(actor=person, level=level, office=head.organisation, at=NOW, **fields | changes)


def answer(actor: User, rating: Rating, text: str = "已当面致歉并办结") -> Rating:
    return answer_rating(actor=actor, rating=rating, text=text, at=NOW)


@pytest.mark.parametrize("level", RatingLevel.values)
def test_bad_ratings_wait_for_the_head_of_the_office_and_no_others(person: User, head: User, level: int) -> None:
    give_role(UserFactory(organisation=OrganisationFactory()), Role.HEAD)
    rating = give(person, head, level)

    if level > RatingLevel.DISSATISFIED:
        assert (rating.item, WorkItem.objects.count(), Message.objects.count()) == (None, 0, 0)
        return
    item = WorkItem.objects.open().get()
    assert (item.desk, item.subject_id, item.assignee) == (RATINGS_DESK, rating.pk, head)
    assert item.due_at == add_working_days(NOW, 5)
    assert list(queries.of_office(head, at=NOW)) == [item]
    assert list(Message.objects.values_list("event", "recipient")) == [("casework.rated_low", head.pk)]


def test_answered_once_by_the_head_and_read_by_who_rated(person: User, head: User) -> None:
    rating = give(person, head)
    with pytest.raises(InvalidInput):
        answer(head, rating, " ")

    answer(head, rating)
    with pytest.raises(AlreadyAnswered):
        answer(head, rating)

    rating.refresh_from_db()
    assert (rating.answer, rating.answered_by, rating.item and rating.item.closed_by) == (
        "已当面致歉并办结",
        head,
        head,
    )
    assert Message.objects.filter(event="casework.rating_answered", recipient=person).count() == 1
    with pytest.raises(AlreadyAnswered):
        answer(head, give(person, head, 4))


def test_nobody_else_answers_and_nobody_their_own(person: User, head: User) -> None:
    rating, own = give(person, head), give(head, head)
    colleague = UserFactory(organisation=head.organisation)
    elsewhere = give_role(UserFactory(organisation=OrganisationFactory()), Role.HEAD)

    for actor in (person, colleague, elsewhere):
        with pytest.raises(NotAllowed):
            answer(actor, rating)
    with pytest.raises(NotAllowed):
        answer(head, own)
    assert own.item is not None
    assert own.item.assignee is None
    assert not Rating.objects.exclude(answered_at=None).exists()


def test_rated_once_by_each_and_in_five_levels_only(person: User, head: User) -> None:
    subject = uuid.uuid4()
    give(person, head, 5, subject_id=subject)
    with pytest.raises(AlreadyRated):
        give(person, head, 1, subject_id=subject)
    for level in (0, 6, -1):
        with pytest.raises(InvalidInput):
            give(person, head, level)

    give(UserFactory(), head, 5, subject_id=subject)
    give(person, head, 5, subject_id=subject, kind="tests.other")
    assert Rating.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_rated_twice_at_once_is_rated_once(person: User, head: User) -> None:
    subject = uuid.uuid4()

    def attempt() -> str:
        try:
            give(person, head, subject_id=subject)
        except AlreadyRated as refusal:
            return refusal.code
        return ""

    assert sorted(at_once([attempt, attempt])) == ["", "already_rated"]
    assert (Rating.objects.count(), WorkItem.objects.count()) == (1, 1)


def test_satisfaction_is_the_share_of_the_upper_three_levels(
    person: User, head: User, django_assert_num_queries: Any
) -> None:
    span = {"since": NOW - dt.timedelta(days=1), "until": NOW + dt.timedelta(days=1)}
    assert satisfaction(**span).share is None
    for level in (5, 4, 3, 2):
        give(person, head, level)
    give(person, head, 1, kind="tests.other")

    with django_assert_num_queries(1):
        found = satisfaction(**span, kind="tests.case", office=head.organisation)

    assert (found.total, found.share) == (4, 0.75)
    assert satisfaction(**span).share == 0.6
    assert satisfaction(**span, office=OrganisationFactory()).total == 0
    assert satisfaction(since=NOW + dt.timedelta(seconds=1), until=span["until"]).total == 0


def test_page_takes_the_answer_and_is_nobody_elses(person: User, head: User, login: Any) -> None:
    rating = give(person, head)
    path = rating.get_absolute_url()

    assert Client().get(path).status_code == 302
    assert login(UserFactory()).get(path).status_code == 404
    assert login(UserFactory()).post(path, {"text": "x"}).status_code == 404
    assert "太慢" in login(person).get(path).content.decode()
    assert login(person).post(path, {"text": "x"}).status_code == 403
    assert login(head).post(path, {"text": ""}).status_code == 400
    assert not Rating.objects.exclude(answered_at=None).exists()
    assert login(head).post(path, {"text": "已改进"}).status_code == 302
    assert "已改进" in login(person).get(path).content.decode()
