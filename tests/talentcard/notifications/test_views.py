from collections.abc import Callable
from typing import Any

from django.test import Client

from talentcard.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.servers.sms_gateway import SimulatedGateway
from tests.talentcard.notifications.conftest import PHONE

URL = "/messages/sms/"


def test_message_list_shows_where_text_messages_go(
    gateway: SimulatedGateway, holder: User, login: Callable[[User], Client]
) -> None:
    page = login(holder).get("/messages/", headers={"Accept-Language": "zh-hans"}).content.decode()

    assert "短信发送至 •••• 1234。" in page
    assert PHONE.removeprefix("+86") not in page
    assert 'name="wants_sms"' in page


def test_message_list_offers_no_choice_where_there_is_none(
    gateway: SimulatedGateway, outsider: User, holder: User, login: Callable[[User], Client], settings: Any
) -> None:
    assert "wants_sms" not in login(outsider).get("/messages/").content.decode()

    settings.SMS_BACKEND = ""
    assert "wants_sms" not in login(holder).get("/messages/").content.decode()


def test_message_sms_switches_the_readers_own_and_nobody_elses(
    gateway: SimulatedGateway, holder: User, login: Callable[[User], Client]
) -> None:
    other = UserFactory(phone=PHONE)
    client = login(holder)

    off = client.post(URL, {}, follow=True)
    holder.refresh_from_db()
    other.refresh_from_db()
    assert (holder.wants_sms, other.wants_sms) == (False, True)
    assert "checked" not in off.content.decode()

    on = client.post(URL, {"wants_sms": "on"}, follow=True)
    holder.refresh_from_db()
    assert holder.wants_sms is True
    assert "checked" in on.content.decode()


def test_message_sms_is_for_people_who_are_signed_in(holder: User) -> None:
    assert Client().post(URL, {}).status_code == 302
    assert Client().get(URL).status_code == 302

    holder.refresh_from_db()
    assert holder.wants_sms is True


def test_message_sms_changes_nothing_when_it_is_only_read(holder: User, login: Callable[[User], Client]) -> None:
    assert login(holder).get(URL).status_code == 405

    holder.refresh_from_db()
    assert holder.wants_sms is True
