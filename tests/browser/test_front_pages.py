"""The pages everybody sees, in a real browser."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Visit


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_page_is_accessible_fits_and_asks_no_other_host(
    visit: Callable[..., Visit], path: str, language: str, size: dict[str, int]
) -> None:
    window = visit(size=size, language=language)

    page = window.open(path)

    assert page.locator("html").get_attribute("lang") == language
    assert window.overflows() is False
    assert window.faults == []
    assert {url for url in window.requests if not url.startswith((window.base_url, "data:"))} == set()
    # Last: axe itself makes a style that the page's security policy blocks, and complains.
    assert window.accessibility_faults() == []


def test_language_switch_keeps_the_page(visit: Callable[..., Visit]) -> None:
    page = visit(size=DESKTOP).open("/accounts/login/")

    page.get_by_role("button", name="English").click()

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith("/accounts/login/")
