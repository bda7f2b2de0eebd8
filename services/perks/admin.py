from typing import Any

from django import forms
from django.contrib import admin

from services.perks import registry
from services.perks.models import LedgerEntry, PerkTerms, QuotaAccount
from talentcard.core.admin import ReadOnlyAdmin


class PerkTermsForm(forms.ModelForm):
    """Offer the perks there are; the database keeps a plain slug."""

    class Meta:
        model = PerkTerms
        fields = ["perk", "working_days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(perk.slug, str(perk.name)) for perk in registry.all_perks()]
        self.fields["perk"] = forms.ChoiceField(label=self.fields["perk"].label, choices=choices)


@admin.register(PerkTerms)
class PerkTermsAdmin(admin.ModelAdmin):
    form = PerkTermsForm
    list_display = ["perk", "working_days"]


@admin.register(QuotaAccount)
class QuotaAccountAdmin(ReadOnlyAdmin):
    list_display = ["holder", "perk", "period", "used", "limit"]
    list_select_related = ["holder"]
    list_filter = ["perk", "period"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["card", "account", "kind", "quantity", "organisation", "at"]
    list_select_related = ["card", "account", "organisation"]
    list_filter = ["kind"]
