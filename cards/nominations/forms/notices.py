"""Objections, and what is decided about them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.nominations.forms.shared import LONGEST_REASON, LONGEST_TEXT


class ResolutionForm(forms.Form):
    """What becomes of an objection."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("dismiss", _("Dismiss: the notice goes on")),
            ("uphold", _("Uphold: the nomination is rejected")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


class ReleaseForm(forms.Form):
    """How a release is called; without a title, by its year and serial number."""

    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=160, required=False)
    title_en = forms.CharField(
        label=_("Title (English)"),
        max_length=200,
        required=False,
        help_text=_("Left empty, the release is called by its year and number."),
    )


class ObjectionForm(forms.Form):
    """What somebody has against a nomination under notice."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contact = forms.CharField(
        label=_("How to reach you"),
        max_length=200,
        help_text=_("A phone number or an e-mail address: the officer may have questions."),
    )
    text = forms.CharField(
        label=_("Your objection"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Say what is not true or not right, and how that can be verified."),
    )
