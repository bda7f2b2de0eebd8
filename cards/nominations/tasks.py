"""Periodic and queued tasks of this app."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from talentcard.outbox.registry import outbox_task


@shared_task(name="nominations.close_due_notices")
def close_due_notices(**_: object) -> None:
    """Award the cards of public notices that ran out."""
    from cards.nominations import operations

    operations.close_due_notices(at=timezone.now())


@outbox_task(name="nominations.check_import", atomic=False)
def check_import(*, batch_id: str, after: int, **_: object) -> None:
    """Read and check the next part of a spreadsheet."""
    from cards.nominations.operations.staging import check_import as check

    check(batch_id=UUID(batch_id), after=after, at=timezone.now())


@outbox_task(name="nominations.apply_import", atomic=False)
def apply_import(*, batch_id: str, after: int, **_: object) -> None:
    """Apply the next part of a spreadsheet's good rows."""
    from cards.nominations.operations.applying import apply_rows

    apply_rows(batch_id=UUID(batch_id), after=after, at=timezone.now())
