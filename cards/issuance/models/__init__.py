"""Policy data, recognised lists, awards, cards and the editions of their proof."""

from cards.issuance.models.cards import (
    Award,
    CardEdition,
    CardNumberCounter,
    CardQuerySet,
    CardTransition,
    TalentCard,
    reason_text,
)
from cards.issuance.models.lists import RecognisedEntry, RecognisedEntryQuerySet, RecognisedList
from cards.issuance.models.policy import Basis, PolicyVersion, Tier

__all__ = [
    "Award",
    "Basis",
    "CardEdition",
    "CardNumberCounter",
    "CardQuerySet",
    "CardTransition",
    "PolicyVersion",
    "RecognisedEntry",
    "RecognisedEntryQuerySet",
    "RecognisedList",
    "TalentCard",
    "Tier",
    "reason_text",
]
