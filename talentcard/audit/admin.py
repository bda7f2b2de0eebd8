from django.contrib import admin

from talentcard.audit.models import AuditEvent
from talentcard.core.admin import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "target_type", "target_id", "actor_id"]
    list_filter = ["action"]
    search_fields = ["target_id", "action"]
