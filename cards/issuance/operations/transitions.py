"""The one door through which a card's status changes."""

import datetime as dt
import logging
from uuid import UUID

from django.db import DatabaseError, transaction
from django.dispatch import Signal
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.credentials.choices import StatusValue
from cards.credentials.operations import set_status
from cards.issuance.choices import TRANSITIONS, CardStatus, EditionStatus
from cards.issuance.models import CardTransition, TalentCard
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError
from talentcard.notifications.operations import notify

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


def lock_card(card_id: UUID) -> TalentCard:
    """Return a card, locked, with its holder and tier."""
    cards = TalentCard.objects.select_for_update(of=("self",))
    return cards.select_related("holder__user", "tier").get(pk=card_id)


def move_card(
    *, actor: User | None, card: TalentCard, to: CardStatus, action: str, at: dt.datetime, reason: str = ""
) -> CardTransition:
    """Change a locked card's status: history, audit, status list and a message to the holder.

    :param action: what is done, for the audit log and, with the same name, the message
    :raises CardTransitionNotAllowed: if the table of transitions forbids it
    """
    was = CardStatus(card.status)
    if to not in TRANSITIONS[was]:
        raise CardTransitionNotAllowed(status=was.label)
    card.status = to
    card.status_reason = reason
    card.save(update_fields=["status", "status_reason", "valid_from", "valid_until", "updated_at"])
    step = CardTransition.objects.create(card=card, from_status=was, to_status=to, reason=reason, actor=actor, at=at)
    record(actor=actor, action=action, target=card, data={"from": was, "to": to, "step": str(step.pk)})
    if to in LIST_VALUES:
        for edition in card.editions.exclude(status=EditionStatus.SUPERSEDED).select_related("status_entry"):
            set_status(entry=edition.status_entry, value=LIST_VALUES[to], at=at)
    tell_holder(card=card, event=action, key=f"{card.pk}:{step.pk}")
    return step


def tell_holder(*, card: TalentCard, event: str, key: str) -> None:
    """Tell a card's holder of a fact, if they have an account."""
    recipient = card.holder.user
    if recipient is not None:
        notify(
            event=event, recipient=recipient, key=key, params={"number": card.number}, url=reverse("issuance:my-card")
        )


def announce(signal: Signal, card: TalentCard) -> None:
    """Send a signal in the caller's transaction; a receiver that fails is logged and undoes nothing of the card."""
    try:
        # A savepoint: after a database error in a receiver the transaction would be lost otherwise.
        with transaction.atomic():
            for _receiver, answer in signal.send_robust(sender=TalentCard, card=card):
                if isinstance(answer, DatabaseError):
                    raise answer
    except DatabaseError:
        log.exception("the receivers of a card's signal were undone, card %s", card.pk)
