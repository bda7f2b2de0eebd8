from django.urls import URLPattern

app_name = "issuance"
urlpatterns: list[URLPattern] = []
