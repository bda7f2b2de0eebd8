"""Text messages from the fact to the gateway, through the outbox."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.notifications import operations
from talentcard.notifications.choices import EmailStatus, SmsStatus
from talentcard.notifications.models import Message
from talentcard.outbox import delivery
from talentcard.outbox import operations as outbox
from talentcard.outbox.choices import EntryStatus
from talentcard.outbox.models import Entry
from tests.factories.accounts import UserFactory
from tests.servers.sms_gateway import Fault, SimulatedGateway, Sms
from tests.talentcard.notifications.conftest import PHONE

pytestmark = pytest.mark.django_db

NUMBER = "HH2026000017"
TEXT = "[Haihe Talent Card] Your talent card is suspended"


def tell(*people: User, event: str = "card.suspended") -> Message:
    """Tell people of a fact; return the message to the first."""
    operations.notify_each(event=event, facts=[(person, "fact", {"number": NUMBER}) for person in people])
    return Message.objects.get(recipient=people[0], event=event)


def sms_entry() -> Entry:
    return Entry.objects.get(task="notifications.send_sms")


def send_out() -> Entry:
    """Do with the SMS's entry what relaying does: send it out under its next fence."""
    entry = sms_entry()
    Entry.objects.filter(pk=entry.pk, status=EntryStatus.WAITING).update(
        status=EntryStatus.SENT, fence=entry.fence + 1, leased_until=timezone.now()
    )
    return sms_entry()


def attempt() -> bool:
    """Have a worker try to send the SMS once; return whether it went well."""
    entry = send_out()
    return delivery.deliver(entry_id=entry.pk, fence=entry.fence)


def test_notify_sends_a_text_message_beside_the_e_mail(
    gateway: SimulatedGateway, holder: User, run_outbox: Callable[[], int]
) -> None:
    message = tell(holder)
    assert message.sms_status == SmsStatus.WAITING

    assert run_outbox() == 2

    message.refresh_from_db()
    assert gateway.messages == {str(message.pk): Sms(to=PHONE, text=TEXT, template="card.suspended")}
    assert (message.email_status, message.sms_status) == (EmailStatus.SENT, SmsStatus.SENT)
    assert message.sms_reference == f"sim-{message.pk}"
    assert len(mail.outbox) == 1


def test_notify_writes_the_text_message_in_the_readers_language(
    gateway: SimulatedGateway, holder: User, run_outbox: Callable[[], int]
) -> None:
    holder.language = "zh-hans"
    holder.save()
    tell(holder)
    run_outbox()

    assert [message.text for message in gateway.messages.values()] == ["【海河英才卡】您的人才卡已暂停使用"]


def test_notify_of_the_same_fact_again_sends_nothing_more(
    gateway: SimulatedGateway, holder: User, run_outbox: Callable[[], int]
) -> None:
    message = tell(holder)
    run_outbox()

    tell(holder)
    # As if the outbox had forgotten that it is done.
    outbox.enqueue("notifications.send_sms", queue="mail", message_id=message.pk)
    run_outbox()

    assert [message.deliveries for message in gateway.messages.values()] == [1]


def test_notify_reaches_people_without_a_phone_by_e_mail_only(
    gateway: SimulatedGateway, holder: User, outsider: User, run_outbox: Callable[[], int]
) -> None:
    tell(holder, outsider)

    assert run_outbox() == 3
    assert [message.to for message in gateway.messages.values()] == [PHONE]
    assert Message.objects.get(recipient=outsider).sms_status == SmsStatus.NONE
    assert len(mail.outbox) == 2


def test_notify_reaches_people_without_an_e_mail_address_by_sms(
    gateway: SimulatedGateway, run_outbox: Callable[[], int]
) -> None:
    message = tell(UserFactory(email="", phone=PHONE))

    assert run_outbox() == 1
    message.refresh_from_db()
    assert (message.email_status, message.sms_status) == (EmailStatus.NONE, SmsStatus.SENT)


def test_notify_each_takes_one_statement_more_for_any_number_of_text_messages(
    gateway: SimulatedGateway, django_assert_num_queries: Any
) -> None:
    people = [UserFactory(phone=PHONE) for _ in range(3)]
    facts = [(person, "fact", {"number": NUMBER}) for person in people]

    with django_assert_num_queries(6):  # with the two of the transaction
        operations.notify_each(event="card.suspended", facts=facts)

    assert Entry.objects.filter(task="notifications.send_sms", queue="mail").count() == 3


def test_notify_sends_no_text_message_of_what_is_not_urgent(
    gateway: SimulatedGateway, holder: User, run_outbox: Callable[[], int]
) -> None:
    message = tell(holder, event="card.expired")
    run_outbox()

    assert (message.sms_status, gateway.messages) == (SmsStatus.NONE, {})


def test_notify_sends_no_text_message_while_the_channel_is_off(
    holder: User, run_outbox: Callable[[], int], settings: Any
) -> None:
    settings.SMS_BACKEND = ""

    assert tell(holder).sms_status == SmsStatus.NONE
    assert run_outbox() == 1


def test_send_sms_reaches_a_foreign_number(gateway: SimulatedGateway, run_outbox: Callable[[], int]) -> None:
    tell(UserFactory(phone="+33612345678"))
    run_outbox()

    assert [message.to for message in gateway.messages.values()] == ["+33612345678"]


