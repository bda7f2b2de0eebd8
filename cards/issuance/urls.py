from django.urls import path

from cards.issuance import views

app_name = "issuance"
urlpatterns = [
    path("mine/", views.my_card, name="my-card"),
    path("mine/report-loss/", views.card_report_loss, name="card-report-loss"),
    path("", views.card_list, name="card-list"),
    path("<uuid:card_id>/", views.card_detail, name="card-detail"),
    path("<uuid:card_id>/<slug:action>/", views.card_change, name="card-change"),
]
