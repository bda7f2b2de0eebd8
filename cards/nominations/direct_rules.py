"""Who may do what with direct issues: pure predicates, shared by API, pages and operations.

A predicate costs no query if the case came from a queryset with `with_parties()`.
"""

from cards.issuance.models import Tier
from cards.nominations.models import DirectIssue
from talentcard.accounts.choices import Role
from talentcard.accounts.rules import Actor, has_role, is_auditor


def is_issuer(user: Actor) -> bool:
    """Tell whether a user gives cards directly at all."""
    return has_role(user, Role.ISSUER)


def may_read_any(user: Actor) -> bool:
    """Tell whether a user works with direct issues, or audits them."""
    return is_issuer(user) or is_auditor(user)


def may_propose(user: Actor, *, tier: Tier, district: str) -> bool:
    """Tell whether an assignment as issuer covers a tier and a district."""
    return has_role(user, Role.ISSUER, tier=tier.code, district=district)


def may_propose_tier(user: Actor, tier: Tier) -> bool:
    """Tell whether an assignment as issuer covers a tier, in whatever district."""
    return has_role(user, Role.ISSUER, tier=tier.code)


def in_scope(user: Actor, case: DirectIssue) -> bool:
    """Tell whether an assignment as issuer covers a case."""
    return may_propose(user, tier=case.tier, district=case.district)


def may_read(user: Actor, case: DirectIssue) -> bool:
    """Tell whether a user may read a case: issuers of its scope, who proposed it, and the auditor."""
    return is_auditor(user) or in_scope(user, case) or (user is not None and case.proposed_by_id == user.pk)
