"""The policy in force, and what a nominator may choose from it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cards.issuance.choices import Route
from cards.issuance.models import Basis, PolicyVersion, RecognisedEntry, Tier
from cards.nominations.choices import EvidenceKind, LimitedStep
from cards.nominations.models import Nomination, StepLimit
from cards.talents.models import District
from talentcard.core.errors import DomainError

# A basis of these routes is open to nominators; the others lead to a card without a nomination.
NOMINATION_ROUTES = (Route.RECOMMENDATION, Route.RECOMMENDATION_WITHOUT_NOTICE)


class PolicyMissing(DomainError):
    """No policy version is in force: an administrator has yet to enter one."""

    code = "policy_missing"
    message = _("No policy is in force yet.")
    http_status = 404


def policy_in_force(*, at: dt.datetime) -> PolicyVersion | None:
    """Return the policy version new cases are filed under."""
    return PolicyVersion.objects.filter(effective_from__lte=at).order_by("-number").first()


def limit_of(policy_id: UUID, step: LimitedStep) -> int | None:
    """Return how many working days a step may take under a policy version; None where it sets no limit."""
    return StepLimit.objects.filter(policy=policy_id, step=step).values_list("working_days", flat=True).first()


def open_bases(at: dt.datetime) -> QuerySet[Basis]:
    """Return the bases of the policy in force on which a nominator may nominate, with their tiers."""
    bases = Basis.objects.filter(policy=policy_in_force(at=at), route__in=NOMINATION_ROUTES)
    return bases.select_related("policy").prefetch_related("tiers")


def open_tiers(at: dt.datetime) -> QuerySet[Tier]:
    """Return the tiers of the policy in force."""
    return Tier.objects.filter(policy=policy_in_force(at=at))


def legal_ground(nomination: Nomination) -> str:
    """Return the legal ground of the policy version a case keeps, in the active language."""
    return ground_of(nomination.policy)


def ground_of(policy: PolicyVersion) -> str:
    """Return a policy version's legal ground in the active language."""
    is_chinese = (get_language() or "").startswith("zh")
    return policy.legal_ground_zh if is_chinese else policy.legal_ground_en


def remedies_of(policy: PolicyVersion) -> list[str]:
    """Return what a policy version says may be done against a decision, in paragraphs, in the active language."""
    is_chinese = (get_language() or "").startswith("zh")
    words = policy.remedies_zh if is_chinese else policy.remedies_en
    return [line for line in words.splitlines() if line.strip()]


def required_kinds(basis: Basis) -> list[EvidenceKind]:
    """Return the kinds of document a basis requires; no query where they are prefetched."""
    return [EvidenceKind(document.kind) for document in basis.required_documents.all()]


def policy_overview(*, at: dt.datetime) -> dict[str, Any]:
    """Return everything the policy in force says, and the districts: what a nominator chooses from comes first.

    :raises PolicyMissing: if no policy is in force
    """
    policy = policy_in_force(at=at)
    if policy is None:
        raise PolicyMissing
    on = timezone.localdate(at)
    bases = policy.bases.select_related("recognised_list").prefetch_related(
        "tiers",
        "required_documents",
        Prefetch("recognised_list__entries", RecognisedEntry.objects.in_force(on).of_titles(), to_attr="titles"),
    )
    return {
        "version": policy.number,
        "effective_from": policy.effective_from,
        "is_sample": policy.is_sample,
        "legal_ground": ground_of(policy),
        "appeal_days": policy.appeal_days,
        "lapses_uncorrected": policy.lapses_uncorrected,
        "bases": [basis for basis in bases if basis.route in NOMINATION_ROUTES],
        "other_bases": [basis for basis in bases if basis.route not in NOMINATION_ROUTES],
        "tiers": list(policy.tiers.all()),
        "time_limits": list(policy.step_limits.all()),
        "credit_classes": list(policy.credit_classes.all()),
        "districts": list(District.objects.all()),
    }
