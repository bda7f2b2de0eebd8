"""What every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from talentcard.core import navigation


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the navigation bar and the demonstration's banner."""
    if not hasattr(request, "user"):
        return {}
    return {
        "nav_items": navigation.for_request(request),
        "demo_banner": settings.DEMO,
        "demo_working_day_seconds": settings.DEMO_WORKING_DAY_SECONDS,
    }
