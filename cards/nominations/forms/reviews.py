"""Decisions, one or many."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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

    @property
    def agreement(self) -> dict[str, bool]:
        """Return what is said of the first opinion, as the operations take it; call it on a valid form."""
        return {"agrees": self.cleaned_data["agrees"] == "yes"} if "agrees" in self.fields else {}

    @property
    def missing_items(self) -> list[MissingItem]:
        """Return what is to be corrected, a line each; call it on a valid form."""
        lines = (line.strip() for line in self.cleaned_data["missing"].splitlines())
        return [MissingItem(field="", note=line) for line in lines if line]


class ReviewForm(DecisionForm):
    """A decision on one case; `step` is the review it was opened for, `item` the round."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=as_words(Outcome), widget=forms.RadioSelect)
    step = forms.ChoiceField(choices=Step, widget=forms.HiddenInput)
    item = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("agrees", "outcome", "reason", "missing", "step", "item")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self["step"].value() != Step.SECOND:
            del self.fields["agrees"]


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
