"""An officer's tie to a person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import Relation
from cards.nominations.forms.shared import LONGEST_REASON, as_words
from talentcard.accounts.models import User


class RecusalForm(forms.Form):
    """What the tie is."""

    relation = forms.ChoiceField(label=_("Relation"), choices=as_words(Relation), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Explanation"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Confidential: the head of the office and the auditor read it."),
    )


class OfficeRecusalForm(RecusalForm):
    """Which of an office's people is tied to the person of which case."""

    officer = forms.ModelChoiceField(label=_("Officer"), queryset=User.objects.none())
    number = forms.CharField(label=_("Case number"), max_length=20)

    field_order = ("officer", "number", "relation", "reason")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = people  # type: ignore[attr-defined]  # declared above
