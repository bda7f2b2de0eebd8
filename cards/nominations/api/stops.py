"""What stops a case: possible duplicates, and its end under public notice."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cards.nominations import operations, queries, rules
from cards.nominations.api import serializers as shapes
from cards.nominations.api.permissions import IsReviewer
from cards.nominations.api.views import KEY, REFUSALS, NominationView, read
from cards.nominations.models import Nomination
from cards.talents.models import Talent
from talentcard.core.api.idempotency import idempotent
from talentcard.core.errors import NotAllowed


class StopView(NominationView):
    """What the endpoints about a stopped case share: only officers of its scope get here, and who audits them."""

    def find_readable(self, nomination_id: UUID) -> Nomination:
        """Return a case if the user may read what stops it."""
        nomination = self.find(nomination_id)
        if not rules.may_read_obstacles(self.request.user, nomination):
            raise NotAllowed
        return nomination


class DuplicateListView(StopView):
    """Who may be the same person as the nominee."""

    @extend_schema(
        operation_id="nominations_duplicates_list",
        responses={200: shapes.LookAlikeOutput(many=True), 403: REFUSALS[403], 404: REFUSALS[404]},
    )
    def get(self, request: Request, nomination_id: UUID) -> Response:
        """Show who bears the nominee's name and birth date under another document, and what was decided about it."""
        found = queries.look_alikes_of(self.find_readable(nomination_id))
        return Response(shapes.LookAlikeOutput(found, many=True).data)


class DuplicateDecideView(StopView):
    """One person, or two."""

    permission_classes = [IsAuthenticated, IsReviewer]

    @extend_schema(
        operation_id="nominations_duplicate_decide",
        parameters=[KEY],
        request=shapes.DuplicateDecisionInput,
        responses={200: shapes.LookAlikeOutput(many=True), **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID, other_id: UUID) -> Response:
        """Decide whether a look-alike is the nominee; the case goes on only when all are decided."""
        nomination = self.find_readable(nomination_id)
        data = read(shapes.DuplicateDecisionInput, request)
        other = get_object_or_404(Talent, pk=other_id)
        operations.decide_duplicate(actor=self.actor(), nomination=nomination, other=other, at=timezone.now(), **data)
        return Response(shapes.LookAlikeOutput(queries.look_alikes_of(self.find(nomination_id)), many=True).data)


class StoppedRejectView(StopView):
    """The end of a case under notice."""

    permission_classes = [IsAuthenticated, IsReviewer]

    @extend_schema(
        operation_id="nominations_reject_stopped",
        parameters=[KEY],
        request=shapes.StoppedRejectionInput,
        responses={200: shapes.NominationDetailOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Reject a case under public notice for what stops it; at a review, reject it by the review."""
        nomination = self.find_readable(nomination_id)
        data = read(shapes.StoppedRejectionInput, request)
        return self.show(
            operations.reject_stopped(actor=self.actor(), nomination=nomination, at=timezone.now(), **data)
        )
