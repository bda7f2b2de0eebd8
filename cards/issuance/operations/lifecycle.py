"""What happens to a card after it came into force."""

import datetime as dt
import logging
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cards.issuance.choices import TRANSITIONS, CardStatus, KnownReason
from cards.issuance.models import CardTransition, TalentCard
from cards.issuance.operations.transitions import CardTransitionNotAllowed, announce, lock_card, move_cards
from cards.issuance.signals import card_ended
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput
from talentcard.core.transactions import atomic_operation

log = logging.getLogger(__name__)

REASON_LENGTH = CardTransition._meta.get_field("reason").max_length or 0
EXPIRY_BATCH = 500


@atomic_operation
def suspend_card(*, actor: User, card: TalentCard, reason: str, at: dt.datetime) -> TalentCard:
    """Suspend an active card.

    :raises InvalidInput: if there is no reason, or a too long one
    :raises CardTransitionNotAllowed: if the card is not active
    """
    return _change(actor, card, CardStatus.SUSPENDED, "card.suspended", reason, at)


@atomic_operation
def report_loss(*, actor: User, card: TalentCard, at: dt.datetime) -> TalentCard:
    """Suspend a card whose holder has lost it.

    :raises CardTransitionNotAllowed: if the card is not active
    """
    return _change(actor, card, CardStatus.SUSPENDED, "card.reported_lost", KnownReason.LOST, at)


@atomic_operation
def reinstate_card(*, actor: User, card: TalentCard, reason: str, at: dt.datetime) -> TalentCard:
    """Put a suspended card in force again; its code counts again, as it is.

    :raises InvalidInput: if there is no reason, or a too long one
    :raises CardTransitionNotAllowed: if the card is not suspended
    """
    locked = lock_card(card.pk)
    # The table lets a card in production become active too, but that is for production alone.
    if locked.status != CardStatus.SUSPENDED:
        raise CardTransitionNotAllowed(status=locked.get_status_display())
    return _change(actor, card, CardStatus.ACTIVE, "card.reinstated", reason, at)


@atomic_operation
def revoke_card(*, actor: User, card: TalentCard, reason: str, at: dt.datetime) -> TalentCard:
    """Revoke a card for good.

    :raises InvalidInput: if there is no reason, or a too long one
    :raises CardTransitionNotAllowed: if the card has ended already
    """
    return _change(actor, card, CardStatus.REVOKED, "card.revoked", reason, at)


@atomic_operation
def return_card(*, actor: User, card: TalentCard, reason: str, at: dt.datetime) -> TalentCard:
    """End a card that its holder gives back.

    :raises InvalidInput: if there is no reason, or a too long one
    :raises CardTransitionNotAllowed: if the card is in production, or has ended already
    """
    return _change(actor, card, CardStatus.RETURNED, "card.returned", reason, at)


def expire_due_cards(*, at: dt.datetime) -> int:
    """End every card whose validity is over, each in its own transaction; return how many."""
    count = 0
    failed: set[UUID] = set()
    while due := list(_due_cards(at).exclude(pk__in=failed).values_list("pk", flat=True)[:EXPIRY_BATCH]):
        for card_id in due:
            try:
                count += _expire_card(card_id=card_id, at=at)
            except Exception:  # one bad row must not keep all others in force; tried again next time
                log.exception("card %s could not be expired", card_id)
                failed.add(card_id)
    return count


def _due_cards(at: dt.datetime) -> QuerySet[TalentCard]:
    in_force = TalentCard.objects.filter(status__in=[CardStatus.ACTIVE, CardStatus.SUSPENDED])
    return in_force.filter(valid_until__lte=at).order_by("valid_until", "pk")


@atomic_operation
def _expire_card(*, card_id: UUID, at: dt.datetime) -> bool:
    card = lock_card(card_id)
    # It may have been revoked or renewed since it was found.
    if not _due_cards(at).filter(pk=card_id).exists():
        return False
    move_cards(
        actor=None, cards=[card], to=CardStatus.EXPIRED, action="card.expired", reason=KnownReason.EXPIRED, at=at
    )
    announce(card_ended, [card])
    return True


def _change(actor: User, card: TalentCard, to: CardStatus, action: str, reason: str, at: dt.datetime) -> TalentCard:
    reason = _checked(reason)
    card = lock_card(card.pk)
    move_cards(actor=actor, cards=[card], to=to, action=action, reason=reason, at=at)
    if not TRANSITIONS[to]:
        announce(card_ended, [card])
    return card


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise InvalidInput.of("reason", "required", _("Give a reason."))
    if len(reason) > REASON_LENGTH:
        raise InvalidInput.of("reason", "max_length", _("Give the reason in fewer words."))
    return reason
