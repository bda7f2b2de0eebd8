import pytest

from talentcard.accounts.models import User
from talentcard.core import pagination
from talentcard.core.pagination import BoundedPaginator, count_up_to
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> list[User]:
    monkeypatch.setattr(pagination, "LONGEST_LIST", 4)
    return [UserFactory() for _ in range(5)]


def test_bounded_paginator_offers_the_first_ones_and_says_that_there_are_more(people: list[User]) -> None:
    paginator = BoundedPaginator(User.objects.order_by("created_at"), 2)

    assert (paginator.count, paginator.num_pages, paginator.has_more) == (4, 2, True)
    assert list(paginator.get_page("99")) == people[2:4]


def test_bounded_paginator_of_no_more_than_it_offers_is_like_any(people: list[User]) -> None:
    people.pop().delete()

    paginator = BoundedPaginator(User.objects.order_by("created_at"), 2)

    assert (paginator.count, paginator.num_pages, paginator.has_more) == (4, 2, False)
    assert list(paginator.page(2)) == people[2:4]


@pytest.mark.parametrize(("most", "found"), [(3, 3), (5, 5), (6, 5)])
def test_count_up_to_stops_at_the_bound(people: list[User], most: int, found: int) -> None:
    assert count_up_to(User.objects.order_by("username"), most) == found
