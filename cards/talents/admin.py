from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cards.talents.models import District, Talent
from cards.talents.operations import set_secrecy


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin):
    list_display = ["code", "name_zh", "name_en"]
    search_fields = ["code", "name_zh", "name_en"]

    def get_readonly_fields(self, request: HttpRequest, obj: District | None = None) -> list[str]:
        # Others refer to a district by its code.
        return ["code"] if obj else []


@admin.register(Talent)
class TalentAdmin(admin.ModelAdmin):
    """Where a person is put under secrecy; everything else about them changes by operations."""

    list_display = ["name", "birth_year", "district", "is_secret"]
    list_filter = ["is_secret", "district"]
    search_fields = ["name"]
    fields = ["name", "birth_year", "district", "is_secret"]
    readonly_fields = ["name", "birth_year", "district"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Talent | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Talent, form: Any, change: bool) -> None:
        """Save whether a person is under secrecy, with a line in the log."""
        set_secrecy(
            actor=request.user,  # type: ignore[arg-type]  # the admin site lets nobody else in
            talent=obj,
            is_secret=obj.is_secret,
        )
