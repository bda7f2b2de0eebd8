"""Leave a step to another office for a period 下放, and take it back."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.choices import DELEGABLE, OFFICES, Role
from talentcard.accounts.models import Delegation, Organisation, RoleAssignment, User
from talentcard.accounts.rules import may_delegate
from talentcard.audit.operations import record
from talentcard.casework import queries
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.notifications.operations import notify_each

REASON_LENGTH = Delegation._meta.get_field("reason").max_length or 0


class ScopeNotHeld(DomainError):
    """The authority does not hold what it would delegate, or not for so long."""

    code = "scope_not_held"
    message = _("Nobody of your office holds this step in this scope for the whole period.")


class OfficeUnstaffed(DomainError):
    """Nobody of the receiving office could decide."""

    code = "office_unstaffed"
    message = _("Nobody of that office is a reviewer of this step.")


class DelegationOverlaps(DomainError):
    """Part of it is delegated already."""

    code = "delegation_overlaps"
    message = _("Your office has delegated part of this for part of this time already.")


class DelegationChained(DomainError):
    """A delegated step is not delegated further."""

    code = "delegation_chained"
    message = _("A step is delegated once: one of the two offices has received it, or given it away, at that time.")


class DelegationEnded(DomainError):
    """It is over."""

    code = "delegation_ended"
    message = _("This delegation has ended.")


@atomic_operation
def delegate(
    *,
    actor: User,
    to_office: Organisation,
    role: Role,
    district: str,
    tier: str,
    valid_from: dt.datetime,
    valid_until: dt.datetime,
    reason: str,
    url: str,
    at: dt.datetime,
) -> Delegation:
    """Leave a step of one's own office to another, in a district, of a tier, for a period; empty means all.

    Meanwhile that office decides; this one reads. A case that an officer has taken on stays with them until it is
    decided; the others move with the delegation, and back when it ends.

    :param url: the path of the page on which both offices read it
    :raises NotAllowed: if the actor does not head the office, nor administrates in it
    :raises InvalidInput: with everything that does not fit: the step, the office, the period, the reason
    :raises ScopeNotHeld: if the office does not hold the step in this scope, or not for so long
    :raises OfficeUnstaffed: if nobody of the other office is a reviewer of the step
    :raises DelegationOverlaps: if part of it is delegated already
    :raises DelegationChained: if either office has it by delegation, or has delegated it, at that time
    """
    if not may_delegate(actor) or actor.organisation is None:
        raise NotAllowed
    delegation = Delegation(
        from_office=actor.organisation,
        to_office=to_office,
        role=role,
        district=district,
        tier=tier,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason.strip(),
        made_by=actor,
    )
    if errors := list(_faults(delegation, at)):
        raise InvalidInput(errors)
    # Both offices, in one order: what either delegates or receives at the same moment waits for this.
    offices = Organisation.objects.filter(pk__in=[delegation.from_office_id, delegation.to_office_id])
    list(offices.select_for_update().order_by("pk").values_list("pk"))
    _ensure_held(delegation)
    _ensure_unentangled(delegation)
    delegation.save(force_insert=True)
    data = {"role": role, "district": district, "tier": tier, "to": str(to_office.pk)}
    record(actor=actor, action="delegation.made", target=delegation, data=data)
    _tell("casework.delegation_made", delegation, url, at)
    return delegation


@atomic_operation
def take_back(*, actor: User, delegation: Delegation, url: str, at: dt.datetime) -> Delegation:
    """End a delegation now, or call off one that has not begun.

    :param url: the path of the page on which both offices read it
    :raises NotAllowed: if the actor does not head the office that made it, nor administrates in it
    :raises DelegationEnded: if it is over
    """
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if not may_delegate(actor) or actor.organisation_id != delegation.from_office_id:
        raise NotAllowed
    if delegation.has_ended(at) or delegation.withdrawn_at is not None:
        raise DelegationEnded
    delegation.withdrawn_at, delegation.withdrawn_by = at, actor
    delegation.save(update_fields=["withdrawn_at", "withdrawn_by", "updated_at"])
    record(actor=actor, action="delegation.taken_back", target=delegation)
    _tell("casework.delegation_taken_back", delegation, url, at)
    return delegation


def _faults(delegation: Delegation, at: dt.datetime) -> Iterator[FieldError]:
    if delegation.role not in DELEGABLE:
        yield FieldError(field="role", code="not_delegable", message=_("This step cannot be delegated."))
    if delegation.to_office_id == delegation.from_office_id:
        yield FieldError(field="to_office", code="own_office", message=_("This is your own office."))
    elif delegation.to_office.kind not in OFFICES:
        yield FieldError(field="to_office", code="no_office", message=_("Only an office of the city can decide."))
    if delegation.valid_from < at:
        yield FieldError(field="valid_from", code="in_the_past", message=_("A delegation does not begin in the past."))
    if delegation.valid_until <= delegation.valid_from:
        yield FieldError(field="valid_until", code="period_backwards", message=_("It ends after it begins."))
    if not delegation.reason:
        yield FieldError(field="reason", code="required", message=_("Give the reason."))
    elif len(delegation.reason) > REASON_LENGTH:
        yield FieldError(field="reason", code="max_length", message=_("Give the reason in fewer words."))


def _ensure_held(delegation: Delegation) -> None:
    """Check that each office's people hold the step by their own assignments: the authority in the whole scope."""
    begin, end = delegation.valid_from, delegation.valid_until
    throughout = (Q(valid_from=None) | Q(valid_from__lte=begin)) & (Q(valid_until=None) | Q(valid_until__gte=end))
    officers = RoleAssignment.objects.filter(throughout, role=delegation.role, user__is_active=True)
    own = officers.filter(
        user__organisation=delegation.from_office_id,
        district__in=["", delegation.district],
        tier__in=["", delegation.tier],
        department="",
    )
    if not own.exists():
        raise ScopeNotHeld
    if not officers.filter(user__organisation=delegation.to_office_id).exists():
        raise OfficeUnstaffed(field="to_office")


def _ensure_unentangled(delegation: Delegation) -> None:
    touching = Delegation.objects.filter(
        _meets("district", delegation.district),
        _meets("tier", delegation.tier),
        role=delegation.role,
        withdrawn_at=None,
        valid_from__lt=delegation.valid_until,
        valid_until__gt=delegation.valid_from,
    )
    if touching.filter(from_office=delegation.from_office_id).exists():
        raise DelegationOverlaps
    if touching.filter(Q(to_office=delegation.from_office_id) | Q(from_office=delegation.to_office_id)).exists():
        raise DelegationChained


def _meets(name: str, value: str) -> Q:
    return Q(**{f"{name}__in": ["", value]}) if value else Q()


def _tell(event: str, delegation: Delegation, url: str, at: dt.datetime) -> None:
    offices = [delegation.from_office_id, delegation.to_office_id]
    people = _concerned(offices, delegation.role, at)
    notify_each(event=event, facts=[(person, str(delegation.pk), {}) for person in people], url=url)


def _concerned(offices: list[UUID], role: str, at: dt.datetime) -> QuerySet[User]:
    """Return the heads of the offices and their officers of the step, up to a bound."""
    people = User.objects.filter(organisation__in=offices, is_active=True)
    entries = RoleAssignment.objects.filter(queries.in_force(at), role__in=[Role.HEAD, role], user__in=people)
    return people.filter(pk__in=entries.values("user")).order_by("username")[: 2 * queries.OFFICERS_TOLD]
