"""Which partner's system asks, by its bearer token, and what it may ask for."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken
from rest_framework.exceptions import NotAuthenticated, PermissionDenied

from cards.verification.kept import Kept
from cards.verification.models import Desk, Purpose
from talentcard.accounts.models import PartnerSystem
from talentcard.core.errors import NotAllowed


@dataclass(frozen=True)
class Grant:
    """What a token stands for. The system comes with its organisation's desks and their purposes."""

    system: PartnerSystem
    scopes: frozenset[str]
    expires_at: dt.datetime

    def desk(self, desk_id: uuid.UUID) -> Desk:
        """Return a desk of the system's organisation.

        :raises NotAllowed: if it is not one of them, whether it exists or not
        """
        for desk in self.system.organisation.desks.all():
            if desk.pk == desk_id:
                return desk
        raise NotAllowed(field="desk")

    def purpose(self, code: str) -> Purpose | None:
        """Return a purpose that one of the desks has, or None."""
        return self._purposes.get(code)

    @cached_property
    def _purposes(self) -> dict[str, Purpose]:
        return {
            purpose.code: purpose for desk in self.system.organisation.desks.all() for purpose in desk.purposes.all()
        }


def _load(checksum: str) -> Grant | None:
    token = AccessToken.objects.filter(token_checksum=checksum, expires__gt=timezone.now()).first()
    # A token that its owner bound to other resources (RFC 8707) is not for us to take.
    if token is None or token.resource:
        return None
    system = (
        PartnerSystem.objects.filter(application=token.application_id, is_active=True)
        .select_related("organisation", "application")
        .prefetch_related(
            Prefetch("organisation__desks", Desk.objects.filter(is_active=True)), "organisation__desks__purposes"
        )
        .first()
    )
    return Grant(system, frozenset(token.scope.split()), token.expires) if system else None


_grants = Kept(_load)


def authenticate(request: HttpRequest, *, scope: str) -> Grant:
    """Return what the request's bearer token stands for; no query while it is kept.

    :raises NotAuthenticated: if there is no token, or it is unknown, expired or revoked
    :raises PermissionDenied: if it lacks the scope
    """
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    grant = _grants.get(hashlib.sha256(token.encode()).hexdigest()) if kind.lower() == "bearer" and token else None
    if grant is None or grant.expires_at <= timezone.now():
        error = NotAuthenticated()
        error.auth_header = 'Bearer realm="api"'  # type: ignore[attr-defined]  # read by the framework's handler
        raise error
    if scope not in grant.scopes:
        raise PermissionDenied(_("The token lacks the scope “%s”.") % scope, code="insufficient_scope")
    return grant


def forget() -> None:
    """Forget the grants kept in this process."""
    _grants.clear()
