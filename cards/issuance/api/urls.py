from django.urls import path

from cards.issuance.api import views

urlpatterns = [
    path("", views.CardListView.as_view(), name="api-card-list"),
    path("mine/", views.MyCardView.as_view(), name="api-card-mine"),
    path("<uuid:card_id>/", views.CardDetailView.as_view(), name="api-card-detail"),
    path("<uuid:card_id>/suspend/", views.CardSuspendView.as_view(), name="api-card-suspend"),
    path("<uuid:card_id>/reinstate/", views.CardReinstateView.as_view(), name="api-card-reinstate"),
    path("<uuid:card_id>/revoke/", views.CardRevokeView.as_view(), name="api-card-revoke"),
    path("<uuid:card_id>/return/", views.CardReturnView.as_view(), name="api-card-return"),
    path("<uuid:card_id>/report-loss/", views.CardLossView.as_view(), name="api-card-report-loss"),
    path("<uuid:card_id>/qr.png", views.CardPngView.as_view(), name="api-card-qr-png"),
    path("<uuid:card_id>/qr.svg", views.CardSvgView.as_view(), name="api-card-qr-svg"),
]
