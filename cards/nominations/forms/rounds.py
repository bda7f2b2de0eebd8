"""What a nominator says to what was to be corrected."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.nominations.forms.shared import LONGEST_REASON


class RepliesForm(forms.Form):
    """A reply to each thing that a return lists, in its order; none is required. `round` is the return's."""

    round = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for position, line in enumerate(asked):
            self.fields[f"reply_{position}"] = forms.CharField(
                label=line,
                max_length=LONGEST_REASON,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("What you did about it. The reviewer reads it."),
            )

    @property
    def replies(self) -> list[str]:
        """Return the replies as the operation takes them; call it on a valid form."""
        return [value for name, value in self.cleaned_data.items() if name.startswith("reply_")]
