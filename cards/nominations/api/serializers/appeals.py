"""Appeals."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cards.nominations import rules
from cards.nominations.api.serializers import examples
from cards.nominations.choices import AppealStatus
from cards.nominations.models import Appeal

LONGEST_APPEAL = 5000
LONGEST_REASON = 2000


class AppealInput(serializers.Serializer):
    """What is wrong with a refusal, with documents, as multipart/form-data."""

    text = serializers.CharField(max_length=LONGEST_APPEAL)
    documents = serializers.ListField(
        child=serializers.FileField(), required=False, default=list, max_length=settings.DOCUMENTS_PER_CASE
    )


@examples.shown_as(uphold=examples.APPEAL_DECISION)
class AppealDecisionInput(serializers.Serializer):
    """The decision on an appeal, with its reason."""

    is_upheld = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST_REASON)
    item = serializers.UUIDField(
        required=False,
        default=None,
        allow_null=True,
        help_text="The work item you decide on; refused if the case waits for another decision by now.",
    )


class AppealDocumentOutput(serializers.Serializer):
    """A document of an appeal; its content is at `…/appeal/documents/{id}/`."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="document.original_name")
    size = serializers.IntegerField(source="document.size")
    media_type = serializers.CharField(source="document.media_type")
    sha256 = serializers.CharField(source="document.sha256")


class AppealOutput(serializers.Serializer):
    """An appeal; what it says is for the side that lodged it and for officers, the decision for both sides."""

    status = serializers.ChoiceField(choices=AppealStatus.choices)
    is_by_nominee = serializers.SerializerMethodField()
    lodged_at = serializers.DateTimeField()
    text = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)

    def _may_read(self, appeal: Appeal) -> bool:
        return rules.may_read_appeal(self.context["request"].user, appeal.nomination)

    def get_is_by_nominee(self, appeal: Appeal) -> bool:
        return appeal.lodged_by_id == appeal.nomination.talent.user_id

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_text(self, appeal: Appeal) -> str | None:
        return appeal.text if self._may_read(appeal) else None

    @extend_schema_field(AppealDocumentOutput(many=True))
    def get_documents(self, appeal: Appeal) -> Any:
        if not self._may_read(appeal):
            return []
        return AppealDocumentOutput(appeal.documents.select_related("document"), many=True).data
