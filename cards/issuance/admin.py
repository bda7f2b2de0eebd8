"""Recognised lists for administrators; policy versions are administered by the room that knows all of them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import RecognisedEntry, RecognisedList
from cards.issuance.operations.lists import AlreadyListed, index_of
from cards.issuance.queries import is_in_use
from cards.talents.choices import IdentityKind
from cards.talents.operations import IdentityInput
from talentcard.audit.operations import record
from talentcard.core.errors import InvalidInput


class ListAdmin(admin.ModelAdmin):
    """Nothing that something rests on is deleted; every change is in the audit log."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not _is_used(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Rows are deleted one by one: each says whether it may be.
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        action = f"{obj._meta.model_name}.{'changed' if change else 'added'}"
        # The names of the fields alone: an entry may name a person.
        record(actor=request.user, action=action, target=obj, data={"fields": form.changed_data})  # type: ignore[arg-type]  # staff are signed in

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        record(actor=request.user, action=f"{obj._meta.model_name}.deleted", target=obj)  # type: ignore[arg-type]  # staff are signed in
        super().delete_model(request, obj)


@admin.register(RecognisedList)
class RecognisedListAdmin(ListAdmin):
    list_display = ["code", "name_zh", "name_en", "is_sample"]


class EntryForm(forms.ModelForm):
    """A person with an identity document, whose number is not kept, or a title in both languages."""

    identity_kind = forms.ChoiceField(
        label=_("Identity document"), choices=[("", "—"), *IdentityKind.choices], required=False
    )
    identity_number = forms.CharField(
        label=_("Document number"),
        max_length=40,
        required=False,
        help_text=_("Of a person. It is not kept and not shown again. Leave it empty for a title or qualification."),
    )
    issuing_region = forms.CharField(label=_("Issuing country or region"), max_length=60, required=False)

    class Meta:
        model = RecognisedEntry
        fields = ["recognised_list", "title_zh", "title_en", "person_name", "source", "valid_from", "valid_until"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("identity_number"):
            self._take_document(data)
        elif self.instance._state.adding and not (data.get("title_zh") and data.get("title_en")):
            self.add_error(None, _("Enter a person's identity document, or a title in both languages."))
        return data

    def _take_document(self, data: dict[str, Any]) -> None:
        identity = IdentityInput(
            kind=data.get("identity_kind", ""),
            number=data["identity_number"],
            issuing_region=data.get("issuing_region", ""),
        )
        try:
            index = index_of(identity, on=timezone.localdate())
        except InvalidInput as error:
            for fault in error.errors:
                self.add_error(fault.field, str(fault.message))
            return
        self.instance.identity_index = index
        known = RecognisedEntry.objects.filter(recognised_list=data.get("recognised_list"), identity_index=index)
        if "valid_from" in data and known.filter(valid_from=data["valid_from"]).exists():
            self.add_error("identity_number", str(AlreadyListed.message))


@admin.register(RecognisedEntry)
class RecognisedEntryAdmin(ListAdmin):
    """Whom an entry names is settled when it is made; of one that a decision rests on only the end may be changed."""

    form = EntryForm
    list_display = ["recognised_list", "title_zh", "title_en", "of_person", "source", "valid_from", "valid_until"]
    list_filter = ["recognised_list"]
    list_select_related = ["recognised_list"]
    search_fields = ["title_zh", "title_en", "source"]

    @admin.display(boolean=True, description=_("names a person"))
    def of_person(self, entry: RecognisedEntry) -> bool:
        return entry.is_of_person

    def get_fields(self, request: HttpRequest, obj: RecognisedEntry | None = None) -> list[Any]:
        fields = list(EntryForm.Meta.fields)
        return fields if obj else [*fields, "identity_kind", "identity_number", "issuing_region"]

    def get_readonly_fields(self, request: HttpRequest, obj: RecognisedEntry | None = None) -> list[str]:
        if obj is None:
            return []
        if _is_used(obj):
            return [name for name in EntryForm.Meta.fields if name != "valid_until"]
        return ["recognised_list", "valid_from"]


def _is_used(row: models.Model) -> bool:
    return is_in_use(type(row)._base_manager.filter(pk=row.pk))
