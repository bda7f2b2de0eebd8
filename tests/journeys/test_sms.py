"""A text message over real processes: the worker dies when the gateway has the message and we do not know it yet."""

from pathlib import Path
from typing import Any

import pytest

from demo.services import celery_worker
from talentcard.notifications.choices import SmsStatus
from talentcard.notifications.models import Message
from talentcard.notifications.operations import notify
from tests.factories.accounts import UserFactory
from tests.journeys.conftest import wait_until
from tests.servers.sms_gateway import Fault, Sms, sms_gateway

PHONE = "+8613800001234"
KEYS = {"talentcard": "a key both sides hold"}


@pytest.mark.broker
def test_worker_killed_between_sending_and_noting_reaches_the_person_once(
    service_env: dict[str, str], settings: Any, tmp_path: Path
) -> None:
    with sms_gateway(keys=KEYS) as gateway:
        sms = {
            "SMS_BACKEND": "talentcard.notifications.sms.http.HttpSmsGateway",
            "SMS_URL": gateway.url,
            "SMS_KEY_ID": "talentcard",
            "SMS_KEY": KEYS["talentcard"],
        }
        for name, value in sms.items():
            setattr(settings, name, value)
        logs = [tmp_path / "killed.log", tmp_path / "next.log"]
        gateway.fail(Fault.HOLD_AFTER_ACCEPTING)

        with celery_worker(service_env | sms, queues=["mail"], log=logs[0]) as worker:
            notify(event="card.suspended", recipient=UserFactory(phone=PHONE), key="fact", params={"number": "HH1"})
            wait_until(gateway.held.is_set)
            worker.kill()
        assert Message.objects.get().sms_status == SmsStatus.WAITING
        queues = ["mail", "default"]
        with celery_worker(service_env | sms, queues=queues, schedule=tmp_path / "schedule", log=logs[1]) as worker:
            wait_until(lambda: Message.objects.get().sms_status == SmsStatus.SENT)
            worker.kill()

        text = "[Haihe Talent Card] Your talent card is suspended"
        assert gateway.messages == {str(Message.objects.get().pk): Sms(PHONE, text, "card.suspended", deliveries=2)}
        assert not any(PHONE.removeprefix("+86") in log.read_text() for log in logs)
