from django.urls import path

from cards.verification import views

app_name = "verification"
urlpatterns = [
    # A printed code holds capitals only, so that it fits the QR code's compact mode.
    path("V", views.public_check, name="public-check-printed"),
    path("v", views.public_check, name="public-check"),
    path("desk/", views.desk_check, name="desk-check"),
    path("checks/mine/", views.check_list, name="check-list"),
]
