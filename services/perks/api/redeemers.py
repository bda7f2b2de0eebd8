"""Who redeems through the API: a partner's system by its token, or a person at a desk by their session."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from cards.verification.api import partners
from cards.verification.api.limits import allowance
from cards.verification.api.partners import Grant
from services.perks import redemption, rules
from services.perks.redemption import Redeemer
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput, NotAllowed


class DeskSession(SessionAuthentication):
    """A session, as everywhere; whoever has none is told to bring a token."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def identify(request: Request) -> Grant | User:
    """Return the system or the person that a request comes from.

    :raises NotAuthenticated: without a token or a session
    :raises PermissionDenied: if the token lacks the scope
    :raises Throttled: if the system has used its rate
    :raises NotAllowed: if the person is no partner
    """
    if "Authorization" in request.headers:
        grant = partners.authenticate(request._request, scope="redeem")
        allowance.take(grant.system.pk)
        return grant
    if not isinstance(request.user, User):
        raise NotAuthenticated
    if not rules.is_partner(request.user):
        raise NotAllowed
    return request.user


def redeemer_of(who: Grant | User, *, desk_id: UUID | None) -> Redeemer:
    """Return in whose name is redeemed.

    :raises NotAllowed: if the desk is not theirs
    :raises InvalidInput: if a person with several desks does not say at which
    """
    if isinstance(who, Grant):
        return Redeemer(system=who.system, desk=who.desk(desk_id) if desk_id else None)
    desks = redemption.desks_for(who)
    if desk_id is None and len(desks) > 1:
        raise InvalidInput.of("desk", "required", _("Say at which of your desks."))
    found = [desk for desk in desks if desk_id in (None, desk.pk)]
    if not found:
        raise NotAllowed
    return Redeemer(actor=who, desk=found[0])
