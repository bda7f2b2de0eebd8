"""Tell people, once for each fact."""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from talentcard.audit.operations import record
from talentcard.core.transactions import atomic_operation
from talentcard.notifications import catalogue, sms
from talentcard.notifications.choices import EmailStatus, SmsStatus
from talentcard.notifications.models import Message
from talentcard.outbox.operations import enqueue_each

log = logging.getLogger(__name__)


def notify(*, event: str, recipient: Any, key: str, params: dict[str, str] | None = None, url: str = "") -> None:
    """Tell a person of a fact, in-app, by e-mail and by SMS; a second call for the same fact does nothing.

    :param recipient: the user to tell
    :param key: what names the fact within its event
    :param params: values for the text: numbers and codes, never personal data
    :param url: the path of the page the message is about
    :raises KeyError: if no app registers the event
    """
    notify_each(event=event, facts=[(recipient, key, params or {})], url=url)


@atomic_operation
def notify_each(*, event: str, facts: Iterable[tuple[Any, str, dict[str, str]]], url: str = "") -> None:
    """Tell people of facts of one kind, like `notify`, in as many statements as it takes to tell one.

    :param facts: whom to tell, what names the fact, and the values for the text
    :raises KeyError: if no app registers the event
    """
    kind = catalogue.get(event)
    by_sms = kind.sms and sms.is_on()
    messages = [
        Message(
            recipient=recipient,
            event=event,
            key=key,
            params=params,
            url=url,
            email_status=EmailStatus.WAITING if kind.email and recipient.email else EmailStatus.NONE,
            sms_status=SmsStatus.WAITING if by_sms and _takes_sms(recipient) else SmsStatus.NONE,
        )
        for recipient, key, params in facts
    ]
    # Whoever was told already stays as they are: the constraint knows them, also from a transaction of this moment.
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    by_channel = {
        "notifications.send_email": [entry.pk for entry in messages if entry.email_status == EmailStatus.WAITING],
        "notifications.send_sms": [entry.pk for entry in messages if entry.sms_status == SmsStatus.WAITING],
    }
    waiting = {pk for pks in by_channel.values() for pk in pks}
    new = set(Message.objects.filter(pk__in=waiting).values_list("pk", flat=True))
    for task, pks in by_channel.items():
        enqueue_each(task, [{"message_id": pk} for pk in pks if pk in new], queue="mail")


def _takes_sms(recipient: Any) -> bool:
    return bool(recipient.wants_sms and recipient.phone)


def send_email(*, message: Message) -> None:
    """Send a message's e-mail; do nothing if it was sent.

    The Message-ID is the message's own, so a mailbox drops the copy that a crash between sending and noting could
    make; the mail folder of the embedded mode overwrites it.
    """
    if message.email_status != EmailStatus.WAITING:
        return
    recipient = message.recipient
    with translation.override(recipient.language):
        link = catalogue.get(message.event).link
        target = link(recipient) if link else settings.SITE_URL + message.url if message.url else ""
        email = EmailMessage(
            subject=message.title,
            body="\n\n".join(part for part in (message.body, target) if part),
            to=[recipient.email],
            headers={"Message-ID": f"<{message.pk}@talentcard>", "X-Event": f"{message.event} {message.key}"},
        )
    email.send()
    Message.objects.filter(pk=message.pk).update(email_status=EmailStatus.SENT)


def send_sms(*, message: Message) -> None:
    """Send a message's SMS; do nothing if it was sent, or if its recipient no longer takes any.

    The gateway knows it by the message's own id, so what a crash between sending and noting repeats reaches nobody
    twice. What the gateway refuses is not repeated.

    :raises SmsUnavailable: if it should be tried again
    """
    if message.sms_status != SmsStatus.WAITING:
        return
    recipient = message.recipient
    if not (sms.is_on() and _takes_sms(recipient)):
        _note_sms(message, SmsStatus.NONE)
        return
    with translation.override(recipient.language):
        text = sms.text_of(message.title)
    try:
        receipt = sms.gateway().send(to=recipient.phone, text=text, template=message.event, message_id=message.pk)
    except sms.SmsRefused as error:
        log.warning("the SMS of message %s was refused: %s", message.pk, error)
        _note_sms(message, SmsStatus.FAILED)
        return
    _note_sms(message, SmsStatus.SENT, reference=receipt.reference)


def _note_sms(message: Message, status: SmsStatus, *, reference: str = "") -> None:
    # Only while it waits: of two workers that had it, the first to note it is right.
    waiting = Message.objects.filter(pk=message.pk, sms_status=SmsStatus.WAITING)
    waiting.update(sms_status=status, sms_reference=reference)


@atomic_operation
def mark_read(*, recipient: Any, at: dt.datetime) -> int:
    """Mark all of a person's messages as read; return how many were not."""
    return Message.objects.filter(recipient=recipient, read_at=None).update(read_at=at)


@atomic_operation
def choose_sms(*, recipient: Any, wants_sms: bool) -> None:
    """Switch a person's text messages on or off; what still waits to be sent follows the wish."""
    if recipient.wants_sms == wants_sms:
        return
    recipient.wants_sms = wants_sms
    recipient.save(update_fields=["wants_sms", "updated_at"])
    record(actor=recipient, action="account.sms_chosen", target=recipient, data={"wants_sms": wants_sms})
