"""The HTTP adapter and the simulated gateway, wire to wire."""

import json
import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from talentcard.notifications.sms import Receipt, SmsRefused, SmsUnavailable
from talentcard.notifications.sms.http import HttpSmsGateway, signature, signed_headers
from tests.servers.sms_gateway import WINDOW_SECONDS, Fault, SimulatedGateway
from tests.talentcard.notifications.conftest import KEY, KEY_ID, PHONE

MESSAGE_ID = uuid4()
BODY = json.dumps({"message_id": str(MESSAGE_ID), "to": PHONE, "template": "t", "text": "x"}).encode()


def send(**changes: Any) -> Receipt:
    message = {
        "to": PHONE,
        "text": "【海河英才卡】您好",
        "template": "card.revoked",
        "message_id": MESSAGE_ID,
        **changes,
    }
    return HttpSmsGateway().send(**message)


def post(gateway: SimulatedGateway, headers: dict[str, str], body: bytes = BODY) -> tuple[int, str]:
    """Send a request of one's own making; return the status and what the gateway said."""
    answer = httpx.post(gateway.url, content=body, headers={"Idempotency-Key": str(MESSAGE_ID), **headers})
    content = answer.json()
    return answer.status_code, content.get("code") or content["status"]


@pytest.fixture
def signed() -> dict[str, str]:
    return signed_headers(BODY, key_id=KEY_ID, key=KEY)


def test_signature_is_the_documented_one() -> None:
    # By `printf '1790000000\nabc\n{}' | openssl dgst -sha256 -hmac secret`.
    expected = "4a58a75192605fee324824b23d981b072c9134135e6a1344d0fc8b36a027deef"

    assert signature(b"{}", timestamp="1790000000", nonce="abc", key="secret") == expected


def test_send_delivers_a_message_once_under_its_id(gateway: SimulatedGateway) -> None:
    first, second = send(), send()

    assert first == second == Receipt(reference=f"sim-{MESSAGE_ID}")
    assert gateway.answers == [(202, "accepted"), (200, "duplicate")]
    assert [(message.text, message.deliveries) for message in gateway.messages.values()] == [("【海河英才卡】您好", 2)]


def test_send_signs_every_request_anew(gateway: SimulatedGateway) -> None:
    for _ in range(3):
        send()

    assert len(gateway.nonces) == 3


@pytest.mark.parametrize("to", ["13800001234", "+0", "+86138000012345678"])
def test_send_is_refused_for_a_bad_number(gateway: SimulatedGateway, to: str) -> None:
    with pytest.raises(SmsRefused, match=r"^number_refused$"):
        send(to=to)


def test_send_never_repeats_what_the_gateway_says_of_a_number(gateway: SimulatedGateway) -> None:
    gateway.fail(Fault.NUMBER_IN_THE_CODE)

    with pytest.raises(SmsRefused, match=r"^http_400$"):
        send()


def test_send_to_nobody_may_be_tried_again(settings: Any, gateway: SimulatedGateway) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/v1/messages"

    with pytest.raises(SmsUnavailable, match=r"^ConnectError$"):
        send()


def test_gateway_takes_what_is_signed(gateway: SimulatedGateway, signed: dict[str, str]) -> None:
    assert post(gateway, signed) == (202, "accepted")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"X-Sms-Key-Id": "somebody"}, "unknown_key"),
        ({"X-Sms-Signature": "0" * 64}, "bad_signature"),
        ({"X-Sms-Timestamp": "1790000000"}, "bad_signature"),
        ({"X-Sms-Nonce": "0" * 32}, "bad_signature"),
    ],
)
def test_gateway_refuses_what_somebody_else_signed(
    gateway: SimulatedGateway, signed: dict[str, str], changes: dict[str, str], said: str
) -> None:
    assert post(gateway, {**signed, **changes}) == (401, said)
    assert gateway.messages == {}


def test_gateway_refuses_another_body_under_the_same_signature(
    gateway: SimulatedGateway, signed: dict[str, str]
) -> None:
    assert post(gateway, signed, BODY.replace(b"1234", b"9999")) == (401, "bad_signature")


def test_gateway_refuses_a_request_it_has_seen(gateway: SimulatedGateway, signed: dict[str, str]) -> None:
    post(gateway, signed)

    assert post(gateway, signed) == (401, "replayed")
    assert gateway.messages[str(MESSAGE_ID)].deliveries == 1


@pytest.mark.parametrize("seconds", [-WINDOW_SECONDS - 5, WINDOW_SECONDS + 5])
def test_gateway_refuses_a_request_of_another_time(gateway: SimulatedGateway, seconds: int) -> None:
    with time_machine.travel(time.time() + seconds):
        headers = signed_headers(BODY, key_id=KEY_ID, key=KEY)

    assert post(gateway, headers) == (401, "stale")


@pytest.mark.parametrize(
    "change",
    [{"SMS_URL": ""}, {"SMS_KEY": ""}, {"SMS_KEY_ID": ""}, {"SMS_URL": "http://sms.example/v1"}, {"SMS_URL": "sms"}],
)
def test_adapter_needs_an_address_nobody_listens_to_and_a_key(
    gateway: SimulatedGateway, settings: Any, change: dict[str, str]
) -> None:
    for name, value in change.items():
        setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured):
        HttpSmsGateway()


@pytest.mark.parametrize("url", ["https://sms.example/v1", "http://localhost:8080/v1", "http://[::1]:8080/v1"])
def test_adapter_takes_an_address_nobody_listens_to(gateway: SimulatedGateway, settings: Any, url: str) -> None:
    settings.SMS_URL = url

    HttpSmsGateway()
