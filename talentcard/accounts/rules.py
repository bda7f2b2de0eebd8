"""Who holds which role where: the one question every other app's rules build on."""

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from talentcard.accounts.choices import Role
from talentcard.accounts.models import RoleAssignment

Actor = AbstractBaseUser | AnonymousUser | None


def assignments(user: Actor, role: Role | None = None, *, at: dt.datetime | None = None) -> list[RoleAssignment]:
    """Return the assignments in force, of one role or of all; one query for a user object's whole life."""
    if user is None or not user.is_authenticated or not user.is_active:
        return []
    cached: list[RoleAssignment] | None = getattr(user, "_role_assignments", None)
    if cached is None:
        cached = list(RoleAssignment.objects.filter(user_id=user.pk))
        user._role_assignments = cached  # type: ignore[attr-defined]  # a cache on the instance
    now = at or timezone.now()
    return [entry for entry in cached if role in (None, entry.role) and _in_force(entry, now)]


def has_role(
    user: Actor,
    role: Role,
    *,
    district: str | None = None,
    tier: str | None = None,
    department: str | None = None,
    at: dt.datetime | None = None,
) -> bool:
    """Tell whether a user holds a role in a scope; a scope not asked for is not looked at."""
    wanted = {"district": district, "tier": tier, "department": department}
    return any(
        all(value is None or getattr(entry, name) in ("", value) for name, value in wanted.items())
        for entry in assignments(user, role, at=at)
    )


def is_auditor(user: Actor) -> bool:
    """Tell whether a user may read everything and change nothing."""
    return has_role(user, Role.AUDITOR)


def is_head(user: Actor) -> bool:
    """Tell whether a user heads the office they work in."""
    return getattr(user, "organisation_id", None) is not None and has_role(user, Role.HEAD)


def _in_force(entry: RoleAssignment, at: dt.datetime) -> bool:
    return (entry.valid_from is None or entry.valid_from <= at) and (
        entry.valid_until is None or at < entry.valid_until
    )
