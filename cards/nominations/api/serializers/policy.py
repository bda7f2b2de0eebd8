"""What may be nominated, and how often."""

from rest_framework import serializers

from cards.issuance.choices import Route
from cards.nominations.api.serializers.shared import NamedOutput


class BasisOutput(NamedOutput):
    """A basis on which nominators may nominate, and the tiers it leads to."""

    route = serializers.ChoiceField(choices=Route.choices)
    notice_working_days = serializers.IntegerField()
    tiers = NamedOutput(many=True)


class YearlyQuotaOutput(serializers.Serializer):
    """How many nominations an organisation may submit in a year."""

    year = serializers.IntegerField()
    limit = serializers.IntegerField()
    used = serializers.IntegerField()
    left = serializers.IntegerField()


class PolicyOutput(serializers.Serializer):
    """The policy new cases are filed under."""

    version = serializers.IntegerField()
    is_sample = serializers.BooleanField()
    legal_ground = serializers.CharField()
    bases = BasisOutput(many=True)
    tiers = NamedOutput(many=True)
    districts = NamedOutput(many=True)
