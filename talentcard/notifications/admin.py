from django.contrib import admin
from django.http import HttpRequest

from talentcard.notifications.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """What has become of each message, without whom it is for and what it says."""

    list_display = ["id", "event", "email_status", "sms_status", "sms_reference", "created_at"]
    list_filter = ["sms_status", "email_status", "event"]
    search_fields = ["=id", "=sms_reference"]
    fields = ["id", "event", "email_status", "sms_status", "sms_reference", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False
