"""Steps left to another office."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.nominations import operations
from cards.nominations.api import serializers as shapes
from cards.nominations.api.views import KEY, REFUSALS, read
from cards.nominations.choices import Step
from talentcard.accounts.models import Delegation, User
from talentcard.accounts.rules import may_delegate
from talentcard.casework import queries as casework
from talentcard.core.api.idempotency import idempotent
from talentcard.core.errors import NotAllowed


class DelegationListView(ListAPIView):
    """What an office has left to others, and what was left to it."""

    serializer_class = shapes.DelegationOutput

    def get_queryset(self) -> QuerySet[Delegation]:
        if getattr(self, "swagger_fake_view", False):
            return Delegation.objects.none()
        return casework.delegations_seen_by(cast("User", self.request.user))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "at": timezone.now()}

    @extend_schema(operation_id="delegations_list", responses=shapes.DelegationOutput(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the delegations from and to your office, the latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="delegations_create",
        parameters=[KEY],
        request=shapes.DelegationInput,
        responses={201: shapes.DelegationOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Leave a step of the office you head to another, for a period."""
        actor, now = cast("User", request.user), timezone.now()
        if not may_delegate(actor):
            raise NotAllowed
        data = {"valid_from": now, **read(shapes.DelegationInput, request)}
        step = Step(data.pop("step"))
        delegation = operations.delegate_step(actor=actor, step=step, at=now, **data)
        return Response(shapes.DelegationOutput(delegation, context={"at": now}).data, status=201)


class DelegationTakeBackView(APIView):
    """The end of a delegation."""

    @extend_schema(
        operation_id="delegations_take_back",
        parameters=[KEY],
        request=None,
        responses={200: shapes.DelegationOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, delegation_id: UUID) -> Response:
        """Take a step back: unclaimed cases return to your office at once."""
        actor, now = cast("User", request.user), timezone.now()
        delegation = get_object_or_404(casework.delegations_seen_by(actor), pk=delegation_id)
        operations.take_step_back(actor=actor, delegation=delegation, at=now)
        fresh = casework.delegations_seen_by(actor).get(pk=delegation_id)
        return Response(shapes.DelegationOutput(fresh, context={"at": now}).data)
