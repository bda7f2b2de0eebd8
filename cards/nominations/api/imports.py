"""Many nominations at once, by spreadsheet: hand it in, follow its check, apply it. Parse, permit, one operation."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.nominations import operations, queries
from cards.nominations.api import serializers as shapes
from cards.nominations.api.permissions import HandsInSheets
from cards.nominations.api.views import KEY, REFUSALS, read
from cards.nominations.choices import ImportKind, RowStatus
from cards.nominations.models import ImportBatch, ImportRow
from cards.nominations.reports import report_of
from cards.nominations.sheets import Layout
from talentcard.accounts.models import User
from talentcard.core.api.files import FileNegotiation
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput
from talentcard.core.errors import InvalidInput


class ImportView(APIView):
    """What every endpoint of imports shares: finding one among those the user may see."""

    permission_classes = [IsAuthenticated, HandsInSheets]

    def find(self, batch_id: UUID) -> ImportBatch:
        """Return a batch the user may see."""
        return get_object_or_404(queries.imports_of(self.request.user), pk=batch_id)

    def actor(self) -> User:
        """Return the signed-in user."""
        return cast("User", self.request.user)

    def accepted(self, batch: ImportBatch) -> Response:
        """Answer that a worker has something to do."""
        data = shapes.ImportOutput(batch).data
        return Response(data, status=status.HTTP_202_ACCEPTED, headers={"Location": data["url"]})


class NominationImportView(ImportView):
    """Hand in."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="nominations_import",
        parameters=[KEY],
        request=shapes.ImportInput,
        responses={202: shapes.ImportOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Hand in a spreadsheet for its rows to be checked; nothing is nominated before it is applied."""
        data = read(shapes.ImportInput, request)
        batch = operations.receive_import(
            actor=self.actor(), sheet=data["sheet"], archive=data.get("evidence"), at=timezone.now()
        )
        return self.accepted(batch)


class UpgradeImportView(ImportView):
    """Hand in legacy Green Cards."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="direct_issues_upgrade",
        parameters=[KEY],
        request=shapes.UpgradeInput,
        responses={202: shapes.ImportOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Hand in a spreadsheet of Green Cards for its rows to be checked; applied, each waits for a second officer."""
        data = read(shapes.UpgradeInput, request)
        batch = operations.receive_import(
            actor=self.actor(), sheet=data["sheet"], archive=None, kind=ImportKind.GREEN_CARDS, at=timezone.now()
        )
        return self.accepted(batch)


class ImportListView(ImportView, ListAPIView):
    """The spreadsheets of the own organisation."""

    serializer_class = shapes.ImportSummaryOutput

    def get_queryset(self) -> QuerySet[ImportBatch]:
        if getattr(self, "swagger_fake_view", False):
            return ImportBatch.objects.none()
        return queries.imports_of(self.request.user)

    @extend_schema(operation_id="nominations_import_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the spreadsheets your organisation handed in, the latest first."""
        return super().get(request, *args, **kwargs)


class ImportDetailView(ImportView):
    """One spreadsheet."""

    @extend_schema(operation_id="nominations_import_retrieve", responses={200: shapes.ImportOutput, 404: ErrorOutput})
    def get(self, request: Request, batch_id: UUID) -> Response:
        """Show how far a spreadsheet is."""
        return Response(shapes.ImportOutput(self.find(batch_id)).data)


class ImportRowListView(ImportView, ListAPIView):
    """The rows of a spreadsheet."""

    serializer_class = shapes.ImportRowOutput

    def get_queryset(self) -> QuerySet[ImportRow]:
        if getattr(self, "swagger_fake_view", False):
            return ImportRow.objects.none()
        rows = self.batch.rows.select_related("nomination", "direct_issue")
        if wanted := self.request.query_params.get("status"):
            if wanted not in RowStatus.values:
                raise InvalidInput.of("status", "unknown_status", _("There is no such status."))
            rows = rows.filter(status=wanted)
        return rows

    def get_serializer_context(self) -> dict[str, Any]:
        batch = getattr(self, "batch", None)
        layout = Layout.load(batch.layout) if batch and batch.layout else None
        return {**super().get_serializer_context(), "layout": layout}

    @extend_schema(
        operation_id="nominations_import_rows",
        parameters=[OpenApiParameter("status", enum=RowStatus.values)],
        responses={200: shapes.ImportRowOutput(many=True), 400: ErrorOutput, 404: ErrorOutput},
    )
    def get(self, request: Request, batch_id: UUID, *args: Any, **kwargs: Any) -> Response:
        self.batch = self.find(batch_id)
        return super().get(request, *args, **kwargs)


class ImportApplyView(ImportView):
    """Apply."""

    @extend_schema(
        operation_id="nominations_import_apply",
        parameters=[KEY],
        request=None,
        responses={202: shapes.ImportOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Have the rows without faults become submitted nominations, or proposed direct issues; once."""
        batch = self.find(batch_id)
        return self.accepted(operations.apply_import(actor=self.actor(), batch=batch, at=timezone.now()))


class ImportReportView(ImportView):
    """The error report."""

    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="nominations_import_report",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 404: ErrorOutput, 409: ErrorOutput},
    )
    def get(self, request: Request, batch_id: UUID) -> FileResponse:
        """Download the same sheet with a column that says what is wrong in each row."""
        return report_of(self.find(batch_id))
