from django.contrib import admin

from services.transport.models import AnnualAllowance


@admin.register(AnnualAllowance)
class AnnualAllowanceAdmin(admin.ModelAdmin):
    list_display = ["tier_code", "uses"]
