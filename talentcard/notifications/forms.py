"""What people choose about their messages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SmsForm(forms.Form):
    """Whether somebody is told by SMS."""

    wants_sms = forms.BooleanField(label=_("Tell me of what is important by SMS as well"), required=False)
