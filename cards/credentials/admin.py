from django.contrib import admin

from cards.credentials.models import SigningKey
from talentcard.core.admin import ReadOnlyAdmin


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    list_display = ["kid", "status", "valid_from", "valid_until"]
    exclude = ["private_key", "public_key"]
