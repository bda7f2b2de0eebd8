"""Direct issues, as they are proposed, tried and shown."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cards.nominations.api.serializers.shared import NamedOutput
from cards.nominations.choices import DirectIssueStatus, EvidenceKind
from cards.nominations.models import DirectEvidence, DirectIssue, DirectTransition
from cards.nominations.operations import ProposalResult
from cards.nominations.queries import Candidate
from cards.talents.choices import Gender, IdentityKind
from talentcard.casework import queries as casework
from talentcard.casework.api.decision_shapes import DecisionOutput
from talentcard.casework.operations import MAX_AT_ONCE
from talentcard.core.api.serializers import ErrorOutput


class DirectIssueInput(serializers.Serializer):
    """A person to be given a card; `basis`, `tier` and `district` are codes, each document has the name of its kind."""

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
    employer_name = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    basis = serializers.CharField(max_length=30)
    tier = serializers.CharField(max_length=10)
    district = serializers.CharField(max_length=20)
    entry = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The title on the list that the person proves."
    )
    recommendation = serializers.FileField(required=False)
    achievement = serializers.FileField(required=False)
    employment = serializers.FileField(required=False)
    qualification = serializers.FileField(required=False)
    consent = serializers.FileField(required=False)
    other = serializers.FileField(required=False)


class DirectListInput(serializers.Serializer):
    """Everybody whom the list of a basis names; `basis` and `tier` are codes."""

    basis = serializers.CharField(max_length=30)
    tier = serializers.CharField(max_length=10)


class DirectBulkInput(DirectListInput):
    """The entries whose people are proposed, as the dry run showed them."""

    entries = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_AT_ONCE)


class DirectDecisionInput(serializers.Serializer):
    """The work item that was looked at; another decision is refused if the case waits for another by now."""

    item = serializers.UUIDField(required=False, default=None, allow_null=True)


class DirectRefusalInput(DirectDecisionInput):
    """Why a direct issue is refused."""

    reason = serializers.CharField(max_length=2000)


class DirectBulkDecisionInput(serializers.Serializer):
    """One decision for many direct issues; a refusal gives its reason."""

    ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_AT_ONCE)
    is_confirmed = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class RecognisedEntryOutput(serializers.Serializer):
    """The entry of a recognised list that a direct issue rests on."""

    id = serializers.UUIDField()
    list = NamedOutput(source="recognised_list")
    title = serializers.CharField()
    listed_in = serializers.CharField(source="source")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)


class DirectEvidenceOutput(serializers.ModelSerializer):
    """A document of a direct issue; its content is at `…/evidence/{id}/`."""

    name = serializers.CharField(source="document.original_name")
    size = serializers.IntegerField(source="document.size")
    sha256 = serializers.CharField(source="document.sha256")

    class Meta:
        model = DirectEvidence
        fields = ("id", "kind", "name", "size", "sha256")


class DirectStepOutput(serializers.ModelSerializer):
    """A step of a direct issue."""

    status = serializers.ChoiceField(choices=DirectIssueStatus.choices, source="to_status")
    by = serializers.CharField(source="actor.display_name")

    class Meta:
        model = DirectTransition
        fields = ("at", "status", "by")


class DirectIssueOutput(serializers.Serializer):
    """A direct issue in a list; somebody under secrecy is not named in one."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=DirectIssueStatus.choices)
    status_label = serializers.CharField(source="get_status_display")
    person = serializers.SerializerMethodField()
    basis = NamedOutput()
    tier = NamedOutput()
    district = serializers.CharField()
    legacy_card = serializers.CharField(help_text="The number of the Green Card it upgrades; empty for other cases.")
    policy_version = serializers.IntegerField(source="policy.number")
    proposed_at = serializers.DateTimeField()
    proposed_by = serializers.CharField(source="proposed_by.display_name")
    due_at = serializers.DateTimeField(source="item.due_at", allow_null=True, default=None)
    item = serializers.UUIDField(source="item_id", allow_null=True)

    @extend_schema_field(serializers.CharField(allow_blank=True))
    def get_person(self, case: DirectIssue) -> str:
        return "" if case.talent.is_secret else case.talent.name


class DirectIssueDetailOutput(DirectIssueOutput):
    """A direct issue with what it rests on and its history."""

    entry = RecognisedEntryOutput()
    evidence = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    reason = serializers.CharField(allow_blank=True)
    decisions = serializers.SerializerMethodField()

    @extend_schema_field(DecisionOutput(many=True))
    def get_decisions(self, case: DirectIssue) -> Any:
        return DecisionOutput(casework.decisions_about([case.pk]), many=True).data

    def get_person(self, case: DirectIssue) -> str:
        return case.talent.name

    @extend_schema_field(DirectEvidenceOutput(many=True))
    def get_evidence(self, case: DirectIssue) -> Any:
        return DirectEvidenceOutput(case.evidence.select_related("document"), many=True).data

    @extend_schema_field(DirectStepOutput(many=True))
    def get_steps(self, case: DirectIssue) -> Any:
        return DirectStepOutput(case.transitions.select_related("actor"), many=True).data


class DirectCandidateOutput(serializers.Serializer):
    """Whom an entry of a list would give a card, and why; or why it does not."""

    entry = RecognisedEntryOutput()
    person = serializers.SerializerMethodField()
    ok = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True, help_text="What stands in the way.")
    why = serializers.CharField(allow_blank=True)

    @extend_schema_field(serializers.CharField(allow_blank=True))
    def get_person(self, candidate: Candidate) -> str:
        return "" if candidate.talent is None or candidate.talent.is_secret else candidate.talent.name


class DirectDryRunOutput(serializers.Serializer):
    """What proposing everybody on a list would do."""

    policy_version = serializers.IntegerField()
    basis = NamedOutput()
    tier = NamedOutput()
    candidates = DirectCandidateOutput(many=True)


class DirectProposalOutput(serializers.Serializer):
    """What became of one entry."""

    entry = serializers.UUIDField(source="candidate.entry.pk")
    number = serializers.CharField(source="case.number", default="")
    ok = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    @extend_schema_field(serializers.BooleanField())
    def get_ok(self, row: ProposalResult) -> bool:
        return row.error is None

    @extend_schema_field(ErrorOutput(allow_null=True))
    def get_error(self, row: ProposalResult) -> Any:
        return row.error.as_dict() if row.error else None


def uploads_of(data: dict[str, Any]) -> list[tuple[EvidenceKind, Any]]:
    """Take the documents out of what was handed in, each with its kind."""
    return [(kind, upload) for kind in EvidenceKind if (upload := data.pop(kind.value, None)) is not None]


class ConfirmationProgressOutput(serializers.Serializer):
    """How far my confirmation of a sheet is."""

    total = serializers.IntegerField(help_text="How many waited for me when it began.")
    confirmed = serializers.IntegerField()
    is_running = serializers.BooleanField()


class SheetConfirmationOutput(serializers.Serializer):
    """A sheet of Green Cards at its second officer."""

    waiting = serializers.IntegerField(help_text="How many of its cases I may decide now.")
    confirmation = ConfirmationProgressOutput(allow_null=True)
