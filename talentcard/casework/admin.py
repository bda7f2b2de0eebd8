from django.contrib import admin

from talentcard.casework.models import WorkItem
from talentcard.core.admin import ReadOnlyAdmin


@admin.register(WorkItem)
class WorkItemAdmin(ReadOnlyAdmin):
    """What waits where, and with whom; only operations change it."""

    list_display = ["number", "desk", "district", "tier", "assignee", "opened_at", "due_at", "closed_at"]
    list_filter = ["desk"]
    list_select_related = ["assignee"]
    search_fields = ["number"]
