"""Cards: read, show, change. Parse, permit, one operation, render."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.issuance import operations, qr, queries
from cards.issuance.api.permissions import IsHolder, MayManageCard, MaySeeCode
from cards.issuance.api.serializers import CardDetailOutput, CardFilterInput, CardOutput, LossInput, ReasonInput
from cards.issuance.models import CardEdition, TalentCard
from talentcard.accounts.models import User
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput

REFUSALS = {400: ErrorOutput, 403: ErrorOutput, 404: ErrorOutput, 409: ErrorOutput}
PNG = {(200, "image/png"): OpenApiTypes.BINARY, 403: ErrorOutput, 404: ErrorOutput}
SVG = {(200, "image/svg+xml"): OpenApiTypes.BINARY, 403: ErrorOutput, 404: ErrorOutput}


class CardView(APIView):
    """What every endpoint of one card shares: finding it, among those that the user may see."""

    def find_card(self, card_id: UUID) -> TalentCard:
        """Return a card that the user may see and, by the view's permissions, act on."""
        visible = queries.cards_visible_to(self.request.user).prefetch_related("transitions")
        card = get_object_or_404(visible, pk=card_id)
        self.check_object_permissions(self.request, card)
        return card


class CardListView(ListAPIView):
    """The cards a user may find: one's own; for officers those of their tiers; for auditors all."""

    serializer_class = CardOutput

    def get_queryset(self) -> QuerySet[TalentCard]:
        if getattr(self, "swagger_fake_view", False):
            return TalentCard.objects.none()
        wanted = CardFilterInput(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        return queries.narrow(queries.cards_listed_for(self.request.user), **wanted.validated_data)

    @extend_schema(operation_id="cards_list", parameters=[CardFilterInput], responses=CardOutput(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class MyCardView(APIView):
    """The signed-in holder's card: the live one, else the one that ended last."""

    @extend_schema(operation_id="cards_mine", responses={200: CardDetailOutput, 404: ErrorOutput})
    def get(self, request: Request) -> Response:
        card = queries.card_of_user(request.user)
        if card is None:
            raise Http404
        return Response(CardDetailOutput(card).data)


class CardDetailView(CardView):
    """One card."""

    @extend_schema(operation_id="cards_retrieve", responses={200: CardDetailOutput, 404: ErrorOutput})
    def get(self, request: Request, card_id: UUID) -> Response:
        return Response(CardDetailOutput(self.find_card(card_id)).data)


def _change(operation_id: str) -> Any:
    return extend_schema(operation_id=operation_id, request=ReasonInput, responses={200: CardDetailOutput, **REFUSALS})


class CardChangeView(CardView):
    """A change of status by an officer, with a reason."""

    permission_classes = [IsAuthenticated, MayManageCard]
    operation_name: ClassVar[str]

    @idempotent
    def post(self, request: Request, card_id: UUID) -> Response:
        card = self.find_card(card_id)
        given = ReasonInput(data=request.data)
        given.is_valid(raise_exception=True)
        operation = getattr(operations, self.operation_name)
        changed = operation(actor=request.user, card=card, at=timezone.now(), **given.validated_data)
        return Response(CardDetailOutput(changed).data)


@extend_schema_view(post=_change("cards_suspend"))
class CardSuspendView(CardChangeView):
    """Suspend a card."""

    operation_name = "suspend_card"


@extend_schema_view(post=_change("cards_reinstate"))
class CardReinstateView(CardChangeView):
    """Put a suspended card in force again."""

    operation_name = "reinstate_card"


@extend_schema_view(post=_change("cards_revoke"))
class CardRevokeView(CardChangeView):
    """Revoke a card for good."""

    operation_name = "revoke_card"


@extend_schema_view(post=_change("cards_return"))
class CardReturnView(CardChangeView):
    """End a card that its holder gave back."""

    operation_name = "return_card"


class CardLossView(CardView):
    """The holder's report that the card is lost."""

    permission_classes = [IsAuthenticated, IsHolder]

    @extend_schema(operation_id="cards_report_loss", request=LossInput, responses={200: CardDetailOutput, **REFUSALS})
    @idempotent
    def post(self, request: Request, card_id: UUID) -> Response:
        card = self.find_card(card_id)
        changed = operations.report_loss(actor=cast(User, request.user), card=card, at=timezone.now())
        return Response(CardDetailOutput(changed).data)


class AnyAccept(BaseContentNegotiation):
    """Take any `Accept`: the address says the type, and an <img> asks for images only."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""


class CardImageView(CardView):
    """The code as an image. Whoever has it can show it at a desk, so nothing between keeps it."""

    permission_classes = [IsAuthenticated, MaySeeCode]
    content_negotiation_class = AnyAccept

    def find_edition(self, card_id: UUID) -> CardEdition:
        """Return the edition whose code is the card's proof."""
        edition = queries.edition_in_force(self.find_card(card_id))
        if edition is None:
            raise Http404
        return edition


class CardPngView(CardImageView):
    @extend_schema(operation_id="cards_qr_png", responses=PNG)
    def get(self, request: Request, card_id: UUID) -> HttpResponseBase:
        """Return the image as it was made and checked."""
        return _private(FileResponse(self.find_edition(card_id).image.open("rb"), content_type="image/png"))


class CardSvgView(CardImageView):
    @extend_schema(operation_id="cards_qr_svg", responses=SVG)
    def get(self, request: Request, card_id: UUID) -> HttpResponseBase:
        """Return the image for print, drawn from the same code."""
        return _private(HttpResponse(qr.render_svg(self.find_edition(card_id).code), content_type="image/svg+xml"))


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
