"""Charge a nominator's yearly quota, and give back what did not lead to a card."""

import datetime as dt

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.models import Nomination, NominatorYear
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError
from talentcard.core.transactions import atomic_operation


class QuotaNotGranted(DomainError):
    """The bureau has granted the organisation no nominations."""

    code = "quota_not_granted"
    message = _("Your organisation has no quota yet. The bureau grants it.")


class CreditClassExcluded(DomainError):
    """The organisation's credit class may not nominate."""

    code = "credit_class_excluded"
    message = _("Organisations of credit class %(credit_class)s may not nominate.")


class QuotaUsedUp(DomainError):
    """The organisation has submitted as many nominations as it may this year."""

    code = "quota_used_up"
    message = _("Your organisation has used all of its %(limit)s nominations of %(year)s.")


@atomic_operation
def charge_quota(*, nomination: Nomination, at: dt.datetime) -> None:
    """Charge a locked nomination to its nominator's quota of this year; one that is charged stays as it is.

    :raises QuotaNotGranted: if the bureau has granted the organisation none
    :raises CreditClassExcluded: if its credit class may not nominate under the case's policy
    :raises QuotaUsedUp: if nothing is left
    """
    # Submitted before and not charged: from before there were quotas.
    if nomination.quota_year is not None or nomination.submitted_at is not None:
        return
    limit = _limit(nomination)
    year = timezone.localdate(at).year
    account, _created = NominatorYear.objects.get_or_create(
        organisation=nomination.nominator, year=year, defaults={"limit": limit}
    )
    # One statement looks and charges: of many who submit at once, no more pass than there is room for.
    charged = NominatorYear.objects.filter(pk=account.pk, used__lt=limit).update(
        used=F("used") + 1, limit=limit, updated_at=at
    )
    if not charged:
        raise QuotaUsedUp(limit=limit, year=year)
    nomination.quota_year = year
    nomination.save(update_fields=["quota_year", "updated_at"])


@atomic_operation
def charge_for_appeal(*, actor: User, nomination: Nomination, at: dt.datetime) -> None:
    """Charge a locked nomination under appeal to its nominator's quota of this year again.

    An appeal is never refused for want of a place: where none is left, the account of the year is raised by one for it,
    which the audit log tells.
    """
    grant = queries.grant_of(nomination.nominator_id, policy=nomination.policy)
    limit = grant.limit if grant is not None and grant.may_nominate else 0
    year = timezone.localdate(at).year
    account, _created = NominatorYear.objects.get_or_create(
        organisation=nomination.nominator, year=year, defaults={"limit": limit}
    )
    rows = NominatorYear.objects.filter(pk=account.pk)
    if not rows.filter(used__lt=limit).update(used=F("used") + 1, limit=limit, updated_at=at):
        rows.update(used=F("used") + 1, limit=Greatest(F("limit"), F("used") + 1), updated_at=at)
        data = {"year": year, "nomination": str(nomination.pk)}
        record(actor=actor, action="nominator_quota.raised_for_appeal", target=account, data=data)
    nomination.quota_year = year
    nomination.save(update_fields=["quota_year", "updated_at"])


@atomic_operation
def release_quota(*, nomination: Nomination, at: dt.datetime) -> None:
    """Give a locked nomination's place back to the year it was charged to; one that holds none stays as it is."""
    if nomination.quota_year is None:
        return
    account = NominatorYear.objects.filter(organisation=nomination.nominator, year=nomination.quota_year)
    account.update(used=F("used") - 1, updated_at=at)
    nomination.quota_year = None
    nomination.save(update_fields=["quota_year", "updated_at"])


def _limit(nomination: Nomination) -> int:
    grant = queries.grant_of(nomination.nominator_id, policy=nomination.policy)
    if grant is None:
        raise QuotaNotGranted
    if not grant.may_nominate:
        raise CreditClassExcluded(credit_class=grant.credit_class)
    return grant.limit
