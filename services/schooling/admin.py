from django.contrib import admin

from services.schooling.models import School, SchoolPlaces, SchoolSeason, SeasonTier


class SeasonTierInline(admin.TabularInline):
    model = SeasonTier
    extra = 1


class SchoolPlacesInline(admin.TabularInline):
    model = SchoolPlaces
    extra = 0
    readonly_fields = ["taken"]


@admin.register(SchoolSeason)
class SchoolSeasonAdmin(admin.ModelAdmin):
    list_display = ["name_zh", "name_en", "stage", "opens_at", "closes_at"]
    list_filter = ["stage"]
    inlines = [SeasonTierInline, SchoolPlacesInline]


@admin.register(School)
class SchoolAdmin(admin.ModelAdmin):
    list_display = ["name_zh", "name_en", "stage", "district"]
    list_filter = ["stage", "district"]
    search_fields = ["name_zh", "name_en"]
