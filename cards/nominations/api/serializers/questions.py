"""What officers ask of a case's nominator."""

from rest_framework import serializers

from cards.nominations.api.serializers import examples
from cards.nominations.choices import Step
from cards.nominations.forms.shared import LONGEST_REASON
from cards.nominations.models import Question
from talentcard.casework.api.serializers import OfficerOutput

TOPIC = "The field's name, a document's id, or empty for the case as a whole; as in a return."


@examples.shown_as(question=examples.QUESTION)
class CaseQuestionInput(serializers.Serializer):
    """A question about a case."""

    topic = serializers.CharField(max_length=36, allow_blank=True, required=False, default="", help_text=TOPIC)
    text = serializers.CharField(max_length=LONGEST_REASON)


class CaseQuestionAnswerInput(serializers.Serializer):
    """The answer to a question about a case."""

    answer = serializers.CharField(max_length=LONGEST_REASON)


class CaseQuestionOutput(serializers.ModelSerializer):
    """A question about a case, and its answer."""

    step = serializers.ChoiceField(choices=Step.choices)
    topic = serializers.CharField(allow_blank=True, help_text=TOPIC)
    text = serializers.CharField()
    answer = serializers.CharField(allow_blank=True)
    asked_by = serializers.SerializerMethodField(help_text="Officers alone are told who asked.")
    answered_by = OfficerOutput(allow_null=True)
    is_open = serializers.BooleanField(help_text="It still may be answered.")
    holds_clock = serializers.SerializerMethodField(help_text="The clock of the review stands still for the answer.")

    class Meta:
        model = Question
        fields = (
            "id",
            "round",
            "step",
            "topic",
            "text",
            "asked_by",
            "asked_at",
            "is_open",
            "holds_clock",
            "waits_until",
            "answer",
            "answered_by",
            "answered_at",
            "closed_at",
        )

    def get_asked_by(self, question: Question) -> str:
        return "" if self.context["is_own"] else str(question.asked_by)

    def get_holds_clock(self, question: Question) -> bool:
        return question.is_open and question.holds_clock and self.context["is_stopped"]
