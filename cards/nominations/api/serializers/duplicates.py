"""People who may be one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cards.nominations.api.serializers.cases import IdentityOutput
from cards.nominations.choices import DuplicateVerdict
from cards.nominations.queries import LookAlike
from cards.talents.choices import Gender


class LookAlikeOutput(serializers.Serializer):
    """Somebody of the nominee's name and birth date with another document; numbers are masked."""

    id = serializers.UUIDField(source="other.pk")
    name = serializers.CharField(source="other.name")
    documents = serializers.SerializerMethodField()
    gender = serializers.ChoiceField(choices=Gender.choices, source="other.gender")
    nationality = serializers.CharField(allow_blank=True)
    employer = serializers.CharField(allow_blank=True)
    has_live_nomination = serializers.BooleanField()
    has_live_card = serializers.BooleanField()
    verdict = serializers.ChoiceField(choices=DuplicateVerdict.choices)
    decided_at = serializers.DateTimeField(source="pair.decided_at", default=None, allow_null=True)
    reason = serializers.CharField(source="pair.reason", default="", allow_blank=True)

    @extend_schema_field(IdentityOutput(many=True))
    def get_documents(self, found: LookAlike) -> Any:
        return IdentityOutput(found.other.identity_documents.all(), many=True).data


class DuplicateDecisionInput(serializers.Serializer):
    """Whether the two are one person, and why."""

    is_same = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000)


class StoppedRejectionInput(serializers.Serializer):
    """Why a case under public notice is rejected for what stops it."""

    reason = serializers.CharField(max_length=2000)
