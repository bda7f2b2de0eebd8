"""Who may check a card, where and for what."""

from cards.verification.models import Desk, Purpose
from talentcard.accounts.choices import Role
from talentcard.accounts.models import PartnerSystem
from talentcard.accounts.rules import Actor, has_role


def is_partner(user: Actor) -> bool:
    """Tell whether a user works at partners' desks at all."""
    return has_role(user, Role.PARTNER)


def is_holder(user: Actor) -> bool:
    """Tell whether a user is a person of the registry; one query, kept on the user object."""
    return user is not None and user.is_authenticated and hasattr(user, "talent")


def may_work_at(user: Actor, desk: Desk) -> bool:
    """Tell whether a user may check cards at a desk: a partner of the desk's own organisation."""
    return desk.is_active and is_partner(user) and getattr(user, "organisation_id", None) == desk.organisation_id


def may_check_for(purpose: Purpose, *, desk: Desk | None, system: PartnerSystem | None) -> bool:
    """Tell whether a purpose is open to a desk or, where none is named, to any desk of a system's organisation.

    No query if desks and purposes were prefetched.
    """
    if desk is not None:
        return desk.allows(purpose)
    return system is not None and any(each.allows(purpose) for each in system.organisation.desks.all())
