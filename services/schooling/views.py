"""The schools that keep places."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from services.schooling.models import SchoolPlaces, SchoolSeason


@login_required
def school_list(request: HttpRequest) -> HttpResponse:
    """Show, season by season, which schools keep places and how many are left."""
    seasons = SchoolSeason.objects.not_over(timezone.now()).prefetch_related("places__school")
    listed = [{"season": season, "items": [_as_item(places) for places in season.places.all()]} for season in seasons]
    return render(request, "schooling/school_list.html", {"seasons": listed})


def _as_item(places: SchoolPlaces) -> dict[str, Any]:
    """Return what the list component shows of a school."""
    return {
        "title": places.school.name,
        "meta": [
            places.school.get_stage_display(),
            _("%(places)s places, %(left)s left") % {"places": places.places, "left": places.left},
        ],
    }
