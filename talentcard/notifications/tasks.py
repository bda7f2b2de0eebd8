"""Outbox tasks of this app."""

from uuid import UUID

from talentcard.outbox.registry import outbox_task


@outbox_task(name="notifications.send_email", atomic=False)
def send_email(*, message_id: str, **_: object) -> None:
    """Send a message's e-mail."""
    from talentcard.notifications import operations
    from talentcard.notifications.models import Message

    operations.send_email(message=Message.objects.select_related("recipient").get(pk=UUID(message_id)))


@outbox_task(name="notifications.send_sms", atomic=False)
def send_sms(*, message_id: str, **_: object) -> None:
    """Send a message's SMS."""
    from talentcard.notifications import operations
    from talentcard.notifications.models import Message

    operations.send_sms(message=Message.objects.select_related("recipient").get(pk=UUID(message_id)))
