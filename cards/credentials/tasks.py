"""Outbox and Celery shells: ids in, one call."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from talentcard.outbox.registry import outbox_task


@outbox_task(name="credentials.publish_status_list", atomic=False)
def publish_status_list(*, status_list_id: str, **_: object) -> None:
    """Publish a list that changed."""
    from cards.credentials.publishing import publish_status_list as publish

    publish(status_list_id=UUID(status_list_id), at=timezone.now())


@shared_task(name="credentials.refresh_status_lists")
def refresh_status_lists(**_: object) -> None:
    """Keep the published lists fresh."""
    from cards.credentials.publishing import refresh_status_lists as refresh

    refresh(at=timezone.now())
