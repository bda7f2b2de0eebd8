"""Cases, which are read here, and what nominators are granted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cards.nominations import operations
from cards.nominations.models import (
    ImportBatch,
    IntegritySource,
    Nomination,
    NominatorProfile,
    NominatorYear,
    RecognisedExpert,
    email_index,
)
from talentcard.audit.operations import record
from talentcard.core.admin import ReadOnlyAdmin


@admin.register(NominatorProfile, IntegritySource)
class AuditedAdmin(admin.ModelAdmin):
    """What an organisation is granted, and whose systems report; every change is in the audit log."""

    def save_model(
        self, request: HttpRequest, obj: NominatorProfile | IntegritySource, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        action = f"{obj._meta.model_name}.{'changed' if change else 'added'}"
        values = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        record(actor=request.user, action=action, target=obj, data=values)  # type: ignore[arg-type]  # staff are signed in


@admin.register(NominatorYear)
class NominatorYearAdmin(ReadOnlyAdmin):
    list_display = ["organisation", "year", "used", "limit"]
    list_filter = ["year"]
    list_select_related = ["organisation"]


@admin.register(Nomination)
class NominationAdmin(ReadOnlyAdmin):
    """Where each case stands; what it says of the person is read on its page, by those who may."""

    list_display = ["number", "nominator", "basis", "tier", "district", "status", "due_at"]
    list_filter = ["status", "district"]
    list_select_related = ["nominator", "basis", "tier", "item", "notice"]
    search_fields = ["number"]
    fields = ["number", "nominator", "basis", "tier", "district", "status", "due_at"]


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ["imported_at", "nominator", "uploaded_by", "status", "row_count"]
    list_select_related = ["nominator", "uploaded_by"]
    fields = ["imported_at", "nominator", "uploaded_by", "status", "row_count"]


class ExpertForm(forms.ModelForm):
    """An entry of the register; the e-mail belongs to one expert."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)

    class Meta:
        model = RecognisedExpert
        fields = (
            "name",
            "title",
            "organisation",
            "organisation_name",
            "field",
            "email",
            "talent",
            "is_active",
            "valid_from",
            "valid_until",
        )

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        others = RecognisedExpert.objects.filter(email_index=email_index(address)).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("An expert with this e-mail is in the register already."))
        return address


@admin.register(RecognisedExpert)
class RecognisedExpertAdmin(admin.ModelAdmin):
    """The register of experts; every change is in the audit log. Nobody is deleted whom a case has asked."""

    form = ExpertForm
    list_display = ["name", "title", "organisation_display", "field", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["organisation"]
    search_fields = ["name", "field", "organisation_name"]
    raw_id_fields = ["talent", "organisation"]

    def save_model(self, request: HttpRequest, obj: RecognisedExpert, form: Any, change: bool) -> None:
        """Save an entry by the same operation as everywhere."""
        operations.keep_expert(actor=request.user, expert=obj)  # type: ignore[arg-type]  # staff are signed in

    def has_delete_permission(self, request: HttpRequest, obj: RecognisedExpert | None = None) -> bool:
        return False
