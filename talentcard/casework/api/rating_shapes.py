"""What the API takes and shows of ratings."""

from typing import Any

from rest_framework import serializers

from talentcard.casework.choices import RatingLevel
from talentcard.casework.models import Rating
from talentcard.casework.operations.ratings import COMMENT_LENGTH
from talentcard.casework.rating_queries import Satisfaction


class RatingInput(serializers.Serializer):
    """How a person was served."""

    level = serializers.ChoiceField(choices=RatingLevel.choices)
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=COMMENT_LENGTH)


class RatingOutput(serializers.ModelSerializer):
    """A rating, and what was done about a bad one."""

    comment = serializers.CharField()
    answer = serializers.CharField(help_text="Empty until the head of the office has answered a bad one.")

    class Meta:
        model = Rating
        fields = ["id", "kind", "subject_id", "number", "level", "comment", "at", "answer", "answered_at"]
        read_only_fields = fields


class RatingAnswerInput(serializers.Serializer):
    """What was done about a bad rating."""

    text = serializers.CharField(max_length=COMMENT_LENGTH)


class LevelCount(serializers.Serializer):
    """How many ratings there are of a level."""

    level = serializers.IntegerField()
    count = serializers.IntegerField()


class SatisfactionOutput(serializers.Serializer):
    """The ratings of a time, counted."""

    total = serializers.IntegerField()
    share = serializers.FloatField(
        allow_null=True, help_text="Of those at least basically satisfied, from 0 to 1; null where nobody has rated."
    )
    by_level = serializers.SerializerMethodField()

    def get_by_level(self, found: Satisfaction) -> Any:
        """Return the levels, the best first."""
        return LevelCount([{"level": level, "count": found.by_level[level]} for level in _BEST_FIRST], many=True).data


_BEST_FIRST = sorted(RatingLevel, reverse=True)
