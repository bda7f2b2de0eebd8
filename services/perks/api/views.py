"""The catalogue, requests, and redemption."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from services.perks import operations, queries, redemption, registry, rules
from services.perks.api.redeemers import DeskSession, identify, redeemer_of
from services.perks.api.serializers import (
    DeclineInput,
    GrantInput,
    PerkOutput,
    RedemptionInput,
    RedemptionOutput,
    RequestDetailOutput,
    RequestInput,
    RequestOutput,
)
from services.perks.choices import RedemptionStatus
from services.perks.eligibility import evaluate
from services.perks.models import PerkRequest
from services.perks.registry import GrantForm
from talentcard.accounts.models import User
from talentcard.casework.api.rating_shapes import RatingInput
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput
from talentcard.core.errors import NotAllowed
from talentcard.core.forms import input_errors

NOT_FOUND = OpenApiResponse(ErrorOutput, description="No such request, or not one you may see.")
REFUSED = OpenApiResponse(ErrorOutput, description="The request does not stand where this step begins.")
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="Makes it safe to send again.")


class PerkList(APIView):
    """Show every perk."""

    @extend_schema(
        operation_id="perks_list",
        summary="List the perks and why each is open to you or not",
        responses=PerkOutput(many=True),
        tags=["perks"],
    )
    def get(self, request: Request) -> Response:
        """Judge every perk for the reader, those open first."""
        context = queries.context_of(queries.holder_of(_actor(request)), at=timezone.now())
        return Response(PerkOutput(queries.catalogue(context), many=True).data)


class PerkDetail(APIView):
    """Show a perk."""

    @extend_schema(
        operation_id="perks_retrieve",
        summary="Show a perk and why it is open to you or not",
        responses={200: PerkOutput, 404: ErrorOutput},
        tags=["perks"],
    )
    def get(self, request: Request, slug: str) -> Response:
        """Judge one perk for the reader."""
        context = queries.context_of(queries.holder_of(_actor(request)), at=timezone.now())
        return Response(PerkOutput(evaluate(perk=registry.get(slug), context=context)).data)


class RequestList(ListAPIView):
    """One's own requests, and the way to file one."""

    serializer_class = RequestOutput
    queryset = PerkRequest.objects.none()

    def get_queryset(self) -> QuerySet[PerkRequest]:
        """Return the reader's own requests, newest first."""
        return queries.requests_of(self.request.user)

    @extend_schema(operation_id="perk_requests_list", summary="List your own requests", tags=["perks"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the reader's own requests."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="perk_requests_create",
        summary="Ask for a perk",
        request=RequestInput,
        parameters=[KEY],
        responses={
            201: RequestDetailOutput,
            400: OpenApiResponse(ErrorOutput, description="`errors` names every field at fault."),
            403: OpenApiResponse(ErrorOutput, description="You are nobody in the registry."),
            404: OpenApiResponse(ErrorOutput, description="There is no such perk."),
            409: OpenApiResponse(ErrorOutput, description="It is not open to you; the message says why."),
        },
        tags=["perks"],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """File a request."""
        data = RequestInput(data=request.data)
        data.is_valid(raise_exception=True)
        actor, at = _actor(request), timezone.now()
        perk = registry.get(data.validated_data["perk"])
        holder = queries.holder_of(actor)
        if holder is None:
            raise NotAllowed
        context = queries.context_of(holder, at=at)
        eligibility = evaluate(perk=perk, context=context)
        if perk.request_form is None:
            raise operations.PerkNotRequested
        if not eligibility.is_open:
            raise operations.PerkNotOpen(eligibility)
        form = perk.request_form(data.validated_data["details"], context=context)
        if not form.is_valid():
            raise input_errors(form)
        entry = operations.submit_request(actor=actor, perk=perk.slug, details=form.cleaned_data, at=at)
        return Response(RequestDetailOutput(entry).data, status=201)


class RequestInbox(ListAPIView):
    """What waits for an officer."""

    serializer_class = RequestOutput
    queryset = PerkRequest.objects.none()

    def get_queryset(self) -> QuerySet[PerkRequest]:
        """Return the open requests of the reader's scope, the most urgent first."""
        if not rules.is_officer(self.request.user):
            raise NotAllowed
        return queries.inbox_of(self.request.user)

    @extend_schema(
        operation_id="perk_requests_inbox", summary="List the open requests of your scope", tags=["perk officers"]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what waits."""
        return super().get(request, *args, **kwargs)


class RequestDetail(APIView):
    """Show a request."""

    @extend_schema(
        operation_id="perk_requests_retrieve",
        summary="Show a request with its timeline",
        responses={200: RequestDetailOutput, 404: NOT_FOUND},
        tags=["perks"],
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Show a request to those who may read it."""
        entry = queries.requests().filter(pk=pk).first()
        if entry is None or not rules.may_see(_actor(request), entry):
            raise operations.RequestNotFound
        return _detail(entry)


class RequestAccept(APIView):
    """Take a request on."""

    @extend_schema(
        operation_id="perk_requests_accept",
        summary="Accept a request",
        request=None,
        responses={200: RequestDetailOutput, 403: ErrorOutput, 404: NOT_FOUND, 409: REFUSED},
        tags=["perk officers"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Accept."""
        return _detail(operations.accept_request(actor=_actor(request), request_id=pk, at=timezone.now()))


class RequestStart(APIView):
    """Begin to handle a request."""

    @extend_schema(
        operation_id="perk_requests_start",
        summary="Begin to handle a request",
        request=None,
        responses={200: RequestDetailOutput, 403: ErrorOutput, 404: NOT_FOUND, 409: REFUSED},
        tags=["perk officers"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Begin."""
        return _detail(operations.start_request(actor=_actor(request), request_id=pk, at=timezone.now()))


class RequestGrant(APIView):
    """Grant a request."""

    @extend_schema(
        operation_id="perk_requests_grant",
        summary="Grant a request",
        request=GrantInput,
        responses={200: RequestDetailOutput, 400: ErrorOutput, 403: ErrorOutput, 404: NOT_FOUND, 409: REFUSED},
        tags=["perk officers"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Grant, with what is granted."""
        data = GrantInput(data=request.data)
        data.is_valid(raise_exception=True)
        actor = _actor(request)
        entry = queries.requests().filter(pk=pk).first()
        if entry is None or not rules.may_see(actor, entry):
            raise operations.RequestNotFound
        if not rules.may_handle(actor, entry):
            raise NotAllowed
        form = (registry.get(entry.perk).grant_form or GrantForm)(data.validated_data["details"], request=entry)
        if not form.is_valid():
            raise input_errors(form)
        reason = data.validated_data["reason"]
        granted = operations.grant_request(
            actor=actor, request_id=pk, details=form.cleaned_data, reason=reason, at=timezone.now()
        )
        return _detail(granted)


class RequestDecline(APIView):
    """Decline a request."""

    @extend_schema(
        operation_id="perk_requests_decline",
        summary="Decline a request, saying why",
        request=DeclineInput,
        responses={200: RequestDetailOutput, 400: ErrorOutput, 403: ErrorOutput, 404: NOT_FOUND, 409: REFUSED},
        tags=["perk officers"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Decline."""
        data = DeclineInput(data=request.data)
        data.is_valid(raise_exception=True)
        return _detail(
            operations.decline_request(actor=_actor(request), request_id=pk, at=timezone.now(), **data.validated_data)
        )


class RequestWithdraw(APIView):
    """Take one's own request back."""

    @extend_schema(
        operation_id="perk_requests_withdraw",
        summary="Withdraw your request",
        request=None,
        responses={200: RequestDetailOutput, 403: ErrorOutput, 404: NOT_FOUND, 409: REFUSED},
        tags=["perks"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Withdraw."""
        return _detail(operations.withdraw_request(actor=_actor(request), request_id=pk, at=timezone.now()))


class RequestRate(APIView):
    """Rate how a request was handled."""

    @extend_schema(
        operation_id="perk_requests_rate",
        summary="Rate how you were served",
        request=RatingInput,
        responses={201: RequestDetailOutput, 400: ErrorOutput, 403: ErrorOutput, 404: NOT_FOUND, 409: REFUSED},
        tags=["perks"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Rate."""
        data = RatingInput(data=request.data)
        data.is_valid(raise_exception=True)
        entry = operations.rate_request(actor=_actor(request), request_id=pk, at=timezone.now(), **data.validated_data)
        return Response(RequestDetailOutput(entry).data, status=201)


class RedemptionCreate(APIView):
    """Redeem a use at a desk."""

    authentication_classes = [DeskSession]
    permission_classes = []

    @extend_schema(
        operation_id="redemptions_create",
        summary="Redeem a use: verify the card and charge the quota in one transaction",
        description=(
            "For partners' systems (OAuth2 client credentials with the scope `redeem`) and for people at a desk. "
            "Without `confirm` nothing is used: the answer shows what would happen. With it, a use is redeemed once, "
            "however often the nonce is sent. A refusal is an answer too: branch on `status`."
        ),
        request=RedemptionInput,
        responses={
            200: OpenApiResponse(RedemptionOutput, description="Shown, not used (`ready`)."),
            201: OpenApiResponse(RedemptionOutput, description="Redeemed, now or by the first request of this nonce."),
            400: OpenApiResponse(ErrorOutput, description="`errors` names every field at fault."),
            401: OpenApiResponse(ErrorOutput, description="No valid token or session."),
            403: OpenApiResponse(
                ErrorOutput, description="Not a partner, not your desk, or the token lacks the scope."
            ),
            404: OpenApiResponse(ErrorOutput, description="There is no such perk."),
            409: OpenApiResponse(RedemptionOutput, description="Refused; `reason` and `message` say why."),
            422: OpenApiResponse(ErrorOutput, description="The nonce was used for a different redemption."),
        },
        auth=[{"oauth2": ["redeem"]}, {"cookieAuth": []}],  # type: ignore[list-item]  # OpenAPI's own shape
        tags=["redemptions"],
    )
    def post(self, request: Request) -> Response:
        """Show what redeeming would do, or do it."""
        who = identify(request)
        data = RedemptionInput(data=request.data)
        data.is_valid(raise_exception=True)
        redeemer = redeemer_of(who, desk_id=data.validated_data.get("desk"))
        values = {name: data.validated_data[name] for name in ("code", "perk", "quantity", "nonce")}
        act = redemption.redeem if data.validated_data["confirm"] else redemption.preview_redemption
        found = act(redeemer=redeemer, at=timezone.now(), **values)
        status = {RedemptionStatus.READY: 200, RedemptionStatus.REDEEMED: 201, RedemptionStatus.REFUSED: 409}
        return Response(RedemptionOutput(found).data, status=status[found.status])


def _actor(request: Request) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed
    return request.user


def _detail(entry: PerkRequest) -> Response:
    return Response(RequestDetailOutput(entry).data)
