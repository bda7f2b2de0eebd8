"""Celery shells: load, one call."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="casework.chase")
def chase(**_: object) -> None:
    """Send the reminders and escalations that are due."""
    from talentcard.casework.operations import chase as chase_items

    chase_items(at=timezone.now())
