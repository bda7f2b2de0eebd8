"""Tell people, once for each fact."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from talentcard.core.transactions import atomic_operation
from talentcard.notifications import catalogue
from talentcard.notifications.choices import EmailStatus
from talentcard.notifications.models import Message
from talentcard.outbox.operations import enqueue_each


def notify(*, event: str, recipient: Any, key: str, params: dict[str, str] | None = None, url: str = "") -> None:
    """Tell a person of a fact, in-app and by e-mail; a second call for the same fact does nothing.

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
    by_email = catalogue.get(event).email
    messages = [
        Message(
            recipient=recipient,
            event=event,
            key=key,
            params=params,
            url=url,
            email_status=EmailStatus.WAITING if by_email and recipient.email else EmailStatus.NONE,
        )
        for recipient, key, params in facts
    ]
    # Whoever was told already stays as they are: the constraint knows them, also from a transaction of this moment.
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    waiting = [message.pk for message in messages if message.email_status == EmailStatus.WAITING]
    new = Message.objects.filter(pk__in=waiting).values_list("pk", flat=True)
    enqueue_each("notifications.send_email", [{"message_id": pk} for pk in new], queue="mail")


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


@atomic_operation
def mark_read(*, recipient: Any, at: dt.datetime) -> int:
    """Mark all of a person's messages as read; return how many were not."""
    return Message.objects.filter(recipient=recipient, read_at=None).update(read_at=at)
