"""Outbox and Celery shells: ids in, load, one call."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from talentcard.outbox.registry import outbox_task


@outbox_task(name="issuance.produce_edition", atomic=False, batch=10)
def produce_editions(*, batch: list[dict[str, str]], **_: object) -> None:
    """Make the proofs of cards and put them in force."""
    from cards.issuance.operations import produce_editions as produce

    produce(card_ids=[UUID(ids["card_id"]) for ids in batch], at=timezone.now())


@shared_task(name="issuance.expire_due_cards")
def expire_due_cards(**_: object) -> None:
    """End the cards whose validity is over."""
    from cards.issuance.operations import expire_due_cards as expire

    expire(at=timezone.now())
