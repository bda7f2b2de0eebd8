"""The URL map: pages by room, the API under /api/v1/."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from oauth2_provider.views import TokenView

from talentcard.core import views as core_views

api_urls: list[URLPattern | URLResolver] = [
    # First: the path that is asked most is found first.
    path("", include("cards.verification.api.urls")),
    path("", include("talentcard.casework.api.urls")),
    path("nominations/", include("cards.nominations.api.urls")),
    path("cards/", include("cards.issuance.api.urls")),
    path("perks/", include("services.perks.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
]

urlpatterns = [
    path("api/v1/", include(api_urls)),
    path("", core_views.home, name="home"),
    path("robots.txt", core_views.robots, name="robots"),
    path("favicon.ico", core_views.favicon, name="favicon"),
    path("healthz", core_views.healthz, name="healthz"),
    path("accounts/", include("talentcard.accounts.urls")),
    path("casework/", include("talentcard.casework.urls")),
    path("messages/", include("talentcard.notifications.urls")),
    path("nominations/", include("cards.nominations.urls")),
    path("cards/", include("cards.issuance.urls")),
    path("", include("cards.credentials.urls")),
    path("", include("cards.verification.urls")),
    path("perks/", include("services.perks.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("oauth2/token/", TokenView.as_view(), name="oauth2-token"),
    path("admin/", admin.site.urls),
]
