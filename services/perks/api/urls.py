from django.urls import path

from services.perks.api import views

urlpatterns = [
    path("", views.PerkList.as_view(), name="api-perk-list"),
    path("requests/", views.RequestList.as_view(), name="api-perk-request-list"),
    path("requests/inbox/", views.RequestInbox.as_view(), name="api-perk-request-inbox"),
    path("requests/<uuid:pk>/", views.RequestDetail.as_view(), name="api-perk-request-detail"),
    path("requests/<uuid:pk>/accept/", views.RequestAccept.as_view(), name="api-perk-request-accept"),
    path("requests/<uuid:pk>/start/", views.RequestStart.as_view(), name="api-perk-request-start"),
    path("requests/<uuid:pk>/grant/", views.RequestGrant.as_view(), name="api-perk-request-grant"),
    path("requests/<uuid:pk>/decline/", views.RequestDecline.as_view(), name="api-perk-request-decline"),
    path("requests/<uuid:pk>/withdraw/", views.RequestWithdraw.as_view(), name="api-perk-request-withdraw"),
    path("requests/<uuid:pk>/rate/", views.RequestRate.as_view(), name="api-perk-request-rate"),
    path("redemptions/", views.RedemptionCreate.as_view(), name="api-redemption-create"),
    path("catalogue/<slug:slug>/", views.PerkDetail.as_view(), name="api-perk-detail"),
]
