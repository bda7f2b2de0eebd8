"""Officers who take no part in a person's cases."""

from typing import Any

from rest_framework import serializers

from cards.nominations.choices import Relation
from cards.nominations.forms.shared import LONGEST_REASON
from cards.nominations.models import Recusal
from talentcard.casework.api.serializers import OfficerOutput


class RecusalInput(serializers.Serializer):
    """What ties you to the person of a case."""

    relation = serializers.ChoiceField(choices=Relation.choices)
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, required=False, default="")


class OfficeRecusalInput(RecusalInput):
    """What ties one of your office's people, by user name, to the person of a case, by its number."""

    officer = serializers.CharField(max_length=150)
    number = serializers.CharField(max_length=20)


class RecusalOutput(serializers.ModelSerializer):
    """An officer's tie to the person of a case."""

    officer = OfficerOutput()
    relation = serializers.CharField()
    reason = serializers.CharField()
    decisions_before = serializers.SerializerMethodField(
        help_text="How many reviews of this person's cases the officer had made by then; they stand."
    )

    class Meta:
        model = Recusal
        fields = ("id", "number", "officer", "relation", "reason", "declared_at", "withdrawn_at", "decisions_before")

    def get_decisions_before(self, recusal: Any) -> int:
        count: int = recusal.decisions_before
        return count
