"""Spreadsheets."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class ImportInput(serializers.Serializer):
    """A sheet (.xlsx) and the archive (.zip) of the evidence it names, as multipart/form-data."""

    sheet = serializers.FileField()
    evidence = serializers.FileField(required=False)


class ImportOutput(serializers.Serializer):
    """A sheet whose rows became nominations."""

    id = serializers.UUIDField()
    row_count = serializers.IntegerField()
    imported_at = serializers.DateTimeField()
    numbers = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_numbers(self, batch: Any) -> list[str]:
        return list(batch.nominations.order_by("number").values_list("number", flat=True))
