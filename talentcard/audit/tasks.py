"""Celery shells of the audit log."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="audit.seal")
def seal(**_: object) -> None:
    """Seal what was recorded since the last seal."""
    from talentcard.audit.operations import seal_events

    seal_events(at=timezone.now())
