from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from talentcard.casework.models import WorkItem


@admin.register(WorkItem)
class WorkItemAdmin(admin.ModelAdmin):
    """What waits where, and with whom; only operations change it."""

    list_display = ["number", "desk", "district", "tier", "assignee", "opened_at", "due_at", "closed_at"]
    list_filter = ["desk"]
    list_select_related = ["assignee"]
    search_fields = ["number"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
