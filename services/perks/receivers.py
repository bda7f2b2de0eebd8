"""What happens to cards below, heard here; each receiver writes one task and nothing else."""

from typing import Any

from django.dispatch import receiver

from cards.issuance.models import TalentCard
from cards.issuance.signals import card_activated, card_ended
from talentcard.outbox.operations import enqueue


@receiver(card_activated, dispatch_uid="perks.card_activated")
def on_card_activated(*, card: TalentCard, **kwargs: Any) -> None:
    """Have the holder told what opens."""
    enqueue("perks.card_activated", card_id=card.pk)


@receiver(card_ended, dispatch_uid="perks.card_ended")
def on_card_ended(*, card: TalentCard, **kwargs: Any) -> None:
    """Have the card's open requests closed."""
    enqueue("perks.card_ended", card_id=card.pk)
