from django.urls import path

from cards.verification.api import views

urlpatterns = [
    path("verifications/", views.verification_create, name="verification-create"),
    path("public-checks/", views.PublicCheckCreate.as_view(), name="public-check-create"),
    path("cards/mine/checks/", views.MyCheckList.as_view(), name="my-check-list"),
]
