"""Tell people, once for each fact."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from talentcard.core.transactions import atomic_operation
from talentcard.notifications import catalogue
from talentcard.notifications.choices import EmailStatus
from talentcard.notifications.models import Message
from talentcard.outbox.operations import enqueue


@atomic_operation
def notify(*, event: str, recipient: Any, key: str, params: dict[str, str] | None = None, url: str = "") -> Message:
    """Tell a person of a fact, in-app and by e-mail; a second call for the same fact does nothing.

    :param recipient: the user to tell
    :param key: what names the fact within its event
    :param params: values for the text: numbers and codes, never personal data
    :param url: the path of the page the message is about
    :raises KeyError: if no app registers the event
    """
    entry = catalogue.get(event)
    wants_email = entry.email and bool(recipient.email)
    message, created = Message.objects.get_or_create(
        recipient=recipient,
        event=event,
        key=key,
        defaults={
            "params": params or {},
            "url": url,
            "email_status": EmailStatus.WAITING if wants_email else EmailStatus.NONE,
        },
    )
    if created and wants_email:
        enqueue("notifications.send_email", queue="mail", message_id=message.pk)
    return message


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
