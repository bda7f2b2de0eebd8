"""What window clerks file for others, and for whom they may."""

from typing import Any

from django.db.models import Q, QuerySet

from cards.nominations.models import NominatorProfile
from talentcard.accounts.choices import Role
from talentcard.accounts.models import Organisation
from talentcard.accounts.rules import assignments


def filed_at_window_of(user: Any) -> Q:
    """Return the condition that a case was filed at the window of a user's office, within the user's scope."""
    return Q(office=user.organisation_id) & _in_scope(user)


def nominators_for(user: Any) -> QuerySet[Organisation]:
    """Return the organisations for which a clerk may file: nominators of the districts the clerk is assigned to."""
    granted = NominatorProfile.objects.values("organisation")
    return Organisation.objects.filter(_in_scope(user), pk__in=granted)


def _in_scope(user: Any) -> Q:
    scope = Q(pk__in=[])
    for entry in assignments(user, Role.WINDOW_CLERK):
        if not entry.district:
            return Q(pk__isnull=False)
        scope |= Q(district=entry.district)
    return scope
