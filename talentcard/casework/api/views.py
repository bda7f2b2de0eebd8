"""Work items and absences. Parse, permit, one operation, render."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from talentcard.accounts.models import User
from talentcard.accounts.rules import is_head
from talentcard.casework import operations, queries, rules
from talentcard.casework.api.serializers import AbsenceInput, AbsenceOutput, HandOverInput, WorkItemOutput
from talentcard.casework.models import Absence, WorkItem
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput

REFUSALS = {400: ErrorOutput, 403: ErrorOutput, 404: ErrorOutput, 409: ErrorOutput}
SHOW = OpenApiParameter(
    "show",
    enum=["inbox", "others", "office"],
    description="What waits for you (default), what colleagues of your scope have, or all of the office you head.",
)


class WorkItemListView(ListAPIView):
    """What waits for the caller, across all desks."""

    serializer_class = WorkItemOutput

    def get_queryset(self) -> QuerySet[WorkItem]:
        if getattr(self, "swagger_fake_view", False):
            return WorkItem.objects.none()
        user, at = cast("User", self.request.user), timezone.now()
        show = self.request.query_params.get("show", "inbox")
        if show == "office":
            return queries.of_office(user, at=at) if is_head(user) else WorkItem.objects.none()
        items = queries.held_by_others(user, at=at) if show == "others" else queries.inbox(user, at=at)
        return items.select_related("assignee")

    @extend_schema(operation_id="work_items_list", parameters=[SHOW], tags=["casework"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what waits, the nearest deadline first."""
        return super().get(request, *args, **kwargs)


class _ItemView(APIView):
    def find(self, item_id: UUID) -> WorkItem:
        item = get_object_or_404(WorkItem.objects.select_related("assignee"), pk=item_id)
        if not rules.may_see(self.request.user, item):
            raise Http404
        return item

    def show(self, item: WorkItem) -> Response:
        return Response(WorkItemOutput(item).data)


class WorkItemClaimView(_ItemView):
    """Take an item on."""

    @extend_schema(
        operation_id="work_items_claim", request=None, responses={200: WorkItemOutput, **REFUSALS}, tags=["casework"]
    )
    @idempotent
    def post(self, request: Request, item_id: UUID) -> Response:
        """Take an item on; one that you have already stays as it is."""
        return self.show(operations.claim(actor=_actor(request), item=self.find(item_id), at=timezone.now()))


class WorkItemReleaseView(_ItemView):
    """Put an item back."""

    @extend_schema(
        operation_id="work_items_release", request=None, responses={200: WorkItemOutput, **REFUSALS}, tags=["casework"]
    )
    @idempotent
    def post(self, request: Request, item_id: UUID) -> Response:
        """Put an item back for all officers of its scope."""
        return self.show(operations.release(actor=_actor(request), item=self.find(item_id), at=timezone.now()))


class WorkItemHandOverView(_ItemView):
    """Give an item to somebody."""

    @extend_schema(
        operation_id="work_items_hand_over",
        request=HandOverInput,
        responses={200: WorkItemOutput, **REFUSALS},
        tags=["casework"],
    )
    @idempotent
    def post(self, request: Request, item_id: UUID) -> Response:
        """Give your item, or one that lies with the office you head, to an officer who may act on it."""
        data = HandOverInput(data=request.data)
        data.is_valid(raise_exception=True)
        item = self.find(item_id)
        return self.show(
            operations.hand_over(actor=_actor(request), item=item, at=timezone.now(), **data.validated_data)
        )


class AbsenceListView(APIView):
    """When people are away."""

    @extend_schema(operation_id="absences_list", responses=AbsenceOutput(many=True), tags=["casework"])
    def get(self, request: Request) -> Response:
        """List your coming absences, and as head those of your office."""
        people = queries.may_declare_for(_actor(request))
        return Response(AbsenceOutput(queries.coming_absences(people, at=timezone.now()), many=True).data)

    @extend_schema(
        operation_id="absences_create",
        request=AbsenceInput,
        responses={201: AbsenceOutput, **REFUSALS},
        tags=["casework"],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Enter days on which you, or somebody of the office you head, are away."""
        actor = _actor(request)
        data = AbsenceInput(data=request.data, context={"actor": actor})
        data.is_valid(raise_exception=True)
        absence = operations.declare_absence(actor=actor, at=timezone.now(), **{"user": actor, **data.validated_data})
        return Response(AbsenceOutput(absence).data, status=201)


class AbsenceDetailView(APIView):
    """One absence."""

    @extend_schema(operation_id="absences_cancel", responses={204: None, **REFUSALS}, tags=["casework"])
    def delete(self, request: Request, absence_id: UUID) -> Response:
        """Take an absence back; of one that has begun, the days that are left."""
        actor = _actor(request)
        absence = get_object_or_404(Absence, pk=absence_id, user__in=queries.may_declare_for(actor))
        operations.cancel_absence(actor=actor, absence=absence, at=timezone.now())
        return Response(status=204)


def _actor(request: Request) -> User:
    return cast("User", request.user)
