"""Decisions in writing."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from talentcard.accounts.models import User
from talentcard.casework import operations
from talentcard.casework.api.decision_shapes import DecisionDetailOutput
from talentcard.casework.decision_views import pdf_response
from talentcard.casework.models import DecisionDocument
from talentcard.core.api.files import FileNegotiation
from talentcard.core.api.serializers import ErrorOutput
from talentcard.core.errors import NotAllowed

LANGUAGE = OpenApiParameter(
    "language",
    enum=[code for code, _name in settings.LANGUAGES],
    description="In which language; without it, in that of the request.",
)


class DecisionDetailView(APIView):
    """One decision."""

    @extend_schema(
        operation_id="decisions_retrieve",
        parameters=[LANGUAGE],
        responses={200: DecisionDetailOutput, 404: ErrorOutput},
        tags=["casework"],
    )
    def get(self, request: Request, decision_id: UUID) -> Response:
        """Show a decision that is addressed to you or belongs to a case you read."""
        document = _read(request, decision_id, form="json")
        return Response(DecisionDetailOutput(document, context={"language": _language(request)}).data)


class DecisionPdfView(APIView):
    """One decision, on paper."""

    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="decisions_pdf",
        parameters=[LANGUAGE],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 404: ErrorOutput},
        tags=["casework"],
    )
    def get(self, request: Request, decision_id: UUID) -> HttpResponse:
        """Download a decision as PDF."""
        return pdf_response(_read(request, decision_id, form="pdf"), language=_language(request))


def _read(request: Request, decision_id: UUID, *, form: str) -> DecisionDocument:
    document = DecisionDocument.objects.filter(pk=decision_id).first()
    if document is None:
        raise Http404
    try:
        return operations.read_decision(actor=cast("User", request.user), document=document, form=form)
    except NotAllowed:
        raise Http404 from None


def _language(request: Request) -> str:
    """Return the language that was asked for, if the service speaks it, else the request's."""
    wanted = request.query_params.get("language", "")
    return wanted if wanted in dict(settings.LANGUAGES) else translation.get_language() or "zh-hans"
