from django.urls import path

from benchmarks.reference import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("scans/", views.ScanCreate.as_view(), name="scan-create"),
]
