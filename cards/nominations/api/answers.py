"""Experts and consent: named and followed by who files a case, answered by who bears a link."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.nominations import operations, queries
from cards.nominations.api import serializers as shapes
from cards.nominations.api.limits import AnswerThrottle
from cards.nominations.api.permissions import IsFiler
from cards.nominations.api.views import KEY, REFUSALS, NominationView, read
from cards.nominations.models import AnswerRequest, Nomination, RecognisedExpert
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput

ANSWERED = {400: ErrorOutput, 404: ErrorOutput, 429: ErrorOutput}


class ExpertSearchView(NominationView, ListAPIView):
    """The register, searched."""

    permission_classes = [IsAuthenticated, IsFiler]
    serializer_class = shapes.ExpertOutput
    pagination_class = None

    def get_queryset(self) -> QuerySet[RecognisedExpert]:
        return queries.find_experts(self.request.query_params.get("q", ""), at=timezone.now())

    @extend_schema(
        operation_id="experts_search",
        parameters=[OpenApiParameter("q", required=True, description="A part of the name or of the field.")],
        responses=shapes.ExpertOutput(many=True),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Find recognised experts by name or field: the first twenty; the register is never listed."""
        return super().get(request, *args, **kwargs)


class AskedListView(NominationView):
    """Whom a case asks."""

    @extend_schema(operation_id="nominations_asked", responses={200: shapes.AskedOutput(many=True), 404: ErrorOutput})
    def get(self, request: Request, nomination_id: UUID) -> Response:
        """Show the experts and the nominee's consent, and who has answered, as far as you may know."""
        return self.list_asked(self.find(nomination_id))

    @extend_schema(
        operation_id="nominations_expert_name",
        parameters=[KEY],
        request=shapes.ExpertNameInput,
        responses={201: shapes.AskedOutput(many=True), **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Name an expert who is to confirm the nomination."""
        nomination = self.find(nomination_id)
        data = read(shapes.ExpertNameInput, request)
        expert = get_object_or_404(RecognisedExpert.objects.select_related("organisation", "talent"), pk=data["expert"])
        operations.name_expert(actor=self.actor(), nomination=nomination, expert=expert, at=timezone.now())
        return self.list_asked(nomination, code=status.HTTP_201_CREATED)

    def list_asked(self, nomination: Nomination, *, code: int = status.HTTP_200_OK) -> Response:
        """Answer with what a case asks of whom."""
        states = queries.answers_of(nomination, self.request.user)
        return Response(shapes.AskedOutput(states, many=True).data, status=code)


class AskedDetailView(NominationView):
    """One of those whom a case asks."""

    @extend_schema(operation_id="nominations_expert_drop", responses={204: None, **REFUSALS})
    def delete(self, request: Request, nomination_id: UUID, request_id: UUID) -> Response:
        """Take back that an expert was named, who has not answered."""
        asked = find_request(self.find(nomination_id), request_id)
        operations.drop_expert(actor=self.actor(), request=asked, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class LinkResendView(NominationView):
    """A new link."""

    @extend_schema(
        operation_id="nominations_link_resend",
        parameters=[KEY],
        request=None,
        responses={204: None, **REFUSALS, 429: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID, request_id: UUID) -> Response:
        """Send somebody who has not answered a new link; the former one no longer works."""
        asked = find_request(self.find(nomination_id), request_id)
        operations.resend_link(actor=self.actor(), request=asked, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class LinkView(APIView):
    """What both endpoints of a link share: they are open to anybody who bears one."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [AnswerThrottle]


class QuestionView(LinkView):
    """What is asked."""

    @extend_schema(
        operation_id="answers_question",
        request=shapes.LinkInput,
        responses={200: shapes.QuestionOutput, **ANSWERED},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Show what the bearer of a link is asked; it changes nothing, and keeps the link out of addresses and logs."""
        link = queries.usable_link(read(shapes.LinkInput, request)["token"], at=timezone.now())
        if link is None:
            raise operations.LinkDead
        return private(Response(shapes.QuestionOutput(link).data))


class AnswerView(LinkView):
    """The answer."""

    @extend_schema(
        operation_id="answers_create",
        request=shapes.AnswerInput,
        responses={201: shapes.AnswerReceiptOutput, **ANSWERED, 409: ErrorOutput},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Answer by a link, once: an expert confirms or declines, the nominee consents or refuses."""
        answered = operations.answer_by_link(**read(shapes.AnswerInput, request), at=timezone.now())
        return private(Response(shapes.AnswerReceiptOutput(answered).data, status=status.HTTP_201_CREATED))


def private(response: Response) -> Response:
    """Keep an answer to the bearer of a link out of caches."""
    response["Cache-Control"] = "no-store"
    return response


def find_request(nomination: Nomination, request_id: UUID) -> AnswerRequest:
    """Return what a case that the user may read asks of somebody."""
    return get_object_or_404(nomination.answer_requests.select_related("nomination"), pk=request_id)
