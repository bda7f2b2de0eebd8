"""Whether a policy version may still be changed, and whether it is complete."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from cards.issuance.choices import Route
from cards.issuance.models import Basis, PolicyVersion, Tier
from cards.issuance.queries import is_in_use
from cards.nominations.choices import LimitedStep
from cards.nominations.queries.policy import NOMINATION_ROUTES


def is_frozen(policy: PolicyVersion, *, at: dt.datetime) -> bool:
    """Tell whether a version may be changed no more: it has taken effect, or something rests on it."""
    if policy.effective_from is not None and policy.effective_from <= at:
        return True
    return is_in_use(Basis.objects.filter(policy=policy)) or is_in_use(Tier.objects.filter(policy=policy))


def shortcomings_of(policy: PolicyVersion) -> list[str]:
    """Return everything a version lacks before it may take effect, in the active language."""
    return [*_of_version(policy), *_of_tiers(policy), *_of_bases(policy)]


def _of_version(policy: PolicyVersion) -> Iterator[str]:
    if not (policy.legal_ground_zh and policy.legal_ground_en):
        yield _("The legal ground is missing.")
    if not (policy.remedies_zh and policy.remedies_en):
        yield _("It is not said what can be done about a decision.")
    if not policy.appeal_days:
        yield _("There is no time to appeal.")
    limited = set(policy.step_limits.values_list("step", flat=True))
    for step in LimitedStep:
        if step not in limited:
            yield _("There is no time limit for: %(step)s.") % {"step": step.label}
    if not policy.credit_classes.filter(may_nominate=True).exists():
        yield _("No credit class may nominate.")


def _of_tiers(policy: PolicyVersion) -> Iterator[str]:
    tiers = list(policy.tiers.all())
    if not tiers:
        yield _("There are no tiers.")
    for tier in tiers:
        if not tier.validity_months:
            yield _("Tier %(code)s has no validity.") % {"code": tier.code}
        if not tier.renewal_days:
            yield _("Tier %(code)s has no renewal window.") % {"code": tier.code}


def _of_bases(policy: PolicyVersion) -> Iterator[str]:
    bases = list(policy.bases.prefetch_related("tiers", "required_documents"))
    if not bases:
        yield _("There are no bases.")
    for basis in bases:
        named = {"code": basis.code}
        tiers = basis.tiers.all()
        if not tiers:
            yield _("Basis %(code)s leads to no tier.") % named
        if any(tier.policy_id != policy.pk for tier in tiers):
            yield _("Basis %(code)s leads to a tier of another version.") % named
        if basis.needs_notice and not basis.notice_working_days:
            yield _("Basis %(code)s does not say how long its public notice lasts.") % named
        if basis.route in NOMINATION_ROUTES and not basis.required_documents.all():
            yield _("Basis %(code)s requires no documents.") % named
        if basis.route == Route.DIRECT and basis.recognised_list_id is None:
            yield _("Basis %(code)s leads to a direct issue and has no recognised list.") % named
