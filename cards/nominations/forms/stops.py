"""Decisions about what stops a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.nominations.forms.shared import LONGEST_REASON


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
