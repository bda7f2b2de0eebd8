from django.contrib import admin

from talentcard.core.admin import ReadOnlyAdmin
from talentcard.notifications.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What has become of each message, without whom it is for and what it says."""

    list_display = ["id", "event", "email_status", "sms_status", "sms_reference", "created_at"]
    list_filter = ["sms_status", "email_status", "event"]
    search_fields = ["=id", "=sms_reference"]
    fields = ["id", "event", "email_status", "sms_status", "sms_reference", "created_at"]
