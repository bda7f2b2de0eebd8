"""Cases: the officers' side."""

from collections.abc import Callable
from typing import Any
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
from cards.nominations.choices import Outcome, Step
from cards.nominations.models import Nomination, Objection
from cards.nominations.operations import MissingItem
from talentcard.core.api.idempotency import idempotent
from talentcard.core.errors import NotAllowed


def decision_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return a review's input as the operations take it."""
    return {
        "outcome": Outcome(data["outcome"]),
        "reason": data["reason"],
        "missing": [MissingItem(field=item["field"], note=item["note"]) for item in data["missing"]],
        **({"agrees": data["agrees"]} if "agrees" in data else {}),
    }


class _ReviewView(NominationView):
    permission_classes = [IsAuthenticated, IsReviewer]

    shape: type[shapes.ReviewInput] = shapes.ReviewInput

    def review(self, request: Request, nomination_id: UUID, decide: Callable[..., Nomination]) -> Response:
        nomination = self.find(nomination_id)
        data = read(self.shape, request)
        decision = {**decision_of(data), "item_id": data["item"]}
        return self.show(decide(actor=self.actor(), nomination=nomination, at=timezone.now(), **decision))


class PreliminaryReviewView(_ReviewView):
    """初审."""

    @extend_schema(
        operation_id="nominations_preliminary_review",
        parameters=[KEY],
        request=shapes.ReviewInput,
        responses={200: shapes.NominationDetailOutput, **REFUSALS, 409: shapes.ReviewRefusedOutput},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Make the preliminary review: pass on, return, or reject."""
        return self.review(request, nomination_id, operations.review_preliminary)


class SecondReviewView(_ReviewView):
    """复核."""

    shape = shapes.SecondReviewInput

    @extend_schema(
        operation_id="nominations_second_review",
        parameters=[KEY],
        request=shapes.SecondReviewInput,
        responses={200: shapes.NominationDetailOutput, **REFUSALS, 409: shapes.ReviewRefusedOutput},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Make the second review: approve, after a public notice where the basis asks for one; return; or reject."""
        return self.review(request, nomination_id, operations.review_second)


class BulkReviewView(NominationView):
    """Many cases, one decision."""

    permission_classes = [IsAuthenticated, IsReviewer]

    @extend_schema(
        operation_id="nominations_bulk_review",
        parameters=[KEY],
        request=shapes.BulkReviewInput,
        responses={200: shapes.BulkRowOutput(many=True), **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Decide many cases alike; each succeeds or fails on its own, and the answer says which."""
        data = read(shapes.BulkReviewInput, request)
        results = operations.decide_many(
            actor=self.actor(),
            step=Step(data["step"]),
            nomination_ids=data["ids"],
            at=timezone.now(),
            **decision_of(data),
        )
        return Response(shapes.BulkRowOutput(results, many=True).data)


class ObjectionListView(NominationView):
    """What is objected to a case."""

    @extend_schema(
        operation_id="nominations_objections_list",
        responses={200: shapes.ObjectionOutput(many=True), 403: REFUSALS[403], 404: REFUSALS[404]},
    )
    def get(self, request: Request, nomination_id: UUID) -> Response:
        """Show the objections to the officers who handle them."""
        nomination = self.find(nomination_id)
        if not rules.may_read_objections(request.user, nomination):
            raise NotAllowed
        return Response(shapes.ObjectionOutput(queries.objections_to(nomination), many=True).data)


class ObjectionResolveView(NominationView):
    """Decide an objection."""

    permission_classes = [IsAuthenticated, IsReviewer]

    @extend_schema(
        operation_id="nominations_objection_resolve",
        parameters=[KEY],
        request=shapes.ResolutionInput,
        responses={200: shapes.ObjectionOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, objection_id: UUID) -> Response:
        """Uphold an objection, which rejects the nomination, or dismiss it."""
        data = read(shapes.ResolutionInput, request)
        visible = Objection.objects.filter(notice__nomination__in=queries.visible_to(request.user).values("pk"))
        objection = get_object_or_404(visible.select_related("notice__nomination"), pk=objection_id)
        objection = operations.resolve_objection(
            actor=self.actor(),
            objection=objection,
            is_upheld=data["is_upheld"],
            reason=data["reason"],
            at=timezone.now(),
        )
        return Response(shapes.ObjectionOutput(objection).data)
