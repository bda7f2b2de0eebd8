"""Writes: the only code that changes awards, cards, editions and recognised lists."""

from cards.issuance.operations.award import HolderHasLiveCard, award_card
from cards.issuance.operations.lifecycle import (
    expire_due_cards,
    reinstate_card,
    report_loss,
    return_card,
    revoke_card,
    suspend_card,
)
from cards.issuance.operations.lists import AlreadyListed, list_person
from cards.issuance.operations.production import activate_editions, make_editions, produce_editions
from cards.issuance.operations.transitions import CardTransitionNotAllowed

__all__ = [
    "AlreadyListed",
    "CardTransitionNotAllowed",
    "HolderHasLiveCard",
    "activate_editions",
    "award_card",
    "expire_due_cards",
    "list_person",
    "make_editions",
    "produce_editions",
    "reinstate_card",
    "report_loss",
    "return_card",
    "revoke_card",
    "suspend_card",
]
