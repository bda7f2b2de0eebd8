"""What the API shows of decisions in writing."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from talentcard.casework.models import DecisionDocument


class DecisionOutput(serializers.ModelSerializer):
    """A decision in a list; what it says is at `/decisions/{id}/`, and as PDF at `/decisions/{id}/pdf/`."""

    title = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url", help_text="Path of its page.")

    class Meta:
        model = DecisionDocument
        fields = ["id", "kind", "title", "number", "decided_at", "content_sha256", "url"]


class DecisionFactOutput(serializers.Serializer):
    """What a decision is about, as a name and a value."""

    name = serializers.CharField()
    value = serializers.CharField()


class DecisionTextOutput(serializers.Serializer):
    """What a decision says."""

    title = serializers.CharField()
    office = serializers.CharField()
    addressees = serializers.ListField(child=serializers.CharField())
    outcome = serializers.CharField()
    facts = serializers.SerializerMethodField()
    reasons = serializers.ListField(child=serializers.CharField())
    ground = serializers.CharField()
    remedies = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField(allow_blank=True)

    @extend_schema_field(DecisionFactOutput(many=True))
    def get_facts(self, text: Any) -> list[dict[str, str]]:
        return [{"name": name, "value": value} for name, value in text.facts]


class DecisionDetailOutput(DecisionOutput):
    """A decision with what it says, frozen when it was made."""

    subject_id = serializers.UUIDField()
    subject_number = serializers.CharField()
    text = serializers.SerializerMethodField()

    class Meta(DecisionOutput.Meta):
        fields = [*DecisionOutput.Meta.fields, "subject_id", "subject_number", "text"]

    @extend_schema_field(DecisionTextOutput)
    def get_text(self, document: DecisionDocument) -> Any:
        return DecisionTextOutput(document.text(self.context["language"])).data
