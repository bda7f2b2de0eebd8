"""What a nominator is granted and has used."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cards.issuance.models import PolicyVersion
from cards.nominations.models import CreditClass, NominatorProfile, NominatorYear
from cards.nominations.queries.policy import policy_in_force
from talentcard.accounts.choices import Role
from talentcard.accounts.models import Organisation, RoleAssignment, User
from talentcard.casework.queries import in_force


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a policy grants a nominator: the yearly limit after its credit class."""

    credit_class: str
    may_nominate: bool
    limit: int


def grant_of(organisation_id: Any, *, policy: PolicyVersion) -> Grant | None:
    """Return what an organisation may nominate in a year, or None if the bureau has granted it nothing."""
    profile = NominatorProfile.objects.filter(organisation=organisation_id).first()
    if profile is None:
        return None
    entry = CreditClass.objects.filter(policy=policy, code=profile.credit_class).first()
    if entry is None:
        return Grant(credit_class=profile.credit_class, may_nominate=False, limit=0)
    limit = profile.yearly_quota * entry.quota_percent // 100
    return Grant(credit_class=entry.code, may_nominate=entry.may_nominate, limit=limit)


def quota_overview(organisation_id: Any, *, at: dt.datetime) -> dict[str, Any] | None:
    """Return a nominator's year, limit and what is used and left of it; None without a policy or a grant."""
    policy = policy_in_force(at=at)
    grant = grant_of(organisation_id, policy=policy) if policy else None
    if grant is None:
        return None
    year = timezone.localdate(at).year
    account = NominatorYear.objects.filter(organisation=organisation_id, year=year).first()
    used = account.used if account else 0
    limit = grant.limit if grant.may_nominate else 0
    return {"year": year, "limit": limit, "used": used, "left": max(0, limit - used)}


def nominators_of(organisation_id: Any, *, at: dt.datetime) -> QuerySet[User]:
    """Return the people who nominate for an organisation; its systems are none."""
    entries = RoleAssignment.objects.filter(in_force(at), user=OuterRef("pk"), role=Role.NOMINATOR)
    people = User.objects.filter(Exists(entries), organisation=organisation_id, is_active=True, partner_system=None)
    return people.order_by("username")


def find_employer(*, name: str, credit_code: str = "") -> Organisation | None:
    """Return the organisation with this credit code, or, without one, the only one of exactly this name."""
    if credit_code:
        return Organisation.objects.filter(credit_code=credit_code.strip().upper()).first()
    if not name:
        return None
    found = list(Organisation.objects.filter(Q(name_zh=name) | Q(name_en=name))[:2])
    return found[0] if len(found) == 1 else None
