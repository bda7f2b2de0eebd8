"""What the pages of casework ask."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.models import User
from talentcard.casework.choices import RatingLevel
from talentcard.casework.operations.assignment import REASON_LENGTH
from talentcard.casework.operations.ratings import COMMENT_LENGTH


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


class RatingForm(forms.Form):
    """How a person was served."""

    level = forms.TypedChoiceField(
        label=_("How were you served?"), choices=RatingLevel.choices, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("Comment"),
        max_length=COMMENT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The head of the office reads it, and answers a low rating."),
    )


class PeriodForm(forms.Form):
    """From which day to which, both included; what is left empty is the last thirty days."""

    since = forms.DateField(label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(at)

    def clean(self) -> dict[str, Any]:
        """Fill in what is left empty."""
        given = dict(self.cleaned_data)
        if self.errors:
            return given
        until = given["until"] or self.today
        since = given["since"] or min(until, self.today) - dt.timedelta(days=30)
        if since > until:
            self.add_error("until", ValidationError(_("The last day lies before the first."), code="invalid"))
        return {"since": since, "until": until}

    @property
    def span(self) -> dict[str, dt.datetime]:
        """Return the moments between which the days lie; call it on a valid form."""
        after = self.cleaned_data["until"] + dt.timedelta(days=1)
        return {"since": _start_of(self.cleaned_data["since"]), "until": _start_of(after)}


def _start_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class AnswerForm(forms.Form):
    """What was done about a bad rating."""

    text = forms.CharField(
        label=_("What was done"),
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person who rated reads it."),
    )
