from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from cards.verification import rules


class IsHolder(BasePermission):
    """Let in people of the registry, to what is theirs."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return rules.is_holder(request.user)
