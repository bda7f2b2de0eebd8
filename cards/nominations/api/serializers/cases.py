"""A nomination, as it is stated and shown."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cards.nominations import queries, rules
from cards.nominations.api.serializers import examples
from cards.nominations.api.serializers.obstacles import ObstacleOutput
from cards.nominations.api.serializers.shared import MissingItemShape, NamedOutput, OrganisationOutput
from cards.nominations.choices import EvidenceKind, NominationStatus, Source
from cards.nominations.models import Evidence, Nomination
from cards.talents import identity
from cards.talents.choices import Gender, IdentityKind
from talentcard.casework.api.decision_shapes import DecisionOutput


class NomineeInput(serializers.Serializer):
    """A person, as the nominator states them."""

    name = serializers.CharField(max_length=200)
    identity_kind = serializers.ChoiceField(choices=IdentityKind.choices)
    identity_number = serializers.CharField(max_length=40)
    issuing_region = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="", help_text="Who issued a passport."
    )
    gender = serializers.ChoiceField(choices=Gender.choices, required=False, default=Gender.UNSTATED)
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)
    nationality = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    email = serializers.EmailField(required=False, allow_blank=True, default="")
    address = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    employer_name = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    employer_code = serializers.CharField(
        max_length=18, required=False, allow_blank=True, default="", help_text="Unified social credit code."
    )


@examples.shown_as(nomination=examples.DRAFT)
class DraftInput(serializers.Serializer):
    """A nomination to begin; `basis`, `tier` and `district` are codes."""

    nominee = NomineeInput()
    basis = serializers.CharField(max_length=30)
    tier = serializers.CharField(max_length=10)
    district = serializers.CharField(max_length=20)
    statement = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")
    nominator = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="For window clerks: the organisation you file for."
    )


class DraftChangeInput(serializers.Serializer):
    """What to change of a draft or a returned nomination; what is left out stays."""

    basis = serializers.CharField(max_length=30, required=False)
    tier = serializers.CharField(max_length=10, required=False)
    district = serializers.CharField(max_length=20, required=False)
    statement = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    employer_name = serializers.CharField(max_length=160, required=False, allow_blank=True)


class ContactInput(serializers.Serializer):
    """How the nominee is reached."""

    phone = serializers.CharField(max_length=40, allow_blank=True)
    email = serializers.EmailField()
    address = serializers.CharField(max_length=300, allow_blank=True)


class EvidenceInput(serializers.Serializer):
    """A document, as multipart/form-data."""

    file = serializers.FileField()
    kind = serializers.ChoiceField(choices=EvidenceKind.choices, required=False, default=EvidenceKind.OTHER)


class NominationOutput(serializers.Serializer):
    """A nomination in a list."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=NominationStatus.choices)
    status_label = serializers.CharField(source="get_status_display")
    nominee = serializers.CharField(source="talent.name")
    nominator = OrganisationOutput()
    employer = serializers.CharField(source="employer_display")
    basis = NamedOutput()
    tier = NamedOutput()
    district = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    correct_by = serializers.SerializerMethodField(help_text="Until when its nominator may correct it.")
    answer_by = serializers.SerializerMethodField(
        help_text="For who files it: until when to answer the first open question, while the review waits for that."
    )

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_correct_by(self, nomination: Nomination) -> Any:
        return nomination.correct_by if nomination.status == NominationStatus.RETURNED else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_answer_by(self, nomination: Any) -> Any:
        return nomination.answer_by if rules.files(self._reader(), nomination) else None

    def _reader(self) -> Any:
        return self.context["request"].user


class EvidenceOutput(serializers.ModelSerializer):
    """A document of a nomination; its content is at `…/evidence/{id}/`."""

    name = serializers.CharField(source="document.original_name")
    size = serializers.IntegerField(source="document.size")
    media_type = serializers.CharField(source="document.media_type")
    sha256 = serializers.CharField(source="document.sha256")

    class Meta:
        model = Evidence
        fields = ("id", "kind", "name", "size", "media_type", "sha256")


class TimelineOutput(serializers.Serializer):
    """A step in a case's history, as far as the reader may know."""

    at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=NominationStatus.choices)
    status_label = serializers.CharField(source="label")
    actor = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    missing = MissingItemShape(many=True)
    agrees = serializers.BooleanField(
        allow_null=True, help_text="For officers, of a second review: whether it agrees with the first opinion."
    )


class IdentityOutput(serializers.Serializer):
    """An identity document, its number masked."""

    kind = serializers.ChoiceField(choices=IdentityKind.choices)
    number = serializers.SerializerMethodField()
    issuing_region = serializers.CharField(allow_blank=True)

    def get_number(self, document: Any) -> str:
        return identity.mask(document.number)


class PersonContactOutput(serializers.Serializer):
    """How the nominee is reached, as the case says."""

    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)


class NominationDetailOutput(NominationOutput):
    """A nomination with everything its reader may know."""

    statement = serializers.CharField(allow_blank=True)
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field of this name, taken out again
    filed_by = serializers.SerializerMethodField()
    legal_ground = serializers.SerializerMethodField()
    identity_documents = serializers.SerializerMethodField()
    contact = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()
    decisions = serializers.SerializerMethodField()
    notice_closes_at = serializers.SerializerMethodField()
    obstacles = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=Source.choices, allow_null=True))
    def get_source(self, nomination: Nomination) -> str | None:
        return nomination.source if rules.may_read_source(self._reader(), nomination) else None

    @extend_schema_field(serializers.CharField(allow_blank=True))
    def get_filed_by(self, nomination: Nomination) -> str:
        return str(nomination.filed_by) if rules.may_read_source(self._reader(), nomination) else ""

    def get_legal_ground(self, nomination: Nomination) -> str:
        return queries.legal_ground(nomination)

    @extend_schema_field(IdentityOutput(many=True))
    def get_identity_documents(self, nomination: Nomination) -> Any:
        return IdentityOutput(nomination.talent.identity_documents.all(), many=True).data

    @extend_schema_field(PersonContactOutput(allow_null=True))
    def get_contact(self, nomination: Nomination) -> Any:
        if not rules.may_read_contact(self._reader(), nomination):
            return None
        return PersonContactOutput(nomination).data

    @extend_schema_field(EvidenceOutput(many=True))
    def get_evidence(self, nomination: Nomination) -> Any:
        if not rules.may_read_evidence(self._reader(), nomination):
            return []
        return EvidenceOutput(nomination.evidence.select_related("document"), many=True).data

    @extend_schema_field(TimelineOutput(many=True))
    def get_timeline(self, nomination: Nomination) -> Any:
        return TimelineOutput(queries.timeline(nomination, self._reader()), many=True).data

    @extend_schema_field(DecisionOutput(many=True))
    def get_decisions(self, nomination: Nomination) -> Any:
        return DecisionOutput(queries.decisions_open_to(self._reader(), nomination), many=True).data

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_notice_closes_at(self, nomination: Nomination) -> Any:
        notice = queries.notice_of(nomination)
        return notice.closes_at.isoformat() if notice else None

    @extend_schema_field(ObstacleOutput(many=True))
    def get_obstacles(self, nomination: Nomination) -> Any:
        if not rules.may_read_obstacles(self._reader(), nomination):
            return []
        return ObstacleOutput(queries.present_obstacles(nomination), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_actions(self, nomination: Nomination) -> list[str]:
        return queries.actions_open_to(self._reader(), nomination)
