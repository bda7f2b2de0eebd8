"""Decide by spreadsheet: the sheet of what waits, and what became of each row."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cards.nominations import decision_sheets, operations
from cards.nominations.api import serializers as shapes
from cards.nominations.api.permissions import IsReviewer
from cards.nominations.api.views import KEY, REFUSALS, NominationView, read
from cards.nominations.views.decision_sheets import csv_response, waiting_for
from talentcard.core.api.files import FileNegotiation
from talentcard.core.api.idempotency import idempotent


class DecisionSheetFileView(NominationView):
    """The sheet to fill in."""

    permission_classes = [IsAuthenticated, IsReviewer]
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="nominations_decision_sheet_download",
        responses={(200, "text/csv"): OpenApiTypes.BINARY, 403: REFUSALS[403]},
    )
    def get(self, request: Request) -> HttpResponse:
        """Download what waits for your review, with columns for your decisions."""
        return csv_response(decision_sheets.write_sheet(waiting_for(self.actor())), name="decisions")


class DecisionSheetView(NominationView):
    """The sheet, filled in."""

    permission_classes = [IsAuthenticated, IsReviewer]
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="nominations_decision_sheet",
        parameters=[KEY],
        request=shapes.DecisionSheetInput,
        responses={200: shapes.SheetRowOutput(many=True), **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Say what would become of each row; with `apply`, decide: each row succeeds or fails on its own."""
        data = read(shapes.DecisionSheetInput, request)
        results = operations.decide_by_sheet(
            actor=self.actor(),
            decisions=decision_sheets.read_sheet(data["sheet"].read()),
            at=timezone.now(),
            is_rehearsal=not data["apply"],
        )
        return Response(shapes.SheetRowOutput(results, many=True).data)
