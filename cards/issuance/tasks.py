"""Outbox and Celery shells: ids in, load, one call."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from talentcard.outbox.registry import outbox_task


@outbox_task(name="issuance.produce_edition", atomic=False)
def produce_edition(*, card_id: str, **_: object) -> None:
    """Make the proof of a card and put it in force."""
    from cards.issuance.models import TalentCard
    from cards.issuance.operations import produce_edition as produce

    produce(card=TalentCard.objects.get(pk=UUID(card_id)), at=timezone.now())


@shared_task(name="issuance.expire_due_cards")
def expire_due_cards(**_: object) -> None:
    """End the cards whose validity is over."""
    from cards.issuance.operations import expire_due_cards as expire

    expire(at=timezone.now())
