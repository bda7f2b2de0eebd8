"""Decisions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cards.nominations.api.serializers import examples
from cards.nominations.api.serializers.obstacles import ReviewRefusedOutput
from cards.nominations.api.serializers.shared import MissingItemShape
from cards.nominations.choices import Outcome, Step
from talentcard.casework.operations import MAX_AT_ONCE


class DecisionInput(serializers.Serializer):
    """A decision: a refusal gives its reason, a return lists everything to correct."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    missing = MissingItemShape(many=True, required=False, default=list)


@examples.shown_as(pass_on=examples.PASS, return_for_correction=examples.RETURN)
class ReviewInput(DecisionInput):
    """A decision on one case."""

    item = serializers.UUIDField(
        required=False,
        default=None,
        allow_null=True,
        help_text="The work item you decide on; refused if the case waits for another decision by now.",
    )


@examples.shown_as(agree=examples.AGREED)
class SecondReviewInput(ReviewInput):
    """A decision on one case, after the first opinion."""

    agrees = serializers.BooleanField(
        required=False,
        default=None,
        allow_null=True,
        help_text="Whether you agree with the first opinion: needed where there is one; to disagree, give a reason.",
    )


class BulkReviewInput(DecisionInput):
    """One decision for many cases."""

    step = serializers.ChoiceField(choices=Step.choices)
    agrees = serializers.BooleanField(
        required=False,
        default=None,
        allow_null=True,
        help_text="At the second review: whether you agree with the first opinion of each of them.",
    )
    ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_AT_ONCE)


class RowResultOutput(serializers.Serializer):
    """What became of one case of many."""

    number = serializers.CharField(allow_blank=True)
    ok = serializers.BooleanField()
    error = serializers.SerializerMethodField()

    @extend_schema_field(ReviewRefusedOutput(allow_null=True))
    def get_error(self, row: Any) -> dict[str, Any] | None:
        return row.error.as_dict() if row.error else None


class BulkRowOutput(RowResultOutput):
    """What became of one case of a bulk decision."""

    id = serializers.UUIDField()


class DecisionSheetInput(serializers.Serializer):
    """A sheet that says what is decided of each case: CSV, in UTF-8, GB18030 or UTF-16."""

    sheet = serializers.FileField()
    apply = serializers.BooleanField(default=False, help_text="Without it, nothing is decided: the answer is a trial.")


class SheetRowOutput(RowResultOutput):
    """What became of one row of a sheet of decisions, or would."""

    row = serializers.IntegerField(help_text="Counted from 1, headings included.")
    outcome = serializers.CharField(allow_blank=True)
