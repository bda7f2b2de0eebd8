"""Who holds which role where: the one question every other app's rules build on."""

import datetime as dt
from collections.abc import Mapping

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from talentcard.accounts.choices import DELEGABLE, Role
from talentcard.accounts.models import Delegation, RoleAssignment

Actor = AbstractBaseUser | AnonymousUser | None


def assignments(user: Actor, role: Role | None = None, *, at: dt.datetime | None = None) -> list[RoleAssignment]:
    """Return the assignments in force, of one role or of all, and what is delegated to the user's office.

    What the user's office has delegated is still among them: they read there, and decide no more (see `decides`). At
    most two queries for a user object's whole life.
    """
    now = at or timezone.now()
    return [*own_assignments(user, role, at=now), *_lent(user, role, now)]


def own_assignments(user: Actor, role: Role | None = None, *, at: dt.datetime | None = None) -> list[RoleAssignment]:
    """Return the user's own assignments in force; one query for a user object's whole life."""
    if user is None or not user.is_authenticated or not user.is_active:
        return []
    cached: list[RoleAssignment] | None = getattr(user, "_role_assignments", None)
    if cached is None:
        cached = list(RoleAssignment.objects.filter(user_id=user.pk))
        user._role_assignments = cached  # type: ignore[attr-defined]  # a cache on the instance
    now = at or timezone.now()
    return [entry for entry in cached if role in (None, entry.role) and _in_force(entry, now)]


def given_away(user: Actor, *, at: dt.datetime) -> list[Delegation]:
    """Return what the user's office has delegated to others."""
    office = getattr(user, "organisation_id", None)
    return [each for each in _delegations(user) if each.from_office_id == office and each.is_in_force(at)]


def received(user: Actor, *, at: dt.datetime, is_over_too: bool = False) -> list[Delegation]:
    """Return what is delegated to the user's office in a role that the user holds.

    :param is_over_too: what was delegated, and has ended, as well
    """
    office = getattr(user, "organisation_id", None)
    held = {entry.role for entry in own_assignments(user, at=at)}
    return [
        each
        for each in _delegations(user)
        if each.to_office_id == office
        and each.role in held
        and (each.has_begun(at) if is_over_too else each.is_in_force(at))
    ]


def decides(user: Actor, role: Role, *, district: str, tier: str, department: str = "") -> bool:
    """Tell whether it is a user's turn to decide in a scope.

    By an own assignment, unless their office has delegated it; or because it is delegated to their office.
    """
    now, scope = timezone.now(), {"district": district, "tier": tier, "department": department}
    if any(_covers(entry, scope) for entry in _lent(user, role, now)):
        return True
    if not any(_covers(entry, scope) for entry in own_assignments(user, role, at=now)):
        return False
    return not any(each.role == role and _covers(each, scope) for each in given_away(user, at=now))


def keeps(user: Actor, role: Role, *, district: str, tier: str, department: str = "") -> bool:
    """Tell whether a user may finish what they took on in a scope, though it is delegated, or no longer, meanwhile."""
    now, scope = timezone.now(), {"district": district, "tier": tier, "department": department}
    held: list[RoleAssignment | Delegation] = [*own_assignments(user, role, at=now)]
    held += received(user, at=now, is_over_too=True)
    return any(entry.role == role and _covers(entry, scope) for entry in held)


def has_role(
    user: Actor,
    role: Role,
    *,
    district: str | None = None,
    tier: str | None = None,
    department: str | None = None,
    at: dt.datetime | None = None,
) -> bool:
    """Tell whether a user holds a role in a scope, also by delegation; a scope not asked for is not looked at."""
    wanted = {"district": district, "tier": tier, "department": department}
    return any(_covers(entry, wanted) for entry in assignments(user, role, at=at))


def is_auditor(user: Actor) -> bool:
    """Tell whether a user may read everything and change nothing."""
    return has_role(user, Role.AUDITOR)


def is_head(user: Actor) -> bool:
    """Tell whether a user heads the office they work in."""
    return getattr(user, "organisation_id", None) is not None and has_role(user, Role.HEAD)


def may_delegate(user: Actor) -> bool:
    """Tell whether a user delegates the steps of their office: its head, or an administrator who works there."""
    has_office = getattr(user, "organisation_id", None) is not None
    return has_office and (has_role(user, Role.HEAD) or has_role(user, Role.ADMINISTRATOR))


def _lent(user: Actor, role: Role | None, at: dt.datetime) -> list[RoleAssignment]:
    return [
        RoleAssignment(role=each.role, district=each.district, tier=each.tier)
        for each in received(user, at=at)
        if role in (None, each.role)
    ]


def _delegations(user: Actor) -> list[Delegation]:
    """Return every delegation from or to the user's office, past ones too; asked only for who may make such a step."""
    office = getattr(user, "organisation_id", None)
    if user is None or office is None or not any(entry.role in DELEGABLE for entry in own_assignments(user)):
        return []
    cached: list[Delegation] | None = getattr(user, "_delegations", None)
    if cached is None:
        cached = list(Delegation.objects.filter(Q(from_office=office) | Q(to_office=office)))
        setattr(user, "_delegations", cached)  # noqa: B010  # a cache on the instance
    return cached


def _covers(entry: RoleAssignment | Delegation, wanted: Mapping[str, str | None]) -> bool:
    return all(value is None or getattr(entry, name) in ("", value) for name, value in wanted.items())


def _in_force(entry: RoleAssignment, at: dt.datetime) -> bool:
    return (entry.valid_from is None or entry.valid_from <= at) and (
        entry.valid_until is None or at < entry.valid_until
    )
