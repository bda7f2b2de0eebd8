"""The check page and the desk, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cards.issuance.choices import EditionStatus
from cards.issuance.models import CardEdition
from cards.verification.choices import Channel, Reason
from cards.verification.models import VerificationAttempt
from talentcard.accounts.models import User
from tests.browser.conftest import LOOKS, Visit, faults_of
from tests.factories.issuance import make_active_card
from tests.factories.verification import DeskFactory, PurposeFactory


@pytest.fixture
def code(db: None) -> str:
    return CardEdition.objects.get(card=make_active_card(), status=EditionStatus.ACTIVE).code


def test_scanned_address_shows_the_verdict_and_leaves_no_code_behind(visit: Callable[..., Visit], code: str) -> None:
    for size, language in LOOKS:
        window = visit(size=size, language=language)

        page = window.open(f"/V#{code}")

        verdict = page.locator(".verdict--good")
        expect(verdict).to_be_visible()
        expect(verdict).to_be_focused()
        assert page.url == f"{window.base_url}/V"
        assert page.locator("textarea").input_value() == ""
        # The browser names the page with its fragment to us, but sends it to nobody: what went out holds no code.
        assert [url for url in window.requests if code in url.partition("#")[0]] == []
        assert (size, language, faults_of(window)) == (size, language, [])
    assert list(VerificationAttempt.objects.values_list("channel", flat=True)) == [Channel.PUBLIC] * len(LOOKS)


def test_second_scan_in_the_same_window_is_another_check(visit: Callable[..., Visit], code: str) -> None:
    page = visit().open(f"/V#{code}")
    expect(page.locator(".verdict--good")).to_be_visible()

    page.evaluate("code => { window.location.hash = code; }", code.lower())

    expect(page.locator(".verdict--bad")).to_be_visible()
    assert set(VerificationAttempt.objects.values_list("reason", flat=True)) == {Reason.VALID, Reason.UNREADABLE}


def test_desk_takes_what_a_hand_scanner_types(visit: Callable[..., Visit], partner: User, code: str) -> None:
    DeskFactory(organisation=partner.organisation, purposes=[PurposeFactory()])
    for size, language in LOOKS:
        window = visit(partner, size=size, language=language)
        page = window.open("/desk/")
        expect(page.locator("textarea")).to_be_focused()

        page.keyboard.insert_text(f"HTTP://127.0.0.1:8000/V#{code}")
        page.keyboard.press("Enter")

        expect(page.locator(".verdict--good")).to_be_focused()
        assert (size, language, faults_of(window)) == (size, language, [])
    assert list(VerificationAttempt.objects.values_list("reason", flat=True)) == [Reason.VALID] * len(LOOKS)
