"""The rules of cards as DRF asks them; a card that may not be seen is not found at all."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from cards.issuance import rules
from cards.issuance.models import TalentCard


class MayManageCard(BasePermission):
    """Officers of the card's tier."""

    def has_object_permission(self, request: Request, view: APIView, obj: TalentCard) -> bool:
        return rules.may_manage_card(request.user, obj)


class IsHolder(BasePermission):
    """The card's own holder."""

    def has_object_permission(self, request: Request, view: APIView, obj: TalentCard) -> bool:
        return rules.is_holder(request.user, obj)


class MaySeeCode(BasePermission):
    """The holder, and officers of the card's tier."""

    def has_object_permission(self, request: Request, view: APIView, obj: TalentCard) -> bool:
        return rules.may_see_code(request.user, obj)
