"""Decisions, one or many."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.choices import Outcome, Step
from cards.nominations.forms.shared import LONGEST_REASON, LONGEST_TEXT, as_words
from cards.nominations.operations import MissingItem

AGREEMENT: list[tuple[str, str | Promise]] = [
    ("yes", _("I agree with the first opinion")),
    ("no", _("I disagree with it")),
]


class DecisionForm(forms.Form):
    """Why a reviewer decides so; a return lists everything to correct, at once; `agrees` is for the second review."""

    agrees = forms.ChoiceField(label=_("The first opinion"), choices=AGREEMENT, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The nominator reads it. Needed for a return, a rejection and a disagreement."),
    )
    missing = forms.CharField(
        label=_("To correct"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For a return: everything that is missing or wrong, one thing a line."),
    )

    # The fields that take what is to be corrected, and what each is about.
    topics: Mapping[str, str] = {"missing": ""}

    @property
    def agreement(self) -> dict[str, bool]:
        """Return what is said of the first opinion, as the operations take it; call it on a valid form."""
        return {"agrees": self.cleaned_data["agrees"] == "yes"} if "agrees" in self.fields else {}

    @property
    def missing_items(self) -> list[MissingItem]:
        """Return what is to be corrected, a line each; call it on a valid form."""
        return [
            MissingItem(field=topic, note=line.strip())
            for name, topic in self.topics.items()
            for line in self.cleaned_data[name].splitlines()
            if line.strip()
        ]


class ReviewForm(DecisionForm):
    """A decision on one case; `step` is the review it was opened for, `item` the round.

    For a return it asks of each field and document what is wrong with it.
    """

    outcome = forms.ChoiceField(label=_("Decision"), choices=as_words(Outcome), widget=forms.RadioSelect)
    step = forms.ChoiceField(choices=Step, widget=forms.HiddenInput)
    item = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("agrees", "outcome", "reason", "missing", "step", "item")

    def __init__(self, *args: Any, documents: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self["step"].value() != Step.SECOND:
            del self.fields["agrees"]
        self.fields["missing"].label = _("To correct: the case as a whole")
        self.topics = dict(self.topics)
        for topic, label in {**queries.FIELD_TOPICS, **documents}.items():
            self.topics[f"missing_{topic}"] = topic
            self.fields[f"missing_{topic}"] = forms.CharField(
                label=str(label), max_length=LONGEST_REASON, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """Return the fields that every decision shows."""
        return [field for field in self.visible_fields() if not field.name.startswith("missing_")]

    @property
    def topic_fields(self) -> list[forms.BoundField]:
        """Return the fields about one field or document each."""
        return [field for field in self.visible_fields() if field.name.startswith("missing_")]

    @property
    def has_topics(self) -> bool:
        """Tell whether something was entered about a field or a document."""
        return any(field.value() or field.errors for field in self.topic_fields)


class BulkForm(DecisionForm):
    """A decision on many cases; without an outcome that returns them there is nothing to list."""

    outcome = forms.ChoiceField(choices=Outcome, widget=forms.HiddenInput)

    def __init__(self, *args: Any, outcome: str, asks_agreement: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_agreement:
            del self.fields["agrees"]
        if outcome == Outcome.PASS:
            self.fields["reason"].help_text = _("Needed for a disagreement.") if asks_agreement else ""
        if outcome != Outcome.RETURN:
            del self.fields["missing"]

    @property
    def missing_items(self) -> list[MissingItem]:
        """Return what is to be corrected, a line each; call it on a valid form."""
        return super().missing_items if "missing" in self.fields else []


class DecisionSheetForm(forms.Form):
    """A sheet that says what is decided of each case."""

    sheet = forms.FileField(
        label=_("Sheet with your decisions"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("Rows without a decision stay as they are. Decisions: pass, return, reject."),
    )
