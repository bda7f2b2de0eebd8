import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.accounts.rules import has_role
from tests.factories.accounts import UserFactory, give_role

NOW = timezone.now()
DAY = dt.timedelta(days=1)


def test_has_role_counts_only_within_its_scope(preliminary_reviewer: User) -> None:
    assert has_role(preliminary_reviewer, Role.PRELIMINARY_REVIEWER)
    assert has_role(preliminary_reviewer, Role.PRELIMINARY_REVIEWER, district="binhai")
    assert not has_role(preliminary_reviewer, Role.PRELIMINARY_REVIEWER, district="heping")
    assert not has_role(preliminary_reviewer, Role.SECOND_REVIEWER, district="binhai")


def test_has_role_without_a_scope_is_unlimited(second_reviewer: User) -> None:
    assert has_role(second_reviewer, Role.SECOND_REVIEWER, district="heping", tier="A")


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "expected"),
    [(NOW + DAY, None, False), (None, NOW - DAY, False), (NOW - DAY, NOW + DAY, True)],
)
def test_has_role_counts_only_within_its_period(
    db: None, valid_from: dt.datetime | None, valid_until: dt.datetime | None, expected: bool
) -> None:
    user = give_role(UserFactory(), Role.ISSUER, valid_from=valid_from, valid_until=valid_until)

    assert has_role(user, Role.ISSUER) is expected


def test_has_role_of_somebody_deactivated_is_nothing(issuer: User) -> None:
    issuer.is_active = False

    assert not has_role(issuer, Role.ISSUER)


def test_roles_are_asked_for_once(issuer: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        for role in Role:
            has_role(issuer, role)
