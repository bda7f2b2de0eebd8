"""What a list shows of its cases."""

import datetime as dt
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.choices import NominationStatus, Step
from cards.nominations.forms.shared import (
    ANY,
    as_words,
    set_choices,
)


class CaseFilterForm(forms.Form):
    """Which cases a list shows."""

    q = forms.CharField(label=_("Number or name"), max_length=100, required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[*ANY, *as_words(NominationStatus)])


class InboxFilterForm(forms.Form):
    """Which waiting cases an officer looks at."""

    step = forms.ChoiceField(label=_("Step"), required=False, choices=[*ANY, *as_words(Step)])
    basis = forms.ChoiceField(label=_("Basis"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    district = forms.ChoiceField(label=_("District or park"), required=False)

    def __init__(self, data: Mapping[str, str], *, districts: dict[str, str], at: dt.datetime) -> None:
        super().__init__(data)
        bases = list(queries.open_bases(at))
        tiers = {tier.code: str(tier) for basis in bases for tier in basis.tiers.all()}
        set_choices(self, "basis", [*ANY, *[(basis.code, basis.name) for basis in bases]])
        set_choices(self, "tier", [*ANY, *sorted(tiers.items())])
        set_choices(self, "district", [*ANY, *districts.items()])
