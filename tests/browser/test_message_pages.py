"""A person's messages, and their choice about SMS, in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from talentcard.notifications.operations import notify
from tests.browser.conftest import DESKTOP, PHONE, Visit, faults_of
from tests.factories.accounts import UserFactory


@pytest.mark.parametrize(
    ("size", "language", "label", "save"),
    [(PHONE, "zh-hans", "重要事项同时用短信通知我", "保存"), (DESKTOP, "en", "Tell me of what is important", "Save")],
    ids=["phone-zh", "desktop-en"],
)
def test_a_person_switches_text_messages_off_and_finds_them_off(
    visit: Callable[..., Visit],
    settings: Any,
    tmp_path: Path,
    size: dict[str, int],
    language: str,
    label: str,
    save: str,
) -> None:
    settings.SMS_BACKEND = "talentcard.notifications.sms.folder.FolderGateway"
    settings.SMS_FILE_PATH = tmp_path
    holder = UserFactory(phone="+8613800001234", language=language)
    notify(event="card.suspended", recipient=holder, key="fact", params={"number": "HH2026000017"})
    window = visit(holder, size=size, language=language)

    page = window.open("/messages/")
    box = page.get_by_label(label)
    expect(box).to_be_checked()
    assert faults_of(window) == []
    box.uncheck()
    page.get_by_role("button", name=save, exact=True).click()

    expect(page.get_by_label(label)).not_to_be_checked()
    holder.refresh_from_db()
    assert holder.wants_sms is False
