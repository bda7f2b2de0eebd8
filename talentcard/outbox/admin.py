from django.contrib import admin

from talentcard.core.admin import ReadOnlyAdmin
from talentcard.outbox.models import Entry


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["task", "queue", "status", "attempts", "last_error", "run_at", "done_at"]
    list_filter = ["status", "queue", "task"]
