"""Appeals: lodged by a case's parties, decided by officers who have not handled it."""

from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cards.nominations import operations, rules
from cards.nominations.api import serializers as shapes
from cards.nominations.api.permissions import IsReviewer
from cards.nominations.api.views import KEY, REFUSALS, NominationView, read
from cards.nominations.models import Appeal, AppealDocument, Nomination
from talentcard.core.api.files import FileNegotiation
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput
from talentcard.documents.responses import private_file


class _AppealView(NominationView):
    def find_appeal(self, nomination: Nomination) -> Appeal:
        """Return a case's appeal."""
        appeal = rules.appeal_of(nomination)
        if appeal is None:
            raise Http404
        return appeal

    def show_appeal(self, appeal: Appeal, *, code: int = status.HTTP_200_OK) -> Response:
        """Answer with an appeal, as much of it as the reader may know."""
        return Response(shapes.AppealOutput(appeal, context={"request": self.request}).data, status=code)


class AppealView(_AppealView):
    """The appeal against a case's refusal."""

    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(operation_id="nominations_appeal", responses={200: shapes.AppealOutput, 404: ErrorOutput})
    def get(self, request: Request, nomination_id: UUID) -> Response:
        """Show the appeal, as much of it as the reader may know."""
        return self.show_appeal(self.find_appeal(self.find(nomination_id)))

    @extend_schema(
        operation_id="nominations_appeal_lodge",
        parameters=[KEY],
        request=shapes.AppealInput,
        responses={201: shapes.AppealOutput, **REFUSALS, 503: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Appeal against a refusal, once and in time, as its nominator or its nominee."""
        nomination = self.find(nomination_id)
        data = read(shapes.AppealInput, request)
        appeal = operations.lodge_appeal(
            actor=self.actor(),
            nomination=nomination,
            text=data["text"],
            uploads=data["documents"],
            at=timezone.now(),
        )
        return self.show_appeal(appeal, code=status.HTTP_201_CREATED)


class AppealDecideView(_AppealView):
    """Decide an appeal."""

    permission_classes = [IsAuthenticated, IsReviewer]

    @extend_schema(
        operation_id="nominations_appeal_decide",
        parameters=[KEY],
        request=shapes.AppealDecisionInput,
        responses={200: shapes.NominationDetailOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Uphold an appeal, which sends the case back to its review, or dismiss it, which is final."""
        nomination = self.find(nomination_id)
        data = read(shapes.AppealDecisionInput, request)
        operations.decide_appeal(
            actor=self.actor(),
            appeal=self.find_appeal(nomination),
            is_upheld=data["is_upheld"],
            reason=data["reason"],
            item_id=data["item"],
            at=timezone.now(),
        )
        return self.show(nomination)


class AppealDocumentView(_AppealView):
    """A document of an appeal."""

    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="nominations_appeal_document",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 403: ErrorOutput, 404: ErrorOutput},
    )
    def get(self, request: Request, nomination_id: UUID, entry_id: UUID) -> FileResponse:
        """Download a document of an appeal."""
        nomination = self.find(nomination_id)
        entries = AppealDocument.objects.select_related("document", "appeal")
        entry = get_object_or_404(entries, pk=entry_id, appeal__nomination=nomination)
        document = operations.read_appeal_document(actor=self.actor(), nomination=nomination, entry=entry)
        return private_file(document)
