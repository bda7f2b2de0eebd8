from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from cards.issuance.models import TalentCard
from cards.verification.models import Desk
from services.schooling.models import SchoolPlaces
from services.transport.models import AnnualAllowance
from talentcard.accounts.choices import Role
from talentcard.accounts.models import Organisation, User
from tests.factories.accounts import UserFactory, give_role
from tests.factories.perks import make_allowance, make_holder_card, make_places, make_season, make_transport_desk


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def login(login: Callable[[User], Client]) -> Callable[[User], Client]:
    """As everywhere, for readers of English."""

    def sign_in(user: User) -> Client:
        client = login(user)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


@pytest.fixture
def api_for(api_for: Callable[[User], APIClient]) -> Callable[[User], APIClient]:
    """As everywhere, for readers of English."""

    def make(user: User) -> APIClient:
        client = api_for(user)
        client.cookies["django_language"] = "en"
        return client

    return make


@pytest.fixture
def card(db: None) -> TalentCard:
    return make_holder_card()


@pytest.fixture
def holder(card: TalentCard) -> User:
    assert card.holder.user is not None
    return card.holder.user


@pytest.fixture
def allowance(db: None) -> AnnualAllowance:
    return make_allowance()


@pytest.fixture
def desk(partner: User) -> Desk:
    assert partner.organisation is not None
    return make_transport_desk(partner.organisation)


@pytest.fixture
def places(db: None) -> SchoolPlaces:
    return make_places(make_season())


@pytest.fixture
def schooling_officer(bureau: Organisation) -> User:
    return give_role(UserFactory(organisation=bureau), Role.PERK_OFFICER, department="schooling")


@pytest.fixture
def transport_officer(bureau: Organisation) -> User:
    """An officer of another department than the one that handles schooling."""
    return give_role(UserFactory(organisation=bureau), Role.PERK_OFFICER, department="transport")
