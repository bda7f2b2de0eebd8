"""Experts to name, and what people answer by their links."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import Asked
from cards.nominations.forms.shared import set_choices
from cards.nominations.operations.answers import LONGEST_ANSWER


class ExpertSearchForm(forms.Form):
    """Whom to look for in the register."""

    q = forms.CharField(
        label=_("Name or field of the expert"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AnswerForm(forms.Form):
    """An expert confirms or declines; the nominee consents or refuses."""

    answer = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect, choices=())
    words = forms.CharField(
        label=_("In a few words"), max_length=LONGEST_ANSWER, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, asked: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = self.fields["words"]
        if asked == Asked.EXPERT:
            set_choices(self, "answer", [("yes", _("I confirm it")), ("no", _("I do not confirm it"))])
            words.help_text = _("What you know of the person's work, or why you decline. Only the officers read it.")
            words.required = True
        else:
            set_choices(self, "answer", [("yes", _("I consent")), ("no", _("I refuse"))])
            words.help_text = _("Not needed. Only the officers read it.")
