"""Appeals, and what is decided about them."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cards.nominations.forms.shared import LONGEST_REASON, LONGEST_TEXT


class FilesInput(forms.FileInput):
    """The browser's own control, for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; none where it is not required."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files, each checked like one."""
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(FilesField, self).clean(each, initial) for each in files]


class AppealForm(forms.Form):
    """What is wrong with a refusal."""

    text = forms.CharField(
        label=_("Your appeal"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Say what in the decision is wrong, and what shows it."),
    )
    documents = FilesField(
        label=_("Documents"),
        required=False,
        widget=FilesInput(attrs={"accept": "application/pdf,image/jpeg,image/png", "multiple": True}),
    )


class AppealDecisionForm(forms.Form):
    """What becomes of an appeal; `item` is the round it was opened for."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("dismiss", _("Dismiss: the refusal stands")),
            ("uphold", _("Uphold: the refusal is annulled, and others review the case anew")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It goes into the decision that the nominator and the nominee receive."),
    )
    item = forms.UUIDField(widget=forms.HiddenInput)
