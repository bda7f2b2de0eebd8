"""Spreadsheets."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cards.nominations import cells, queries
from cards.nominations.choices import ImportKind, ImportStatus, RowStatus
from cards.nominations.faults import message_of
from cards.nominations.models import ImportBatch, ImportRow
from cards.nominations.operations.rows import evidence_names
from cards.nominations.sheets import Layout


class ImportInput(serializers.Serializer):
    """A sheet (.xlsx or .csv) and the archive (.zip) of the evidence it names, as multipart/form-data."""

    sheet = serializers.FileField()
    evidence = serializers.FileField(required=False)


class UpgradeInput(serializers.Serializer):
    """A sheet of legacy Green Cards (.xlsx or .csv), as multipart/form-data."""

    sheet = serializers.FileField()


class SheetFaultOutput(serializers.Serializer):
    """What is wrong with a sheet or a row, in the reader's language."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class RowCountsOutput(serializers.Serializer):
    """How many rows are in each status."""

    waiting = serializers.IntegerField()
    valid = serializers.IntegerField()
    invalid = serializers.IntegerField()
    known = serializers.IntegerField()
    applied = serializers.IntegerField()
    failed = serializers.IntegerField()


class ImportSummaryOutput(serializers.Serializer):
    """A sheet, and how far it is."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=ImportKind.choices)
    status = serializers.ChoiceField(choices=ImportStatus.choices)
    row_count = serializers.IntegerField()
    imported_at = serializers.DateTimeField()
    checked_at = serializers.DateTimeField(allow_null=True)
    applied_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.CharField())
    def get_url(self, batch: ImportBatch) -> str:
        return reverse("api-import-detail", args=[batch.pk])


class ImportOutput(ImportSummaryOutput):
    """A sheet on its way: poll it while it is `checking` or `applying`."""

    rows = serializers.SerializerMethodField()
    faults = serializers.SerializerMethodField()

    @extend_schema_field(RowCountsOutput())
    def get_rows(self, batch: ImportBatch) -> dict[str, int]:
        return queries.row_counts(batch)

    @extend_schema_field(SheetFaultOutput(many=True))
    def get_faults(self, batch: ImportBatch) -> list[dict[str, str]]:
        return [_as_fault(fault) for fault in batch.errors]


class ImportRowOutput(serializers.Serializer):
    """A row, counted as the spreadsheet counts it: what is wrong with it, or the case it became."""

    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=RowStatus.choices)
    faults = serializers.SerializerMethodField()
    nomination = serializers.UUIDField(source="nomination_id", allow_null=True)
    nomination_number = serializers.CharField(source="nomination.number", default=None, allow_null=True)
    direct_issue = serializers.UUIDField(source="direct_issue_id", allow_null=True)
    direct_issue_number = serializers.CharField(source="direct_issue.number", default=None, allow_null=True)

    @extend_schema_field(SheetFaultOutput(many=True))
    def get_faults(self, row: ImportRow) -> list[dict[str, str]]:
        if not row.errors:
            return []
        layout: Layout = self.context["layout"]
        files = evidence_names(layout.row(row.number, cells.load(row.cells)))
        return [_as_fault(fault, files) for fault in row.errors]


def _as_fault(fault: dict[str, Any], files: list[str] | None = None) -> dict[str, str]:
    return {"field": fault["field"], "code": fault["code"], "message": message_of(fault, files or [])}
