"""Steps left to another office."""

from typing import Any

from rest_framework import serializers

from cards.nominations import rules
from cards.nominations.api.serializers.shared import OrganisationOutput
from cards.nominations.choices import Step
from talentcard.accounts.models import Delegation, Organisation
from talentcard.casework.operations.delegation import REASON_LENGTH

STEP_OF_ROLE = {role: step for step, role in rules.ROLE_OF_STEP.items()}


class DelegationInput(serializers.Serializer):
    """A step to delegate; an empty district or tier means all of them."""

    step = serializers.ChoiceField(choices=Step.choices)
    to_office = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.all())
    district = serializers.CharField(max_length=20, allow_blank=True, required=False, default="")
    tier = serializers.CharField(max_length=10, allow_blank=True, required=False, default="")
    valid_from = serializers.DateTimeField(required=False, help_text="From now on, if left out.")
    valid_until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=REASON_LENGTH)


class DelegationOutput(serializers.ModelSerializer):
    """A step that an office has left to another."""

    step = serializers.SerializerMethodField()
    from_office = OrganisationOutput()
    to_office = OrganisationOutput()
    is_in_force = serializers.SerializerMethodField()

    class Meta:
        model = Delegation
        fields = (
            "id",
            "step",
            "from_office",
            "to_office",
            "district",
            "tier",
            "valid_from",
            "valid_until",
            "reason",
            "withdrawn_at",
            "is_in_force",
        )

    def get_step(self, delegation: Any) -> str:
        return str(STEP_OF_ROLE[delegation.role])

    def get_is_in_force(self, delegation: Any) -> bool:
        in_force: bool = delegation.is_in_force(self.context["at"])
        return in_force
