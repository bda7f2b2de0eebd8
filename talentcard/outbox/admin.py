from django.contrib import admin
from django.http import HttpRequest

from talentcard.outbox.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    list_display = ["task", "queue", "status", "attempts", "last_error", "run_at", "done_at"]
    list_filter = ["status", "queue", "task"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False
