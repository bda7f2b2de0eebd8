"""What the pages of casework ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.models import User
from talentcard.casework.operations.assignment import REASON_LENGTH


class _PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.username})"


class HandOverForm(forms.Form):
    """To whom an item goes, and why."""

    to = _PersonField(label=_("To"), queryset=User.objects.none())
    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LENGTH, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]  # declared above


class AbsenceForm(forms.Form):
    """The days on which somebody is away, and who stands in."""

    user = _PersonField(label=_("Who is away"), queryset=User.objects.none())
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    deputy = _PersonField(
        label=_("Deputy"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Takes on what the person has. Without one, any officer of the same scope may."),
    )

    def __init__(self, *args: Any, people: Any, deputies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]  # declared above
        self.fields["deputy"].queryset = deputies  # type: ignore[attr-defined]  # declared above


class AnswerForm(forms.Form):
    """What was done about a bad rating."""

    text = forms.CharField(
        label=_("What was done"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person who rated reads it."),
    )
