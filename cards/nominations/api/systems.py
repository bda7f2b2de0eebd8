"""Partners' systems that nominate: signed in by OAuth 2 client credentials, acting in the name of their account."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.contrib.django_oauth_toolkit import DjangoOAuthToolkitScheme
from drf_spectacular.openapi import AutoSchema
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from cards.nominations.choices import Source
from talentcard.accounts.models import PartnerSystem, User

SCOPE = "nominate"


class SystemAuthentication(OAuth2Authentication):  # type: ignore[misc]  # the package has no types
    """Take the bearer token of a partner's system that may nominate, besides those of people."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        """Return the account in whose name the system acts, and its token.

        :raises AuthenticationFailed: if the system was switched off, or its token is bound to something else
        :raises PermissionDenied: if the token lacks the scope, or the bureau does not let the system nominate
        """
        found = super().authenticate(request)
        if found is None or found[0] is not None:
            return found
        token = found[1]
        system = (
            PartnerSystem.objects.filter(application=token.application_id, is_active=True)
            .select_related("account__organisation")
            .first()
        )
        if system is None or token.resource:
            raise AuthenticationFailed
        if SCOPE not in token.scope.split():
            raise PermissionDenied(_("The token lacks the scope “%s”.") % SCOPE, code="insufficient_scope")
        account = system.account
        # An account left behind by a system that was given to another organisation speaks for neither.
        if account is None or not account.is_active or account.organisation_id != system.organisation_id:
            raise PermissionDenied(_("The bureau does not let this system nominate."), code="system_may_not_nominate")
        return account, token


class SystemScheme(DjangoOAuthToolkitScheme):  # type: ignore[no-untyped-call]  # registers itself by subclassing
    """Say in the API's description which scope a system needs."""

    target_class = "cards.nominations.api.systems.SystemAuthentication"
    name = "partnerSystem"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        """Name the scope."""
        return {self.name: [SCOPE]}


AUTHENTICATION = [SessionAuthentication, SystemAuthentication]


def source_of(request: Request) -> Source:
    """Return by which way what a request files comes in."""
    is_system = isinstance(request.user, User) and hasattr(request.user, "partner_system")
    return Source.SYSTEM if is_system else Source.API
