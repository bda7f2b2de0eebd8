"""Shapes of the cards' API."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cards.issuance.choices import CardStatus
from cards.issuance.models import CardTransition, TalentCard, Tier


class CardFilterInput(serializers.Serializer):
    """What a list of cards may be narrowed to."""

    status = serializers.ChoiceField(choices=CardStatus.choices, required=False)
    tier = serializers.CharField(max_length=10, required=False, help_text="A tier's code.")
    number = serializers.CharField(max_length=40, required=False, help_text="A card number, or how it begins.")


class ReasonInput(serializers.Serializer):
    """Why a card's status is changed."""

    reason = serializers.CharField(max_length=200)


class LossInput(serializers.Serializer):
    """A report of a loss says nothing more."""


class TierOutput(serializers.ModelSerializer):
    """A class of card, named in the reader's language."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = Tier
        fields = ["code", "name"]


class CardOutput(serializers.ModelSerializer):
    """A card as its holder and its officers see it."""

    tier = TierOutput(read_only=True)
    holder_name = serializers.CharField(source="holder.name", read_only=True)
    reason = serializers.CharField(source="reason_text", read_only=True, help_text="Why it has this status.")

    class Meta:
        model = TalentCard
        fields = ["id", "number", "status", "reason", "tier", "holder_name", "valid_from", "valid_until"]


class CardTransitionOutput(serializers.ModelSerializer):
    """A change of a card's status."""

    reason = serializers.CharField(source="reason_text", read_only=True)

    class Meta:
        model = CardTransition
        fields = ["at", "from_status", "to_status", "reason"]


class CardDetailOutput(CardOutput):
    """A card and what happened to it, oldest first."""

    history = serializers.SerializerMethodField()

    class Meta(CardOutput.Meta):
        fields = [*CardOutput.Meta.fields, "history"]

    @extend_schema_field(CardTransitionOutput(many=True))
    def get_history(self, card: TalentCard) -> list[dict[str, object]]:
        """Return the changes that the view has read."""
        return list(CardTransitionOutput(card.transitions.all(), many=True).data)
