"""Experts, and what people answer by their links."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cards.nominations import queries
from cards.nominations.choices import AnswerStatus, Asked
from cards.nominations.models import AnswerLink
from cards.nominations.operations.answers import LONGEST_ANSWER


class ExpertOutput(serializers.Serializer):
    """An expert of the register; never how they are reached."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    organisation = serializers.CharField(source="organisation_display", allow_blank=True)
    field = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_blank=True))
    def get_field(self, expert: Any) -> str:
        return str(expert.field)


class ExpertNameInput(serializers.Serializer):
    """Which expert is to confirm a nomination."""

    expert = serializers.UUIDField()


class AskedOutput(serializers.Serializer):
    """What a case asks of one person. `words` is for officers alone."""

    id = serializers.UUIDField(source="request.pk")
    asked = serializers.ChoiceField(choices=Asked.choices, source="request.asked")
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=AnswerStatus.choices, source="request.status")
    asked_at = serializers.DateTimeField(source="request.asked_at", allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Until when the link works.")
    answered_at = serializers.DateTimeField(source="request.answered_at", allow_null=True)
    words = serializers.CharField(allow_blank=True)


class LinkInput(serializers.Serializer):
    """What an e-mailed link carries: the value of its `t`."""

    token = serializers.CharField(max_length=200)


class AnswerInput(LinkInput):
    """An answer; an expert writes a few words with it."""

    is_confirmed = serializers.BooleanField(help_text="The expert confirms, or the nominee consents.")
    words = serializers.CharField(max_length=LONGEST_ANSWER, required=False, allow_blank=True, default="")


class AnswerReceiptOutput(serializers.Serializer):
    """That an answer was recorded."""

    is_confirmed = serializers.BooleanField()
    answered_at = serializers.DateTimeField()


class QuestionOutput(serializers.Serializer):
    """What the bearer of a link is asked: never contact or identity data."""

    asked = serializers.ChoiceField(choices=Asked.choices, source="request.asked")
    number = serializers.CharField(source="request.nomination.number")
    nominee = serializers.CharField(source="request.nomination.talent.name")
    employer = serializers.CharField(source="request.nomination.employer_display")
    nominator = serializers.CharField(source="request.nomination.nominator.name")
    basis = serializers.CharField(source="request.nomination.basis.name")
    tier = serializers.CharField(source="request.nomination.tier.name")
    statement = serializers.CharField(source="request.nomination.statement")
    legal_ground = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField()

    def get_legal_ground(self, link: AnswerLink) -> str:
        return queries.legal_ground(link.request.nomination)
