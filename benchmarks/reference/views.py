from django.http import HttpRequest, HttpResponse
from rest_framework import serializers
from rest_framework.authentication import TokenAuthentication
from rest_framework.generics import CreateAPIView
from rest_framework.permissions import IsAuthenticated

from benchmarks.reference.models import Scan


class ScanSerializer(serializers.ModelSerializer):
    """A scan, in and out."""

    class Meta:
        model = Scan
        fields = ["id", "code", "purpose", "nonce", "created_at"]


class ScanCreate(CreateAPIView):
    """Record a scan."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]
    serializer_class = ScanSerializer

    def perform_create(self, serializer: serializers.BaseSerializer) -> None:
        """Insert one row."""
        serializer.save(user=self.request.user)


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the server is up."""
    return HttpResponse("ok")
