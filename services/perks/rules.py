"""Who may do what with perks: pure predicates, shared by API, pages and operations."""

import datetime as dt

from services.perks import registry
from services.perks.choices import EntryKind
from services.perks.models import LedgerEntry, PerkRequest
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.accounts.rules import Actor, assignments, has_role, is_auditor

# A wrong scan is noticed while the person still stands at the desk; later an officer decides.
DESK_REVERSAL_TIME = dt.timedelta(minutes=15)


def is_registered(user: Actor) -> bool:
    """Tell whether a user is a person of the registry; one query, kept on the user object."""
    return user is not None and user.is_authenticated and hasattr(user, "talent")


def is_officer(user: Actor) -> bool:
    """Tell whether a user handles requests for any perk."""
    return has_role(user, Role.PERK_OFFICER)


def is_partner(user: Actor) -> bool:
    """Tell whether a user stands at a partner's desk."""
    return has_role(user, Role.PARTNER)


def is_holder(user: Actor, request: PerkRequest) -> bool:
    """Tell whether a request is the user's own."""
    return user is not None and user.is_authenticated and request.holder.user_id == user.pk


def may_handle(user: Actor, request: PerkRequest) -> bool:
    """Tell whether an officer's scope holds a request; nobody handles their own."""
    return not is_holder(user, request) and _in_scope(user, request)


def may_see(user: Actor, request: PerkRequest) -> bool:
    """Tell whether a user may read a request."""
    return is_holder(user, request) or _in_scope(user, request) or is_auditor(user)


def may_reverse(user: User, entry: LedgerEntry, *, at: dt.datetime) -> bool:
    """Tell whether a user may give a use back: soon after, the desk's own people; at any time, the department."""
    if entry.kind != EntryKind.USE:
        return False
    perk = registry.get(entry.account.perk)
    if has_role(user, Role.PERK_OFFICER, department=perk.department):
        return entry.card.holder.user_id != user.pk
    is_own_desk = user.organisation_id == entry.organisation_id and is_partner(user)
    return is_own_desk and at - entry.at <= DESK_REVERSAL_TIME


def officer_scopes(user: Actor) -> list[tuple[list[str], str, str]]:
    """Return, for each assignment as perk officer, the slugs, district and tier it covers; empty means any."""
    return [
        (registry.slugs_of(entry.department), entry.district, entry.tier)
        for entry in assignments(user, Role.PERK_OFFICER)
    ]


def _in_scope(user: Actor, request: PerkRequest) -> bool:
    department = registry.get(request.perk).department
    return has_role(
        user,
        Role.PERK_OFFICER,
        department=department,
        district=request.district,
        tier=request.card.tier.code,
    )
