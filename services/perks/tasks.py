"""Outbox shells: ids in, load, one call."""

from uuid import UUID

from django.utils import timezone

from talentcard.outbox.registry import outbox_task


@outbox_task(name="perks.card_activated")
def card_activated(*, card_id: str, **_: object) -> None:
    """Tell a holder what their card opens."""
    from cards.issuance.models import TalentCard
    from services.perks.messaging import tell_of_opened_perks

    card = TalentCard.objects.select_related("holder__user", "tier").get(pk=UUID(card_id))
    tell_of_opened_perks(card=card, at=timezone.now())


@outbox_task(name="perks.card_ended")
def card_ended(*, card_id: str, **_: object) -> None:
    """Close what was asked for with a card that has ended."""
    from cards.issuance.models import TalentCard
    from services.perks.operations import close_open_requests

    close_open_requests(card=TalentCard.objects.get(pk=UUID(card_id)), at=timezone.now())
