"""What may be sent by SMS, and what the system checks say when it may not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.utils import translation

from talentcard.notifications import catalogue
from talentcard.notifications.catalogue import Event
from talentcard.notifications.checks import LONGEST_PARAMETER
from talentcard.notifications.sms import MAX_SEGMENTS, segments, text_of

SENT_BY_SMS = {
    "card.activated",
    "card.suspended",
    "card.reported_lost",
    "card.revoked",
    "nomination.returned",
    "nomination.approved",
    "nomination.rejected",
    "nomination.correction_due",
    "nomination.question",
    "nomination.question_due",
    "nomination.appeal_upheld",
    "nomination.appeal_dismissed",
    "direct_issue.card_given",
    "perks.request_granted",
    "perks.request_declined",
}


def ids() -> set[str | None]:
    return {message.id for message in run_checks()}


@pytest.fixture
def long_event() -> Iterator[Event]:
    event = Event(key="test.long", title="long " * 30, body="", sms=True)
    catalogue.register(event)
    yield event
    del catalogue._events[event.key]


def test_only_what_is_short_and_urgent_is_sent_by_sms() -> None:
    assert {event.key for event in catalogue.events() if event.sms} == SENT_BY_SMS


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("key", sorted(SENT_BY_SMS))
def test_every_text_message_fits_two_segments_in_both_languages(key: str, language: str) -> None:
    with translation.override(language):
        title = str(catalogue.get(key).title)
        text = text_of(title % {"number": LONGEST_PARAMETER})

    assert 1 <= segments(text) <= MAX_SEGMENTS
    assert text.startswith("【海河英才卡】" if language == "zh-hans" else "[Haihe Talent Card] ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 1), ("卡" * 70, 1), ("卡" * 71, 2), ("卡" * 134, 2), ("卡" * 135, 3), ("𠮷" * 35, 1), ("𠮷" * 36, 2)],
)
def test_segments_counts_as_providers_do(text: str, expected: int) -> None:
    assert segments(text) == expected


def test_check_refuses_a_text_message_that_is_too_long(long_event: Event) -> None:
    assert "notifications.E001" in ids()


def test_checks_find_nothing_wrong_with_ours() -> None:
    assert not {"notifications.E001", "notifications.E002"} & ids()


@pytest.mark.parametrize(
    "backend", ["talentcard.notifications.sms.http.HttpSmsGateway", "talentcard.notifications.sms.Carrier", "sms"]
)
def test_check_refuses_a_gateway_that_could_not_send(settings: Any, backend: str) -> None:
    settings.SMS_BACKEND = backend

    assert "notifications.E002" in ids()


def test_event_with_a_link_that_is_a_credential_is_not_for_sms() -> None:
    with pytest.raises(ValueError, match="credential"):
        Event(key="test.link", title="", body="", sms=True, link=str)
