"""Policy data for administrators. What a case rests on is no longer changed: a new policy version is made."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from cards.issuance.models import Basis, PolicyVersion, Tier
from cards.issuance.queries import is_in_use
from talentcard.audit.operations import record


class PolicyDataAdmin(admin.ModelAdmin):
    """Editable until something rests on it; every change is in the audit log."""

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not is_in_use(obj))

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not is_in_use(obj))

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        action = f"{obj._meta.model_name}.{'changed' if change else 'added'}"
        record(actor=request.user, action=action, target=obj, data={"fields": form.changed_data})  # type: ignore[arg-type]  # staff are signed in

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        record(actor=request.user, action=f"{obj._meta.model_name}.deleted", target=obj)  # type: ignore[arg-type]  # staff are signed in
        super().delete_model(request, obj)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(PolicyDataAdmin):
    list_display = ["number", "effective_from", "legal_ground_zh", "is_sample"]


@admin.register(Tier)
class TierAdmin(PolicyDataAdmin):
    list_display = ["code", "name_zh", "name_en", "validity_months", "policy"]
    list_filter = ["policy"]
    list_select_related = ["policy"]


@admin.register(Basis)
class BasisAdmin(PolicyDataAdmin):
    list_display = ["code", "name_zh", "name_en", "route", "notice_working_days", "policy"]
    list_filter = ["policy", "route"]
    list_select_related = ["policy"]
    filter_horizontal = ["tiers"]
