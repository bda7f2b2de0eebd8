"""Shapes of the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from services.perks import queries, registry
from services.perks.choices import RedemptionStatus, RefusalReason, RequestStatus
from services.perks.eligibility import Eligibility
from services.perks.models import PerkRequest, RequestTransition
from services.perks.redemption import NONCE_LENGTH, Redemption
from talentcard.casework.api.rating_shapes import RatingOutput


class ConditionOutput(serializers.Serializer):
    """One thing a perk asks for, and whether it is so."""

    code = serializers.CharField()
    is_met = serializers.BooleanField()
    reason = serializers.CharField(help_text="In the language of the answer.")
    opens_at = serializers.DateTimeField(allow_null=True)


class QuotaOutput(serializers.Serializer):
    """Uses of a period."""

    period = serializers.CharField()
    limit = serializers.IntegerField()
    used = serializers.IntegerField()
    remaining = serializers.IntegerField()
    renews_at = serializers.DateTimeField()


class PerkOutput(serializers.Serializer):
    """A perk, and whether it is open to the reader, with every reason."""

    slug = serializers.CharField(source="perk.slug")
    name = serializers.CharField(source="perk.name")
    summary = serializers.CharField(source="perk.summary")
    icon = serializers.CharField(source="perk.icon")
    department = serializers.CharField(source="perk.department")
    is_open = serializers.BooleanField()
    opens_at = serializers.DateTimeField(allow_null=True)
    conditions = ConditionOutput(many=True)
    quota = serializers.SerializerMethodField()
    is_requestable = serializers.BooleanField(source="perk.is_requestable")
    is_redeemable = serializers.BooleanField(source="perk.is_redeemable")

    @extend_schema_field(QuotaOutput(allow_null=True))
    def get_quota(self, eligibility: Eligibility) -> dict[str, Any] | None:
        """Return the uses of the current period, where they are counted."""
        quota = eligibility.quota
        if quota is None:
            return None
        values = {"used": eligibility.used, "remaining": eligibility.remaining}
        return dict(QuotaOutput({**vars(quota), **values}).data)


class RequestInput(serializers.Serializer):
    """What is asked for; `details` are the fields of the perk's own form."""

    perk = serializers.SlugField()
    details = serializers.DictField(required=False, default=dict)


class RequestOutput(serializers.ModelSerializer):
    """A request in a list."""

    perk_name = serializers.SerializerMethodField()
    status_label = serializers.CharField(source="get_status_display")
    status = serializers.ChoiceField(choices=RequestStatus.choices)
    is_overdue = serializers.BooleanField()
    holder_name = serializers.SerializerMethodField()

    class Meta:
        model = PerkRequest
        fields = [
            "id",
            "number",
            "perk",
            "perk_name",
            "holder_name",
            "status",
            "status_label",
            "submitted_at",
            "due_at",
            "decided_at",
            "is_overdue",
        ]
        read_only_fields = fields

    def get_perk_name(self, request: PerkRequest) -> str:
        """Return the perk's name in the language of the answer."""
        return str(registry.get(request.perk).name)

    def get_holder_name(self, request: PerkRequest) -> str | None:
        """Return who asks; nobody under secrecy is named in a list."""
        return None if request.holder.is_secret else request.holder.name


class StepOutput(serializers.ModelSerializer):
    """A step of the timeline; the first comes from nothing."""

    from_status = serializers.CharField()
    to_status = serializers.ChoiceField(choices=RequestStatus.choices)

    class Meta:
        model = RequestTransition
        fields = ["from_status", "to_status", "reason", "at"]
        read_only_fields = fields


class FactOutput(serializers.Serializer):
    """A name and a value, in the language of the answer."""

    label = serializers.CharField()  # type: ignore[assignment]  # the word the API uses
    value = serializers.CharField()


class RequestDetailOutput(RequestOutput):
    """A request with what was asked for and its timeline."""

    facts = serializers.SerializerMethodField()
    timeline = StepOutput(source="transitions", many=True)
    rating = serializers.SerializerMethodField()

    class Meta(RequestOutput.Meta):
        fields = [*RequestOutput.Meta.fields, "facts", "timeline", "rating"]
        read_only_fields = fields

    @extend_schema_field(FactOutput(many=True))
    def get_facts(self, request: PerkRequest) -> list[dict[str, Any]]:
        """Return what the perk shows of the request."""
        return [dict(fact) for fact in registry.get(request.perk).request_facts(request)]

    @extend_schema_field(RatingOutput(allow_null=True))
    def get_rating(self, request: PerkRequest) -> dict[str, Any] | None:
        """Return the rating, if there is one."""
        rating = queries.rating_of(request)
        return dict(RatingOutput(rating).data) if rating else None


class GrantInput(serializers.Serializer):
    """What is granted; `details` are the fields of the perk's own grant form."""

    details = serializers.DictField(required=False, default=dict)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class DeclineInput(serializers.Serializer):
    """Why it is declined."""

    reason = serializers.CharField(max_length=1000)


class RedemptionInput(serializers.Serializer):
    """A scanned code and what is redeemed with it."""

    code = serializers.CharField(trim_whitespace=False, help_text="What the scanner read.")
    perk = serializers.SlugField()
    quantity = serializers.IntegerField(min_value=1, max_value=20, default=1)
    nonce = serializers.RegexField(
        rf"^[A-Za-z0-9._:-]{{1,{NONCE_LENGTH}}}$",
        help_text="Yours, new for each use. Sent again it is the same use.",
    )
    confirm = serializers.BooleanField(default=False, help_text="False: only show what redeeming would do.")
    desk = serializers.UUIDField(required=False, help_text="For people: needed by those with several desks.")


class RedemptionOutput(serializers.Serializer):
    """What came of it; branch on `status`."""

    status = serializers.ChoiceField(choices=RedemptionStatus.choices)
    reason = serializers.ChoiceField(choices=RefusalReason.choices, allow_null=True)
    message = serializers.CharField(allow_blank=True)
    perk = serializers.CharField(source="perk.slug")
    quantity = serializers.IntegerField()
    remaining = serializers.IntegerField(allow_null=True)
    fields_shown = serializers.SerializerMethodField()
    verification = serializers.UUIDField(source="verification.attempt_id")
    id = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_fields_shown(self, redemption: Redemption) -> dict[str, str]:
        """Return what the purpose shows of the card."""
        return {str(field): value for field, value in redemption.verification.fields.items()}

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_id(self, redemption: Redemption) -> str | None:
        """Return the use, if one was redeemed."""
        return str(redemption.entry.pk) if redemption.entry else None
