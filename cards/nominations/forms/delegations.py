"""What is left to another office, and for how long."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Tier
from cards.nominations.choices import Step
from cards.nominations.forms.shared import ANY, as_words, set_choices
from cards.talents.models import District
from talentcard.accounts.choices import OFFICES
from talentcard.accounts.models import Organisation
from talentcard.casework.operations.delegation import REASON_LENGTH


class DelegationForm(forms.Form):
    """A step, its scope, the office that receives it, and the days."""

    step = forms.ChoiceField(label=_("Step"), choices=as_words(Step))
    district = forms.ChoiceField(label=_("District or park"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    to_office = forms.ModelChoiceField(label=_("Delegated to"), queryset=Organisation.objects.none())
    first_day = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("From now on, if left empty."),
    )
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, own_office: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Organisation.objects.filter(kind__in=OFFICES).exclude(pk=own_office.pk)
        self.fields["to_office"].queryset = offices  # type: ignore[attr-defined]  # declared above
        set_choices(self, "district", [*ANY, *[(each.code, each.name) for each in District.objects.all()]])
        tiers = {tier.code: str(tier) for tier in Tier.objects.order_by("policy__number")}
        set_choices(self, "tier", [*ANY, *sorted(tiers.items())])

    def delegation(self, *, at: dt.datetime) -> dict[str, Any]:
        """Return what is delegated, as the operation takes it; call it on a valid form."""
        data, today = self.cleaned_data, timezone.localdate(at)
        first = data["first_day"]
        return {
            "step": Step(data["step"]),
            "district": data["district"],
            "tier": data["tier"],
            "to_office": data["to_office"],
            "reason": data["reason"],
            "valid_from": at if first in (None, today) else _midnight(first),
            "valid_until": _midnight(data["last_day"] + dt.timedelta(days=1)),
        }


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
