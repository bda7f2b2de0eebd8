"""A real browser at a real server."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from talentcard.accounts.models import User

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
LOOKS = [(size, language) for size in (PHONE, DESKTOP) for language in ("zh-hans", "en")]
# Each size and each language once: what does not fit is English on a phone.
TWO_LOOKS = [(PHONE, "en"), (DESKTOP, "zh-hans")]
BOTH = pytest.mark.parametrize(("size", "language"), TWO_LOOKS, ids=["phone-en", "desktop-zh"])
LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Without `resultTypes` axe spends most of its time describing what is right.
AUDIT = f"axe.run({json.dumps({'runOnly': WCAG, 'resultTypes': ['violations']})}).then(result => result.violations)"
# Playwright has its own list of what a browser under test does without.
ARGUMENTS = [
    "--disable-gpu",
    # To keep other sites apart, of which there are none, Chromium would start processes in reserve all the time.
    "--disable-site-isolation-trials",
]


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    # Playwright's loop runs in this thread; Django would take our own test code for code inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert chromium, "the browser tests need Chromium; as root: apt-get install chromium-headless-shell"
    # Chromium's own sandbox does not start as root.
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    running = playwright_driver.chromium.launch(executable_path=chromium, args=arguments)
    yield running
    running.close()


class Window:
    """A window of the browser, at which one person after another sits down."""

    def __init__(self, browser: Browser, *, locale: str) -> None:
        self.page = browser.new_context(locale=locale).new_page()
        self.visit: Visit | None = None
        self.page.on("console", lambda message: self._note_fault(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note_fault(str(error)))
        self.page.on("request", lambda request: self.visit and self.visit.requests.append(request.url))

    def _note_fault(self, text: str) -> None:
        if self.visit is not None:
            self.visit.faults.append(text)

    def seat(self, visit: "Visit") -> None:
        """Let a person sit down, with their own cookies and nothing of anybody else's."""
        if self.visit is visit:
            return
        self.leave()
        self.page.context.add_cookies(visit.cookies)
        self.page.set_viewport_size(visit.size)
        self.visit = visit

    def leave(self) -> None:
        """Let whoever sits here take their cookies along, and close their page."""
        if self.visit is None:
            return
        # A page of our own and not about:blank, for which, as for another site, the browser starts a process.
        self.page.goto(f"{self.visit.base_url}/robots.txt")
        self.visit.cookies = self.page.context.cookies()
        self.page.context.clear_cookies()
        self.visit = None


class Visit:
    """A person at a window, which is theirs from when they open a page until somebody else does."""

    def __init__(self, window: Window, base_url: str, *, cookies: list[Any], size: dict[str, int]) -> None:
        self.window = window
        self.base_url = base_url
        self.cookies = cookies
        self.size = size
        self.faults: list[str] = []
        self.requests: list[str] = []

    @property
    def page(self) -> Page:
        """Return the page in front of this person."""
        assert self.window.visit is self, "somebody else sits at the window: open a page first"
        return self.window.page

    def open(self, path: str) -> Page:
        """Open a page of the service."""
        self.window.seat(self)
        self.page.goto(self.base_url + path)
        return self.page

    def accessibility_faults(self) -> list[str]:
        """Return what axe finds wrong with the page, as rule and element."""
        violations = self.page.evaluate(f"{AXE.read_text()}\n{AUDIT}")
        # axe makes a style that the page's security policy blocks, and complains: not a fault of ours.
        self.faults.clear()
        return [f"{rule['id']}: {node['html'][:120]}" for rule in violations for node in rule["nodes"]]

    def overflows(self) -> bool:
        """Tell whether the page scrolls sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def faults_of(window: Visit) -> list[str]:
    """Return everything wrong with the page that is open; what it did up to here is not held against the next one."""
    # A click returns as soon as the next page begins to arrive.
    window.page.wait_for_load_state()
    found = [*window.faults]
    found += ["scrolls sideways"] if window.overflows() else []
    found += [each for each in window.requests if not each.startswith((window.base_url, "data:"))]
    window.requests.clear()
    return found + window.accessibility_faults()


def faulty_pages(visit: Callable[..., Visit], pages: dict[User | None, list[str]]) -> list[tuple[str, str, list[str]]]:
    """Open everybody's pages, on a phone in English and at a desk in Chinese; return where something is wrong."""
    found = []
    for size, language in TWO_LOOKS:
        for user, paths in pages.items():
            window = visit(user, size=size, language=language)
            for path in paths:
                window.open(path)
                if faults := faults_of(window):
                    found.append((path, language, faults))
    return found


@pytest.fixture(scope="session")
def windows(browser: Browser) -> dict[str, Window]:
    """Open a window for each language, once: a new one takes as long as ten pages."""
    return {language: Window(browser, locale=locale) for language, locale in LOCALES.items()}


@pytest.fixture
def visit(windows: dict[str, Window], live_server: Any) -> Iterator[Callable[..., Visit]]:
    """Return a function that brings somebody to a window: a user or nobody, of a size, in a language."""

    def bring(user: User | None = None, *, size: dict[str, int] = PHONE, language: str = "zh-hans") -> Visit:
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        jar = [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        return Visit(windows[language], live_server.url, cookies=jar, size=size)

    yield bring
    for window in windows.values():
        window.leave()