@pytest.mark.parametrize("change", [{"wants_sms": False}, {"phone": ""}])
def test_send_sms_respects_what_changed_while_the_message_waited(
    gateway: SimulatedGateway, holder: User, run_outbox: Callable[[], int], change: dict[str, Any]
) -> None:
    message = tell(holder)
    User.objects.filter(pk=holder.pk).update(**change)

    run_outbox()

    message.refresh_from_db()
    assert (message.sms_status, gateway.messages) == (SmsStatus.NONE, {})


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.BUSY, "http_429"),
        (Fault.BROKEN, "http_503"),
        (Fault.MOVED, "http_302"),
        (Fault.NOT_JSON, "unknown_answer"),
        (Fault.HANG, "ReadTimeout"),
        (Fault.DROP_AFTER_ACCEPTING, "RemoteProtocolError"),
    ],
)
def test_send_sms_is_repeated_by_the_outbox_until_the_gateway_takes_it(
    gateway: SimulatedGateway,
    holder: User,
    fault: Fault,
    error: str,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.SMS_TIMEOUT = 0.5 if fault is Fault.HANG else 5
    message = tell(holder)
    gateway.fail(fault, fault)

    assert not attempt()
    waiting = sms_entry()
    assert (waiting.status, waiting.last_error) == (EntryStatus.WAITING, "SmsUnavailable")
    assert waiting.run_at > timezone.now()
    assert error in caplog.text
    assert not attempt()
    message.refresh_from_db()
    assert message.sms_status == SmsStatus.WAITING

    assert attempt()

    message.refresh_from_db()
    assert message.sms_status == SmsStatus.SENT
    taken = gateway.messages[str(message.pk)]
    assert (len(gateway.messages), taken.to) == (1, PHONE)
    assert taken.deliveries == (3 if fault is Fault.DROP_AFTER_ACCEPTING else 1)


def test_send_sms_is_given_up_where_an_operator_sees_it(
    gateway: SimulatedGateway, holder: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    # The key was changed at the provider only: no message is lost for it, once somebody sets ours.
    settings.SMS_KEY = "an old key"
    settings.OUTBOX_MAX_ATTEMPTS = 2
    message = tell(holder)

    assert [attempt(), attempt()] == [False, False]

    message.refresh_from_db()
    assert (sms_entry().status, message.sms_status) == (EntryStatus.DEAD, SmsStatus.WAITING)
    assert gateway.answers == [(401, "bad_signature")] * 2


@pytest.mark.parametrize(
    ("fault", "said"), [(Fault.TEMPLATE_REFUSED, "template_refused"), (Fault.NUMBER_IN_THE_CODE, "http_400")]
)
def test_send_sms_does_not_repeat_what_the_gateway_refuses(
    gateway: SimulatedGateway,
    holder: User,
    run_outbox: Callable[[], int],
    fault: Fault,
    said: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    message = tell(holder)
    gateway.fail(fault)

    assert run_outbox() == 2

    message.refresh_from_db()
    assert (message.sms_status, sms_entry().status) == (SmsStatus.FAILED, EntryStatus.DONE)
    assert caplog.messages == [f"the SMS of message {message.pk} was refused: {said}"]
    assert gateway.messages == {}


@pytest.mark.django_db(transaction=True)
def test_send_sms_by_a_worker_that_was_thought_dead_reaches_the_person_once(
    gateway: SimulatedGateway, holder: User
) -> None:
    message = tell(holder)
    first = send_out()
    gateway.fail(Fault.HOLD_AFTER_ACCEPTING)

    def slow_worker() -> bool:
        try:
            return delivery.deliver(entry_id=first.pk, fence=first.fence)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slow_worker)
        try:
            assert gateway.held.wait(30)
            # It has sent, and not noted it. Its lease runs out, and another worker gets the entry.
            Entry.objects.filter(pk=first.pk).update(status=EntryStatus.WAITING)
            assert attempt()
        finally:
            gateway.released.set()
        assert slow.result(30) is False

    message.refresh_from_db()
    assert (message.sms_status, sms_entry().status) == (SmsStatus.SENT, EntryStatus.DONE)
    assert gateway.messages == {str(message.pk): Sms(PHONE, TEXT, "card.suspended", deliveries=2)}


def test_send_sms_leaves_no_number_in_the_database_or_the_log(
    gateway: SimulatedGateway, holder: User, run_outbox: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tell(holder)
    gateway.fail(Fault.NUMBER_IN_THE_CODE)
    run_outbox()
    tell(holder, event="card.revoked")
    gateway.fail(Fault.DROP_AFTER_ACCEPTING)
    Entry.objects.filter(task="notifications.send_sms", status=EntryStatus.DONE).delete()
    assert not attempt()
    assert attempt()
    operations.choose_sms(recipient=holder, wants_sms=False)

    assert len(gateway.messages) == 1
    national = PHONE.removeprefix("+86")
    assert national not in caplog.text
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            # Bytes of PostgreSQL come as memoryview, whose repr shows nothing.
            dump = [[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in cursor]
            assert national not in repr(dump), table


def test_folder_gateway_keeps_one_file_for_a_message_sent_twice(holder: User, settings: Any, tmp_path: Path) -> None:
    settings.SMS_BACKEND = "talentcard.notifications.sms.folder.FolderGateway"
    settings.SMS_FILE_PATH = tmp_path / "sms"
    message = tell(holder)

    # The worker dies between sending and noting it: the message is still waiting, and goes out again.
    operations.send_sms(message=message)
    operations.send_sms(message=message)

    [path] = (tmp_path / "sms").iterdir()
    assert path.name == f"{message.pk}.txt"
    assert path.read_text() == f"To: {PHONE}\nTemplate: card.suspended\n\n{TEXT}\n"


def test_choose_sms_is_in_the_audit_log_once(holder: User) -> None:
    operations.choose_sms(recipient=holder, wants_sms=False)
    operations.choose_sms(recipient=holder, wants_sms=False)

    holder.refresh_from_db()
    assert holder.wants_sms is False
    event = AuditEvent.objects.get(action="account.sms_chosen")
    assert (event.target_id, event.data) == (str(holder.pk), {"wants_sms": False})
