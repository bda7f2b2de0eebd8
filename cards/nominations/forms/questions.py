"""What an officer asks of a case's nominator, and the answer."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.forms.shared import LONGEST_REASON


class QuestionForm(forms.Form):
    """A question about a field, a document, or the case as a whole."""

    topic = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Question"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )

    def __init__(self, *args: Any, documents: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [("", _("The case as a whole"))]
        self.fields["topic"].choices = [*whole, *queries.FIELD_TOPICS.items(), *documents.items()]  # type: ignore[attr-defined]  # declared above


class QuestionAnswerForm(forms.Form):
    """The answer to one question."""

    answer = forms.CharField(label=_("Answer"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))
