from django.contrib import admin

from talentcard.casework.models import DecisionDocument, WorkItem
from talentcard.core.admin import ReadOnlyAdmin


@admin.register(WorkItem)
class WorkItemAdmin(ReadOnlyAdmin):
    """What waits where, and with whom; only operations change it."""

    list_display = ["number", "desk", "district", "tier", "assignee", "opened_at", "due_at", "closed_at"]
    list_filter = ["desk"]
    list_select_related = ["assignee"]
    search_fields = ["number"]


@admin.register(DecisionDocument)
class DecisionDocumentAdmin(ReadOnlyAdmin):
    """Which decisions there are; what they say is read on their pages, by those who may."""

    list_display = ["number", "kind", "subject_number", "decided_at", "content_sha256"]
    list_filter = ["kind"]
    search_fields = ["number", "subject_number"]
    fields = ["number", "kind", "subject_number", "decided_at", "content_sha256"]
