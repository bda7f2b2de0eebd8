"""The pages everybody sees, in a real browser."""

from collections.abc import Callable

from tests.browser.conftest import DESKTOP, LOOKS, Visit, faults_of


def test_pages_are_accessible_fit_and_ask_no_other_host(visit: Callable[..., Visit]) -> None:
    for size, language in LOOKS:
        window = visit(size=size, language=language)
        for path in ("/", "/accounts/login/"):
            page = window.open(path)

            assert page.locator("html").get_attribute("lang") == language
            assert (path, size, language, faults_of(window)) == (path, size, language, [])


def test_language_switch_keeps_the_page(visit: Callable[..., Visit]) -> None:
    page = visit(size=DESKTOP).open("/accounts/login/")

    page.get_by_role("button", name="English").click()

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith("/accounts/login/")
