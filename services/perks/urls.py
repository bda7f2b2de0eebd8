from django.urls import URLPattern, URLResolver, include, path

from services.perks import registry
from services.perks.views import desk, holder, officer

app_name = "perks"


def perk_urls() -> list[URLPattern | URLResolver]:
    """Return the further pages of every perk, each under its own path."""
    return [path(f"{perk.slug}/", include(perk.urls())) for perk in registry.all_perks() if perk.urls()]


urlpatterns = [
    path("", holder.perk_list, name="perk-list"),
    path("requests/", holder.request_list, name="request-list"),
    path("requests/<uuid:pk>/", holder.request_detail, name="request-detail"),
    path("requests/<uuid:pk>/withdraw/", holder.request_withdraw, name="request-withdraw"),
    path("requests/<uuid:pk>/rate/", holder.request_rate, name="request-rate"),
    path("requests/<uuid:pk>/accept/", officer.request_accept, name="request-accept"),
    path("requests/<uuid:pk>/start/", officer.request_start, name="request-start"),
    path("requests/<uuid:pk>/grant/", officer.request_grant, name="request-grant"),
    path("requests/<uuid:pk>/decline/", officer.request_decline, name="request-decline"),
    path("inbox/", officer.request_inbox, name="request-inbox"),
    path("redeem/", desk.redeem, name="redemption-create"),
    path("<slug:slug>/", holder.perk_detail, name="perk-detail"),
    path("<slug:slug>/request/", holder.request_create, name="request-create"),
    *perk_urls(),
]
