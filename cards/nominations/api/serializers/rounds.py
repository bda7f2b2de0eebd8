"""What a nominator hands in again."""

from rest_framework import serializers

from cards.nominations.api.serializers.cases import EvidenceOutput
from cards.nominations.forms.shared import LONGEST_REASON

MOST_REPLIES = 200


class SubmitInput(serializers.Serializer):
    """What goes with a corrected case."""

    replies = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_REASON, allow_blank=True),
        required=False,
        default=list,
        max_length=MOST_REPLIES,
        help_text="What you say to each thing that was to be corrected, in the order of the return.",
    )
    to_round = serializers.IntegerField(
        required=False, help_text="The case's round when you wrote them: refused if it was returned again meanwhile."
    )


class FieldChangeOutput(serializers.Serializer):
    """A field that says something else than before."""

    field = serializers.CharField()
    title = serializers.CharField(source="label", help_text="What the field is called.")
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class ReplyOutput(serializers.Serializer):
    """What was to be corrected, and the nominator's reply."""

    about = serializers.CharField(allow_blank=True, help_text="Empty for the case as a whole.")
    note = serializers.CharField()
    reply = serializers.CharField(allow_blank=True)


class ChangesOutput(serializers.Serializer):
    """What the last submission of a case changed."""

    round = serializers.IntegerField()
    changed = FieldChangeOutput(many=True, source="fields")
    added = EvidenceOutput(many=True)
    removed = EvidenceOutput(many=True)
    replies = ReplyOutput(many=True)
