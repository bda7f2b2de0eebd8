"""The perk pages, the officer's decision and the redemption desk, in a real browser."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cards.issuance.models import TalentCard
from services.perks import operations
from services.perks.models import LedgerEntry, PerkRequest
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from tests.browser.conftest import BOTH, Visit, faults_of, faulty_pages
from tests.factories.accounts import UserFactory, give_role
from tests.factories.perks import (
    code_of,
    make_allowance,
    make_holder_card,
    make_places,
    make_request,
    make_season,
    make_transport_desk,
)

Open = Callable[..., Visit]


@pytest.fixture
def card(db: None) -> TalentCard:
    make_allowance("A", 6)
    return make_holder_card()


@pytest.fixture
def entry(card: TalentCard) -> PerkRequest:
    season = make_season()
    return make_request(card, make_places(season), make_places(season, district="nankai"))


@pytest.fixture
def officer(db: None) -> User:
    return give_role(UserFactory(), Role.PERK_OFFICER, department="schooling")


def test_holders_pages_are_sound(visit: Open, card: TalentCard, entry: PerkRequest, officer: User) -> None:
    at = timezone.now()
    operations.decline_request(actor=officer, request_id=entry.pk, reason="缺少出生证明，补齐后可再申请。", at=at)
    paths = [
        "/perks/",
        "/perks/airport-fast-lane/",
        "/perks/schooling/",
        "/perks/schooling/schools/",
        "/perks/schooling/request/",
        "/perks/requests/",
        f"/perks/requests/{entry.pk}/",
        f"/perks/requests/{entry.pk}/rate/",
    ]

    assert faulty_pages(visit, {card.holder.user: paths}) == []


def test_officers_pages_are_sound(visit: Open, entry: PerkRequest, officer: User) -> None:
    at = timezone.now()
    operations.accept_request(actor=officer, request_id=entry.pk, at=at)
    operations.start_request(actor=officer, request_id=entry.pk, at=at)
    request = f"/perks/requests/{entry.pk}/"

    assert faulty_pages(visit, {officer: ["/perks/inbox/", request, f"{request}grant/", f"{request}decline/"]}) == []


@BOTH
def test_desk_looks_first_and_redeems_when_confirmed(
    visit: Open, card: TalentCard, partner: User, size: dict[str, int], language: str
) -> None:
    assert partner.organisation is not None
    make_transport_desk(partner.organisation)
    window = visit(partner, size=size, language=language)
    page = window.open("/perks/redeem/")

    page.fill("[name=code]", code_of(card))
    page.click("[data-desk-form] button[type=submit]")

    expect(page.locator(".verdict--warn")).to_be_focused()
    assert not LedgerEntry.objects.exists()
    assert faults_of(window) == []
    page.click("[name=confirm]")
    expect(page.locator(".verdict--good")).to_be_visible()
    assert faults_of(window) == []
    assert LedgerEntry.objects.get().quantity == 1
