"""The life of a policy version: copied, completed, put into effect; then it is changed no more."""

import datetime as dt
from typing import Any, TypeVar

from django.db import models
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, PolicyVersion
from cards.nominations import queries
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, FieldError, InvalidInput
from talentcard.core.transactions import atomic_operation

Row = TypeVar("Row", bound=models.Model)
# What a copy has of its own.
OWN = frozenset({"id", "created_at", "updated_at"})


class VersionFrozen(DomainError):
    """The version is in force, or a case rests on it."""

    code = "version_frozen"
    message = _("Version %(number)s has taken effect or a case rests on it. Copy it as the next version.")


@atomic_operation
def copy_version(*, actor: User | None, policy: PolicyVersion, at: dt.datetime) -> PolicyVersion:
    """Make the next version, with everything this one says; it has no date yet and may be changed."""
    # Two copies made at once have two numbers: the second waits here, and looks after the first has committed.
    list(PolicyVersion.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    last = PolicyVersion.objects.aggregate(last=Max("number"))["last"]
    copy = _copy(policy, number=last + 1, effective_from=None)
    tiers = {tier.pk: _copy(tier, policy_id=copy.pk) for tier in policy.tiers.all()}
    for basis in policy.bases.prefetch_related("tiers", "required_documents"):
        _copy_basis(basis, copy, [tiers[tier.pk] for tier in basis.tiers.all() if tier.pk in tiers])
    for limit in policy.step_limits.all():
        _copy(limit, policy_id=copy.pk)
    for credit_class in policy.credit_classes.all():
        _copy(credit_class, policy_id=copy.pk)
    for check in policy.required_checks.all():
        _copy(check, policy_id=copy.pk)
    record(actor=actor, action="policyversion.copied", target=copy, data={"from": policy.number, "to": copy.number})
    return copy


@atomic_operation
def put_into_effect(
    *, actor: User | None, policy: PolicyVersion, effective_from: dt.datetime, at: dt.datetime
) -> PolicyVersion:
    """Give a complete version the date from which new cases are filed under it; until then it may be changed.

    :raises VersionFrozen: if it has taken effect already
    :raises InvalidInput: naming `effective_from` if the date cannot be, and with everything the version lacks
    """
    policy = PolicyVersion.objects.select_for_update().get(pk=policy.pk)
    if queries.is_frozen(policy, at=at):
        raise VersionFrozen(number=policy.number)
    errors = [FieldError(field="policy", code="incomplete", message=text) for text in queries.shortcomings_of(policy)]
    if (fault := _fault_of_date(policy, effective_from, at)) is not None:
        errors.append(fault)
    if errors:
        raise InvalidInput(errors)
    policy.effective_from = effective_from
    policy.save(update_fields=["effective_from", "updated_at"])
    data = {"number": policy.number, "effective_from": effective_from.isoformat()}
    record(actor=actor, action="policyversion.put_into_effect", target=policy, data=data)
    return policy


@atomic_operation
def withdraw_date(*, actor: User | None, policy: PolicyVersion, at: dt.datetime) -> PolicyVersion:
    """Take a version's date back before it has come; one without a date stays as it is.

    :raises VersionFrozen: if it has taken effect already
    """
    policy = PolicyVersion.objects.select_for_update().get(pk=policy.pk)
    if policy.effective_from is None:
        return policy
    if queries.is_frozen(policy, at=at):
        raise VersionFrozen(number=policy.number)
    policy.effective_from = None
    policy.save(update_fields=["effective_from", "updated_at"])
    record(actor=actor, action="policyversion.date_withdrawn", target=policy, data={"number": policy.number})
    return policy


def _fault_of_date(policy: PolicyVersion, effective_from: dt.datetime, at: dt.datetime) -> FieldError | None:
    if timezone.localdate(effective_from) < timezone.localdate(at):
        message = _("A version cannot take effect in the past.")
        return FieldError(field="effective_from", code="past", message=message)
    others = PolicyVersion.objects.exclude(effective_from=None)
    before = others.filter(number__lt=policy.number).aggregate(last=Max("effective_from"))["last"]
    is_early = before is not None and effective_from <= before
    # Of two versions in effect the one with the higher number holds.
    if is_early or others.filter(number__gt=policy.number, effective_from__lte=effective_from).exists():
        message = _("Versions take effect in the order of their numbers.")
        return FieldError(field="effective_from", code="order", message=message)
    return None


def _copy_basis(basis: Basis, policy: PolicyVersion, tiers: list[Any]) -> None:
    copy = _copy(basis, policy_id=policy.pk)
    copy.tiers.set(tiers)
    for document in basis.required_documents.all():
        _copy(document, basis_id=copy.pk)


def _copy(row: Row, **changes: Any) -> Row:
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in OWN
    }
    return type(row)._base_manager.create(**values | changes)
