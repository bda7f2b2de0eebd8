"""Periodic tasks of this app."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="nominations.close_due_notices")
def close_due_notices(**_: object) -> None:
    """Award the cards of public notices that ran out."""
    from cards.nominations import operations

    operations.close_due_notices(at=timezone.now())
