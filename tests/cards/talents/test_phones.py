"""Where text messages find a person: from the registry to the account."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from cards.talents.models import Talent
from cards.talents.operations import ensure_account, mark_one_person, set_secrecy
from talentcard.accounts.models import User
from talentcard.accounts.operations import change_phone
from talentcard.audit.models import AuditEvent
from talentcard.notifications.operations import notify
from tests.factories.talents import make_talent
from tests.servers.sms_gateway import sms_gateway

pytestmark = pytest.mark.django_db

NOW: dt.datetime = timezone.now()
PHONE = "+8613800001234"


def person(*, phone: str, is_secret: bool = False, user: User | None = None) -> Talent:
    talent = make_talent()
    talent.phone, talent.is_secret, talent.user = phone, is_secret, user
    talent.save()
    return talent


def account_of(*, phone: str, is_secret: bool = False) -> User:
    return ensure_account(actor=None, talent=person(phone=phone, is_secret=is_secret), at=NOW)


@pytest.mark.parametrize(
    ("registered", "reached_at"),
    [("138 0000 1234", PHONE), ("+33 6 12 34 56 78", "+33612345678"), ("022-2345 6789", ""), ("", "")],
)
def test_ensure_account_takes_over_a_number_text_messages_reach(registered: str, reached_at: str) -> None:
    user = account_of(phone=registered)

    user.refresh_from_db()
    assert user.phone == reached_at


def test_nobody_under_secrecy_is_told_by_sms(run_outbox: Callable[[], int], settings: Any) -> None:
    known, secret = account_of(phone=PHONE), account_of(phone=PHONE, is_secret=True)
    with sms_gateway(keys={"id": "key"}) as gateway:
        settings.SMS_BACKEND = "talentcard.notifications.sms.http.HttpSmsGateway"
        settings.SMS_URL, settings.SMS_KEY_ID, settings.SMS_KEY = gateway.url, "id", "key"
        for user in (known, secret):
            notify(event="card.revoked", recipient=user, key="first", params={"number": "1"})
        # What still waits when somebody is put under secrecy is not sent either.
        set_secrecy(actor=None, talent=known.talent, is_secret=True)
        run_outbox()
        assert gateway.messages == {}

        set_secrecy(actor=None, talent=known.talent, is_secret=False)
        known.refresh_from_db()
        notify(event="card.revoked", recipient=known, key="second", params={"number": "1"})
        run_outbox()
        assert [message.to for message in gateway.messages.values()] == [PHONE]


def test_set_secrecy_leaves_a_number_alone_that_it_does_not_concern() -> None:
    user = account_of(phone=PHONE)
    change_phone(actor=None, user=user, phone="13900001234")

    set_secrecy(actor=None, talent=user.talent, is_secret=False)

    user.refresh_from_db()
    assert user.phone == "+8613900001234"
    assert not AuditEvent.objects.filter(action="talent.secrecy_changed").exists()


def test_change_phone_is_in_the_audit_log_without_the_number() -> None:
    user = account_of(phone="")

    for _ in range(2):
        change_phone(actor=None, user=user, phone=PHONE)

    event = AuditEvent.objects.get(action="account.phone_changed")
    assert (event.target_id, event.data) == (str(user.pk), {"is_reachable": True})


def test_secrecy_is_of_the_person_and_not_of_a_record() -> None:
    open_one, secret = account_of(phone=PHONE).talent, account_of(phone=PHONE, is_secret=True).talent

    mark_one_person(actor=None, one=open_one, other=secret)
    assert list(Talent.objects.values_list("is_secret", flat=True)) == [True, True]
    assert [user.phone for user in User.objects.filter(talent__isnull=False)] == ["", ""]

    secret.refresh_from_db()
    set_secrecy(actor=None, talent=secret, is_secret=False)
    assert list(Talent.objects.values_list("is_secret", flat=True)) == [False, False]
