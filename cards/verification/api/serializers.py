from rest_framework import serializers

from cards.verification.choices import Channel, Field, Outcome, Reason
from cards.verification.models import VerificationAttempt
from cards.verification.operations import MAX_TEXT

NONCE_PATTERN = r"[A-Za-z0-9._:-]{1,64}"


class VerificationInput(serializers.Serializer):
    """A code that was presented, and why it is checked."""

    code = serializers.CharField(help_text="What the scanner read: the whole address, or the part after its #.")
    purpose = serializers.CharField(help_text="The code of a purpose that your desks have.")
    nonce = serializers.RegexField(
        f"^{NONCE_PATTERN}$",
        help_text="Yours, new for each check. Sent again it returns the first record and makes no other.",
    )
    desk = serializers.UUIDField(required=False, help_text="The desk where the card was shown, if you tell them apart.")


class FieldsOutput(serializers.Serializer):
    """What the purpose shows of a valid card; a field it does not show is not there."""

    name = serializers.CharField(required=False)
    masked_name = serializers.CharField(required=False)
    tier = serializers.CharField(required=False)
    tier_name = serializers.CharField(required=False, help_text="The tier in the language of the answer.")
    card_number = serializers.CharField(required=False)
    valid_until = serializers.DateField(required=False)


class VerdictOutput(serializers.Serializer):
    """The verdict, in a code for programs and in words for people."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.ChoiceField(choices=Reason.choices)
    explanation = serializers.CharField(help_text="What was found, in the language of Accept-Language (zh or en).")
    advice = serializers.CharField(help_text="What the person at the desk does now.")
    checked_at = serializers.DateTimeField()
    fields = FieldsOutput()  # type: ignore[assignment]  # the word the API uses


class VerificationOutput(VerdictOutput):
    """The verdict given to a partner's system."""

    id = serializers.UUIDField(help_text="The record of this check.")
    is_replay = serializers.BooleanField(help_text="True if the nonce had been used: this is the record made then.")


class PublicCheckInput(serializers.Serializer):
    """A code that anybody holds."""

    code = serializers.CharField(max_length=MAX_TEXT, trim_whitespace=False)


class CheckOutput(serializers.Serializer):
    """One check of the holder's card, as the holder sees it."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    organisation = serializers.SerializerMethodField()
    desk = serializers.SerializerMethodField()
    purpose = serializers.SerializerMethodField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.ChoiceField(choices=Reason.choices)
    fields_shown = serializers.ListField(child=serializers.ChoiceField(choices=Field.choices), source="shown")

    def get_organisation(self, attempt: VerificationAttempt) -> str | None:
        """Return whose desk or system it was; None for the public check."""
        organisation = attempt.organisation
        return organisation.name if organisation else None

    def get_desk(self, attempt: VerificationAttempt) -> str | None:
        """Return the desk's name, if one is known."""
        return attempt.desk.name if attempt.desk else None

    def get_purpose(self, attempt: VerificationAttempt) -> str | None:
        """Return what it was checked for."""
        return attempt.purpose.name if attempt.purpose else None
