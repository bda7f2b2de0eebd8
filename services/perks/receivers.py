"""What happens to cards below, heard here; each receiver writes one task and nothing else."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from cards.issuance.models import TalentCard
from cards.issuance.signals import card_activated, card_ended
from talentcard.outbox.operations import enqueue_each


@receiver(card_activated, dispatch_uid="perks.card_activated")
def on_card_activated(*, cards: Sequence[TalentCard], **kwargs: Any) -> None:
    """Have the holders told what opens."""
    enqueue_each("perks.card_activated", [{"card_id": card.pk} for card in cards])


@receiver(card_ended, dispatch_uid="perks.card_ended")
def on_card_ended(*, cards: Sequence[TalentCard], **kwargs: Any) -> None:
    """Have the cards' open requests closed."""
    enqueue_each("perks.card_ended", [{"card_id": card.pk} for card in cards])
