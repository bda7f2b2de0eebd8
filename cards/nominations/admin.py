from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cards.nominations.models import CreditClass, ImportBatch, Nomination, NominatorProfile, NominatorYear, StepLimit
from talentcard.audit.operations import record
from talentcard.core.admin import ReadOnlyAdmin


@admin.register(StepLimit)
class StepLimitAdmin(admin.ModelAdmin):
    list_display = ["policy", "step", "working_days"]
    list_filter = ["step"]
    list_select_related = ["policy"]

    def save_model(self, request: HttpRequest, obj: StepLimit, form: Any, change: bool) -> None:
        """Save a time limit; the new one stands in the audit log."""
        super().save_model(request, obj, form, change)
        record(
            actor=request.user,  # type: ignore[arg-type]  # the admin site lets nobody else in
            action="step_limit.changed" if change else "step_limit.created",
            target=obj,
            data={"policy": obj.policy.number, "step": obj.step, "working_days": obj.working_days},
        )


@admin.register(CreditClass, NominatorProfile)
class GrantAdmin(admin.ModelAdmin):
    """What nominators may do; every change is in the audit log."""

    def save_model(self, request: HttpRequest, obj: CreditClass | NominatorProfile, form: Any, change: bool) -> None:
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
