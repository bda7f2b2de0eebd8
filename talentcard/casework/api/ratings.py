"""Ratings: read one, answer a bad one, count them."""

from typing import cast
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from talentcard.accounts.models import User
from talentcard.casework import operations, rating_queries, rules
from talentcard.casework.api.rating_shapes import RatingAnswerInput, RatingOutput, SatisfactionOutput
from talentcard.casework.forms import PeriodForm
from talentcard.casework.models import Rating
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput
from talentcard.core.errors import NotAllowed
from talentcard.core.forms import input_errors

REFUSALS = {400: ErrorOutput, 403: ErrorOutput, 404: ErrorOutput, 409: ErrorOutput}
PERIOD = [
    OpenApiParameter("since", type={"type": "string", "format": "date"}, description="First day; else 30 days ago."),
    OpenApiParameter("until", type={"type": "string", "format": "date"}, description="Last day; else today."),
]


class _RatingView(APIView):
    def find(self, rating_id: UUID) -> Rating:
        rating = Rating.objects.filter(pk=rating_id).first()
        if rating is None or not rules.may_read_rating(self.request.user, rating):
            raise Http404
        return rating


class RatingDetailView(_RatingView):
    """One rating."""

    @extend_schema(operation_id="ratings_retrieve", responses={200: RatingOutput, 404: ErrorOutput}, tags=["casework"])
    def get(self, request: Request, rating_id: UUID) -> Response:
        """Show a rating to who gave it, to the head of the office it is about, and to the auditor."""
        return Response(RatingOutput(self.find(rating_id)).data)


class RatingAnswerView(_RatingView):
    """What was done about a bad rating."""

    @extend_schema(
        operation_id="ratings_answer",
        request=RatingAnswerInput,
        responses={200: RatingOutput, **REFUSALS},
        tags=["casework"],
    )
    @idempotent
    def post(self, request: Request, rating_id: UUID) -> Response:
        """Record what was done, as the head of the office; who rated it is told."""
        data = RatingAnswerInput(data=request.data)
        data.is_valid(raise_exception=True)
        rating = operations.answer_rating(
            actor=cast("User", request.user), rating=self.find(rating_id), at=timezone.now(), **data.validated_data
        )
        return Response(RatingOutput(rating).data)


class SatisfactionView(APIView):
    """How satisfied people are."""

    @extend_schema(
        operation_id="ratings_satisfaction",
        parameters=PERIOD,
        responses={200: SatisfactionOutput, 400: ErrorOutput, 403: ErrorOutput},
        tags=["casework"],
    )
    def get(self, request: Request) -> Response:
        """Count the ratings of your office, or as auditor of all, by the day they were given."""
        user = cast("User", request.user)
        if not rules.may_read_satisfaction(user):
            raise NotAllowed
        form = PeriodForm(request.query_params, at=timezone.now())
        if not form.is_valid():
            raise input_errors(form)
        return Response(SatisfactionOutput(rating_queries.satisfaction_seen_by(user, **form.span)).data)
