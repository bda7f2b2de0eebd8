"""Decisions about what stops a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import IntegrityKind
from cards.nominations.forms.shared import LONGEST_REASON, as_words
from cards.nominations.operations import FactInput


class ReasonForm(forms.Form):
    """Why it is decided so."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


class DuplicateForm(ReasonForm):
    """Whether two records are of one person."""

    verdict = forms.ChoiceField(
        label=_("Are they one person?"),
        choices=[("same", _("Yes, one person")), ("different", _("No, different people"))],
        widget=forms.RadioSelect,
    )

    field_order = ("verdict", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("What you compared, and with whom you spoke. Only officers read it.")


class RulingForm(ReasonForm):
    """Whether a case goes on despite what is on record."""

    ruling = forms.ChoiceField(
        label=_("Decision"),
        choices=[("go_on", _("The case goes on despite this")), ("reject", _("Reject the nomination for this"))],
        widget=forms.RadioSelect,
    )

    field_order = ("ruling", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Of a rejection, the nominator and the nominee read it.")


class CheckForm(forms.Form):
    """A check that was made, and what it found."""

    kind = forms.ChoiceField(label=_("Checked for"), choices=as_words(IntegrityKind))
    source = forms.CharField(
        label=_("Source"), max_length=160, help_text=_("Where it was looked up, for example the name of the register.")
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[("clear", _("Nothing found")), ("hit", _("Something is on record"))],
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=100,
        required=False,
        help_text=_("If something is on record: its number."),
    )
    dated_on = forms.DateField(
        label=_("Dated"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("If something is on record: its day."),
    )
    text = forms.CharField(
        label=_("What is on record"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the day of what is on record; what else is missing the operation says."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("result") == "hit" and "dated_on" in data and data["dated_on"] is None:
            self.add_error("dated_on", _("Give its day."))
        return data

    @property
    def hit(self) -> FactInput | None:
        """Return what is on record, or None for nothing; call it on a valid form."""
        data = self.cleaned_data
        if data["result"] == "clear":
            return None
        return FactInput(reference=data["reference"], dated_on=data["dated_on"], text=data["text"])
