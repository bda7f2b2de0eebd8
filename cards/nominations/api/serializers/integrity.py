"""Integrity: what was checked, what is on record, and what a case makes of it."""

from rest_framework import serializers

from cards.nominations.choices import IntegrityKind
from cards.talents.choices import IdentityKind


class FactShape(serializers.Serializer):
    """What a source has on record."""

    reference = serializers.CharField(max_length=100, help_text="The source's own number of it.")
    dated_on = serializers.DateField()
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class IntegrityCheckInput(serializers.Serializer):
    """A check that was made."""

    kind = serializers.ChoiceField(choices=IntegrityKind.choices)
    source = serializers.CharField(  # type: ignore[assignment]  # the word the API uses
        max_length=160, help_text="Where it was looked up."
    )
    hit = FactShape(required=False, allow_null=True, default=None, help_text="What is on record; null: nothing found.")


class RulingInput(serializers.Serializer):
    """Whether the case goes on despite a fact, or is rejected for it."""

    goes_on = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000)


class WithdrawalInput(serializers.Serializer):
    """Why a fact is withdrawn."""

    reason = serializers.CharField(max_length=2000)


class FactReportInput(FactShape):
    """What a source's system has on record against somebody."""

    kind = serializers.ChoiceField(choices=IntegrityKind.choices)
    identity_kind = serializers.ChoiceField(choices=IdentityKind.choices)
    identity_number = serializers.CharField(max_length=40)
    issuing_region = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class FactRetractionInput(WithdrawalInput):
    """Which of its facts a source's system withdraws, and why."""

    reference = serializers.CharField(max_length=100)


class FactReceiptOutput(serializers.Serializer):
    """What a source's system is told: nothing about the person or their cases."""

    id = serializers.UUIDField()
    recorded_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class IntegrityCheckOutput(serializers.Serializer):
    """A check that was made."""

    kind = serializers.ChoiceField(choices=IntegrityKind.choices)
    source = serializers.CharField()  # type: ignore[assignment]  # the word the API uses
    checked_at = serializers.DateTimeField()
    checked_by = serializers.CharField()
    fact = serializers.UUIDField(source="fact_id", allow_null=True, help_text="What was found; null: nothing.")


class RulingOutput(serializers.Serializer):
    """What a case makes of a fact."""

    goes_on = serializers.BooleanField()
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField()
    decided_by = serializers.CharField()


class IntegrityFactOutput(serializers.Serializer):
    """Something on record, and what the case makes of it."""

    id = serializers.UUIDField(source="fact.pk")
    kind = serializers.ChoiceField(choices=IntegrityKind.choices, source="fact.kind")
    source = serializers.CharField(source="fact.source")  # type: ignore[assignment]  # the word the API uses
    reference = serializers.CharField(source="fact.reference")
    dated_on = serializers.DateField(source="fact.dated_on")
    text = serializers.CharField(source="fact.text", allow_blank=True)
    recorded_at = serializers.DateTimeField(source="fact.recorded_at")
    withdrawn_at = serializers.DateTimeField(source="fact.withdrawn_at", allow_null=True)
    withdrawal_reason = serializers.CharField(source="fact.withdrawal_reason", allow_blank=True)
    ruling = RulingOutput(allow_null=True)


class IntegrityOutput(serializers.Serializer):
    """All that was checked for a case, is on record against its nominee, and is still to be checked."""

    missing_checks = serializers.ListField(child=serializers.ChoiceField(choices=IntegrityKind.choices))
    checks = IntegrityCheckOutput(many=True)
    facts = IntegrityFactOutput(many=True)
