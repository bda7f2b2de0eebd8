from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cards.verification.models import Desk, Purpose, VerificationAttempt
from talentcard.audit.operations import record
from talentcard.core.admin import ReadOnlyAdmin


@admin.register(Purpose)
class PurposeAdmin(admin.ModelAdmin):
    list_display = ["code", "name_zh", "name_en", "fields", "minimum_grade", "is_active"]
    search_fields = ["code", "name_zh", "name_en"]

    def save_model(self, request: HttpRequest, obj: Purpose, form: Any, change: bool) -> None:
        """Save a purpose; what it shows from now on stands in the audit log."""
        super().save_model(request, obj, form, change)
        record(
            actor=request.user,  # type: ignore[arg-type]  # the admin site lets nobody else in
            action="purpose.changed" if change else "purpose.created",
            target=obj,
            data={"fields": obj.fields, "minimum_grade": obj.minimum_grade, "is_active": obj.is_active},
        )


@admin.register(Desk)
class DeskAdmin(admin.ModelAdmin):
    list_display = ["name_zh", "name_en", "organisation", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["organisation"]
    search_fields = ["name_zh", "name_en"]
    filter_horizontal = ["purposes"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save a desk's purposes; they stand in the audit log."""
        super().save_related(request, form, formsets, change)
        desk: Desk = form.instance
        record(
            actor=request.user,  # type: ignore[arg-type]  # the admin site lets nobody else in
            action="desk.changed" if change else "desk.created",
            target=desk,
            data={"purposes": [purpose.code for purpose in desk.purposes.all()], "is_active": desk.is_active},
        )


@admin.register(VerificationAttempt)
class VerificationAttemptAdmin(ReadOnlyAdmin):
    list_display = ["at", "channel", "desk", "system", "purpose", "reason"]
    list_filter = ["channel", "reason"]
    list_select_related = ["desk", "system__application", "purpose"]
    ordering = ["-at"]
    show_full_result_count = False
