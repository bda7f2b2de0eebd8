"""The one door through which a card's status changes."""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import DatabaseError, transaction
from django.dispatch import Signal
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.credentials.choices import StatusValue
from cards.credentials.operations import set_status
from cards.issuance.choices import TRANSITIONS, CardStatus, EditionStatus
from cards.issuance.models import CardEdition, CardTransition, TalentCard
from talentcard.accounts.models import User
from talentcard.audit.operations import record_each
from talentcard.core.errors import DomainError
from talentcard.notifications.operations import notify_each

log = logging.getLogger(__name__)

# What the published list says of a card's code; of an expired one the code itself says it.
LIST_VALUES = {
    CardStatus.ACTIVE: StatusValue.VALID,
    CardStatus.SUSPENDED: StatusValue.SUSPENDED,
    CardStatus.REVOKED: StatusValue.REVOKED,
    CardStatus.RETURNED: StatusValue.REVOKED,
}


class CardTransitionNotAllowed(DomainError):
    """The card's status does not allow what was asked."""

    code = "card_transition_not_allowed"
    message = _("This is not possible: the card is %(status)s.")


def lock_cards(card_ids: Iterable[UUID]) -> list[TalentCard]:
    """Return cards, locked, with their holders and tiers."""
    cards = TalentCard.objects.select_for_update(of=("self",)).select_related("holder__user", "tier")
    # In one order: of two that lock several, neither waits for what the other has.
    return list(cards.filter(pk__in=card_ids).order_by("pk"))


def lock_card(card_id: UUID) -> TalentCard:
    """Return a card, locked, with its holder and tier."""
    [card] = lock_cards([card_id])
    return card


def move_cards(
    *,
    actor: User | None,
    cards: Sequence[TalentCard],
    to: CardStatus,
    action: str,
    at: dt.datetime,
    reason: str = "",
) -> None:
    """Change the status of locked cards: history, audit, status list and a message to each holder.

    :param action: what is done, for the audit log and, with the same name, the message
    :raises CardTransitionNotAllowed: if the table of transitions forbids it for one of them
    """
    steps = {card: _step(card, to=to, reason=reason, actor=actor, at=at) for card in cards}
    for card in cards:
        card.status, card.status_reason = to, reason
    ids = [card.pk for card in cards]
    TalentCard.objects.filter(pk__in=ids).update(status=to, status_reason=reason, updated_at=at)
    CardTransition.objects.bulk_create(steps.values())
    details = [(card, {"from": step.from_status, "to": to, "step": str(step.pk)}) for card, step in steps.items()]
    record_each(actor=actor, action=action, targets=details)
    if to in LIST_VALUES:
        # The card's lock guards its places in the list too: one that says so already need not lock the whole list.
        editions = CardEdition.objects.filter(card__in=ids).exclude(status=EditionStatus.SUPERSEDED)
        for edition in editions.exclude(status_entry__value=LIST_VALUES[to]).select_related("status_entry"):
            set_status(entry=edition.status_entry, value=LIST_VALUES[to], at=at)
    facts = [
        (card.holder.user, f"{card.pk}:{step.pk}", {"number": card.number})
        for card, step in steps.items()
        if card.holder.user is not None
    ]
    notify_each(event=action, facts=facts, url=reverse("issuance:my-card"))


def _step(card: TalentCard, *, to: CardStatus, reason: str, actor: User | None, at: dt.datetime) -> CardTransition:
    was = CardStatus(card.status)
    if to not in TRANSITIONS[was]:
        raise CardTransitionNotAllowed(status=was.label)
    return CardTransition(card=card, from_status=was, to_status=to, reason=reason, actor=actor, at=at)


def announce(signal: Signal, cards: Sequence[TalentCard]) -> None:
    """Send a signal in the caller's transaction; a receiver that fails is logged and undoes nothing of the cards."""
    # A savepoint: after a receiver's failure in the database the transaction would be lost otherwise.
    with transaction.atomic():
        answers = signal.send_robust(sender=TalentCard, cards=cards)
        has_broken = any(isinstance(answer, DatabaseError) for _receiver, answer in answers)
        transaction.set_rollback(has_broken or transaction.get_rollback())
        if transaction.get_rollback():
            log.error("what the receivers of a signal wrote was undone, cards %s", [str(card.pk) for card in cards])
