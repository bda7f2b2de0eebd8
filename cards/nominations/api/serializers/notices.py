"""The public notice and objections."""

from rest_framework import serializers

from cards.nominations.api.serializers import examples
from cards.nominations.choices import ObjectionStatus


class NoticeOutput(serializers.Serializer):
    """A nomination under public notice: never contact or identity data."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="nomination.talent.name")
    employer = serializers.CharField(source="nomination.employer_display")
    nominator = serializers.CharField(source="nomination.nominator.name")
    basis = serializers.CharField(source="nomination.basis.name")
    tier = serializers.CharField(source="nomination.tier.name")
    opened_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    release = serializers.CharField(source="release.number")


@examples.shown_as(objection=examples.OBJECTION)
class ObjectionInput(serializers.Serializer):
    """An objection; only the officers who handle it read it."""

    name = serializers.CharField(max_length=120)
    contact = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=5000)


class ObjectionReceiptOutput(serializers.Serializer):
    """That an objection was received."""

    id = serializers.UUIDField()
    lodged_at = serializers.DateTimeField()


class ObjectionOutput(serializers.Serializer):
    """An objection, for the officers who handle it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    contact = serializers.CharField()
    text = serializers.CharField()
    status = serializers.ChoiceField(choices=ObjectionStatus.choices)
    lodged_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolution = serializers.CharField(allow_blank=True)


class ResolutionInput(serializers.Serializer):
    """What is decided about an objection."""

    is_upheld = serializers.BooleanField(help_text="True rejects the nomination; false lets its notice go on.")
    reason = serializers.CharField(max_length=2000)
