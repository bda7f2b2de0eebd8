"""Celery shells of the outbox."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from talentcard.outbox.registry import outbox_task

__all__ = ["outbox_task"]


@shared_task(name="outbox.deliver")
def deliver(*, entry_id: str, fence: int, **_: object) -> None:
    """Run one entry of the outbox."""
    from talentcard.outbox.delivery import deliver as deliver_entry

    deliver_entry(entry_id=UUID(entry_id), fence=fence)


@shared_task(name="outbox.sweep")
def sweep(**_: object) -> None:
    """Send again what a lost broker or worker forgot."""
    from talentcard.outbox.operations import sweep as sweep_entries

    sweep_entries(at=timezone.now())
