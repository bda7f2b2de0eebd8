"""A gateway to send to, and people to reach."""

from collections.abc import Iterator
from typing import Any

import pytest

from talentcard.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.servers.sms_gateway import SimulatedGateway, sms_gateway

KEY_ID, KEY = "talentcard", "a key both sides hold"
PHONE = "+8613800001234"


@pytest.fixture
def gateway(settings: Any) -> Iterator[SimulatedGateway]:
    """Run the simulator, with the service set to send to it."""
    with sms_gateway(keys={KEY_ID: KEY}) as simulated:
        settings.SMS_BACKEND = "talentcard.notifications.sms.http.HttpSmsGateway"
        settings.SMS_URL, settings.SMS_KEY_ID, settings.SMS_KEY = simulated.url, KEY_ID, KEY
        settings.SMS_TIMEOUT = 5
        yield simulated


@pytest.fixture
def holder(db: None) -> User:
    return UserFactory(username="holder", phone=PHONE)
