from django.urls import URLPattern

app_name = "perks"
urlpatterns: list[URLPattern] = []
