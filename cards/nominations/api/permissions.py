"""Who gets as far as an endpoint; the operations decide the case itself."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from cards.nominations import direct_rules, rules


class IsNominator(BasePermission):
    """Let those in who nominate for an organisation."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return rules.may_nominate(request.user)


class IsReviewer(BasePermission):
    """Let reviewers in."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return rules.is_reviewer(request.user)


class IsNominatorToWrite(BasePermission):
    """Let everybody signed in read, and nominators and window clerks write."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        is_reading = request.method in ("GET", "HEAD", "OPTIONS")
        return is_reading or rules.may_nominate(request.user) or rules.is_window_clerk(request.user)


class IsWindowClerk(BasePermission):
    """Let window clerks in."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return rules.is_window_clerk(request.user)


class IsFiler(BasePermission):
    """Let those in who nominate, or file for others at a window."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return rules.may_nominate(request.user) or rules.is_window_clerk(request.user)


class IsIssuerOrReads(BasePermission):
    """Let issuers in, and auditors to read."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return direct_rules.may_read_any(request.user)
        return direct_rules.is_issuer(request.user)


class HandsInSheets(BasePermission):
    """Let those in who nominate for an organisation, and issuers, who upgrade Green Cards."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return rules.may_nominate(request.user) or direct_rules.is_issuer(request.user)
