from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.issuance.choices import CardStatus
from cards.issuance.models import Tier
from cards.issuance.operations.lifecycle import REASON_LENGTH


class CardFilterForm(forms.Form):
    """What a list of cards is narrowed to."""

    number = forms.CharField(label=_("Card number"), max_length=40, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("all")), *CardStatus.choices], required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Tiers of several policy versions share their codes; the newest one's name stands for all.
        tiers = {tier.code: str(tier) for tier in Tier.objects.order_by("policy__number")}
        self.fields["tier"].choices = [("", _("all")), *sorted(tiers.items())]  # type: ignore[attr-defined]  # a ChoiceField

    def narrowing(self) -> dict[str, str]:
        """Return what is asked for; what is not understood narrows nothing."""
        return self.cleaned_data if self.is_valid() else {}


class ReasonForm(forms.Form):
    """Why a card's status is changed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The holder reads it on the card's page. No personal data."),
    )
