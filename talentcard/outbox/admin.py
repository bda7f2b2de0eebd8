from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talentcard.core.admin import ReadOnlyAdmin
from talentcard.outbox import operations
from talentcard.outbox.models import Entry


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["task", "queue", "status", "attempts", "last_error", "run_at", "done_at"]
    list_filter = ["status", "queue", "task"]
    actions = ["try_again"]

    def has_try_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.change_entry")

    @admin.action(description=_("Try again what was given up"), permissions=["try_again"])
    def try_again(self, request: HttpRequest, entries: QuerySet[Entry]) -> None:
        for entry in entries:
            self.log_change(request, entry, "tried again")
        count = operations.try_again(entry_ids=[entry.pk for entry in entries], at=timezone.now())
        text = ngettext("%(count)s task is tried again.", "%(count)s tasks are tried again.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
