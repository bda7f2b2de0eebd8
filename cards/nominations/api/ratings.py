"""How a case was handled: its parties say so."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cards.nominations import operations, queries
from cards.nominations.api.views import KEY, REFUSALS, NominationView, read
from talentcard.casework.api.rating_shapes import RatingInput, RatingOutput
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput


class NominationRatingView(NominationView):
    """Your rating of a case."""

    @extend_schema(operation_id="nominations_rating", responses={200: RatingOutput, 404: ErrorOutput})
    def get(self, request: Request, nomination_id: UUID) -> Response:
        """Show how you rated a case, and what was done about a low rating."""
        rating = queries.rating_by(request.user, self.find(nomination_id))
        if rating is None:
            raise Http404
        return Response(RatingOutput(rating).data)

    @extend_schema(
        operation_id="nominations_rate",
        parameters=[KEY],
        request=RatingInput,
        responses={201: RatingOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Rate a case that has ended, once, as its nominator, its nominee or the clerk who filed it."""
        nomination = self.find(nomination_id)
        data = read(RatingInput, request)
        rating = operations.rate_nomination(actor=self.actor(), nomination=nomination, at=timezone.now(), **data)
        return Response(RatingOutput(rating).data, status=status.HTTP_201_CREATED)
