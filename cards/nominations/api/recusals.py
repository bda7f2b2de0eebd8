"""Officers who take no part in a person's cases."""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.nominations import direct_rules, operations, queries, rules
from cards.nominations.api import serializers as shapes
from cards.nominations.api.direct import DirectIssueView
from cards.nominations.api.views import KEY, REFUSALS, NominationView, read
from cards.nominations.models import DirectIssue, Nomination, Recusal
from talentcard.accounts.models import User
from talentcard.accounts.rules import is_head
from talentcard.casework.queries import possible_deputies
from talentcard.core.api.idempotency import idempotent
from talentcard.core.errors import InvalidInput, NotAllowed


class RecusalListView(ListAPIView):
    """Who takes no part in whose cases."""

    serializer_class = shapes.RecusalOutput

    def get_queryset(self) -> QuerySet[Recusal]:
        if getattr(self, "swagger_fake_view", False):
            return Recusal.objects.none()
        return queries.recusals_seen_by(cast("User", self.request.user))

    @extend_schema(operation_id="recusals_list", responses=shapes.RecusalOutput(many=True))
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """List your own recusals, as head those of your office, as auditor all; the latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="recusals_create",
        parameters=[KEY],
        request=shapes.OfficeRecusalInput,
        responses={201: shapes.RecusalOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Declare a tie of one of your people, as the head of the office."""
        actor = cast("User", request.user)
        if not is_head(actor):
            raise NotAllowed
        data = read(shapes.OfficeRecusalInput, request)
        officer = possible_deputies(actor).filter(username=data["officer"]).first()
        if officer is None:
            raise InvalidInput.of("officer", "unknown_officer", _("Nobody of your office has this user name."))
        return _declare(actor, officer, queries.case_numbered(data["number"]), data["relation"], data["reason"])


class RecusalWithdrawView(APIView):
    """The end of a recusal."""

    @extend_schema(
        operation_id="recusals_withdraw",
        parameters=[KEY],
        request=None,
        responses={200: shapes.RecusalOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, recusal_id: UUID) -> Response:
        """Withdraw a recusal of one of your people, as the head of the office."""
        actor = cast("User", request.user)
        recusal = get_object_or_404(queries.recusals_seen_by(actor), pk=recusal_id)
        operations.withdraw_recusal(actor=actor, recusal=recusal, at=timezone.now())
        return _show(actor, recusal, 200)


class NominationRecusalView(NominationView):
    """Your own tie to a case's nominee."""

    @extend_schema(
        operation_id="nominations_recuse",
        parameters=[KEY],
        request=shapes.RecusalInput,
        responses={201: shapes.RecusalOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Declare that you are too near to the nominee: you take no part in any of the person's cases from now on."""
        nomination = self.find(nomination_id)
        if not rules.may_recuse(request.user, nomination):
            raise NotAllowed
        return _declare(self.actor(), self.actor(), nomination, **read(shapes.RecusalInput, request))


class DirectRecusalView(DirectIssueView):
    """Your own tie to the person of a direct issue."""

    @extend_schema(
        operation_id="direct_issues_recuse",
        parameters=[KEY],
        request=shapes.RecusalInput,
        responses={201: shapes.RecusalOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, case_id: UUID) -> Response:
        """Declare that you are too near to the person: you take no part in any of the person's cases from now on."""
        case = self.find(case_id)
        if not direct_rules.in_scope(request.user, case):
            raise NotAllowed
        return _declare(self.actor(), self.actor(), case, **read(shapes.RecusalInput, request))


def _declare(actor: User, officer: User, case: Nomination | DirectIssue, relation: str, reason: str) -> Response:
    recusal = operations.declare_recusal(
        actor=actor, officer=officer, case=case, relation=relation, reason=reason, at=timezone.now()
    )
    return _show(actor, recusal, 201)


def _show(actor: User, recusal: Recusal, status: int) -> Response:
    return Response(shapes.RecusalOutput(queries.recusals_seen_by(actor).get(pk=recusal.pk)).data, status=status)
