from django.urls import path

from cards.credentials import views

app_name = "credentials"
urlpatterns = [
    path(".well-known/talentcard-keys", views.keys, name="key-list"),
    path("status/<int:number>.cwt", views.status_list, name="status-list"),
]
