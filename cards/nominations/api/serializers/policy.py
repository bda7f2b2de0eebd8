"""What may be nominated, how often, and everything else the policy says."""

from rest_framework import serializers

from cards.issuance.choices import Route
from cards.nominations.api.serializers.shared import NamedOutput
from cards.nominations.choices import EvidenceKind, LimitedStep


class RequiredDocumentOutput(serializers.Serializer):
    """A kind of document that must be attached before a case is submitted."""

    kind = serializers.ChoiceField(choices=EvidenceKind.choices)
    name = serializers.CharField(source="get_kind_display")


class RecognisedTitleOutput(serializers.Serializer):
    """A title or qualification that the city recognises."""

    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # its name, where the shape's own is another
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)


class RecognisedListOutput(NamedOutput):
    """A recognised list. The titles on it are public; the people on it are not shown."""

    is_sample = serializers.BooleanField()
    titles = RecognisedTitleOutput(many=True)


class BasisOutput(NamedOutput):
    """A basis on which a card may be given, what it asks for, and the tiers it leads to."""

    route = serializers.ChoiceField(choices=Route.choices)
    notice_working_days = serializers.IntegerField()
    tiers = NamedOutput(many=True)
    required_documents = RequiredDocumentOutput(many=True)
    recognised_list = RecognisedListOutput(allow_null=True)
    experts_needed = serializers.IntegerField()
    needs_consent = serializers.BooleanField()
    may_renominate = serializers.BooleanField()
    renomination_months = serializers.IntegerField(help_text="Months after a refusal until a new nomination.")


class PolicyTierOutput(NamedOutput):
    """A class of card."""

    validity_months = serializers.IntegerField()
    renewal_days = serializers.IntegerField(help_text="So many days before its end a card may be renewed.")


class TimeLimitOutput(serializers.Serializer):
    """How many working days a step may take."""

    step = serializers.ChoiceField(choices=LimitedStep.choices)
    name = serializers.CharField(source="get_step_display")
    working_days = serializers.IntegerField()


class CreditClassOutput(NamedOutput):
    """What nominators of a labour-security credit class may do."""

    may_nominate = serializers.BooleanField()
    quota_percent = serializers.IntegerField()


class YearlyQuotaOutput(serializers.Serializer):
    """How many nominations an organisation may submit in a year."""

    year = serializers.IntegerField()
    limit = serializers.IntegerField()
    used = serializers.IntegerField()
    left = serializers.IntegerField()


class PolicyOutput(serializers.Serializer):
    """The policy new cases are filed under."""

    version = serializers.IntegerField()
    effective_from = serializers.DateTimeField()
    is_sample = serializers.BooleanField()
    legal_ground = serializers.CharField()
    appeal_days = serializers.IntegerField(help_text="Calendar days after a refusal in which it may be appealed once.")
    lapses_uncorrected = serializers.BooleanField(help_text="A case not corrected in time is closed as withdrawn.")
    bases = BasisOutput(many=True, help_text="Those on which nominators may nominate.")
    other_bases = BasisOutput(many=True, help_text="Those that lead to a card without a nomination.")
    tiers = PolicyTierOutput(many=True)
    time_limits = TimeLimitOutput(many=True)
    credit_classes = CreditClassOutput(many=True)
    districts = NamedOutput(many=True)
