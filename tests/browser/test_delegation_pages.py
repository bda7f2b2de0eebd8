"""What an office has left to others, in a real browser."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from cards.nominations import operations
from cards.nominations.choices import Step
from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faulty_pages
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import make_policy


@pytest.fixture
def head(preliminary_reviewer: User) -> User:
    """The head of an office that has left a step to a park."""
    make_policy()
    park = OrganisationFactory(kind=OrganisationKind.PARK_OFFICE, name_zh="天开园管委会", name_en="Tiankai Park")
    give_role(UserFactory(organisation=park), Role.PRELIMINARY_REVIEWER, district="tiankai")
    head = give_role(UserFactory(organisation=preliminary_reviewer.organisation), Role.HEAD)
    now = timezone.now()
    operations.delegate_step(
        actor=head,
        to_office=park,
        step=Step.PRELIMINARY,
        district="binhai",
        tier="",
        valid_from=now,
        valid_until=now + dt.timedelta(days=30),
        reason="园区人才就近办理",
        at=now,
    )
    return head


def test_page_of_delegations_is_sound(visit: Callable[..., Visit], head: User) -> None:
    assert faulty_pages(visit, {head: [reverse("nominations:delegation-list")]}) == []
