"""A real browser at a real server."""

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
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    # Playwright's loop runs in this thread; Django would take our own test code for code inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "the browser tests need Chromium; as root: apt-get install chromium"
    # Chromium's own sandbox does not start as root.
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    running = playwright_driver.chromium.launch(executable_path=chromium, args=arguments)
    yield running
    running.close()


class Visit:
    """A browser window of one person, which remembers what went wrong in it."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url
        self.faults: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: str) -> Page:
        """Open a page of the service."""
        self.page.goto(self.base_url + path)
        return self.page

    def accessibility_faults(self) -> list[str]:
        """Return what axe finds wrong with the page, as rule and element."""
        self.page.evaluate(AXE.read_text())
        # Without `resultTypes` axe spends most of its time describing what is right.
        found = self.page.evaluate("options => axe.run(options)", {"runOnly": WCAG, "resultTypes": ["violations"]})
        # axe makes a style that the page's security policy blocks, and complains: not a fault of ours.
        self.faults.clear()
        return [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]

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


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a window: for a user or nobody, of a size, in a language."""
    contexts = []

    def open_window(user: User | None = None, *, size: dict[str, int] = PHONE, language: str = "zh-hans") -> Visit:
        context = browser.new_context(viewport=size, locale="zh-CN" if language.startswith("zh") else "en-GB")
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        return Visit(context.new_page(), live_server.url)

    yield open_window
    for context in contexts:
        context.close()
