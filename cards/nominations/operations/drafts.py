"""Prepare a nomination: the draft, and its correction after a return."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, Tier
from cards.nominations import queries, rules
from cards.nominations.choices import NominationStatus, Source
from cards.nominations.models import Nomination, NominationCounter, Transition
from cards.nominations.operations.transitions import lock
from cards.talents.models import District, Talent
from cards.talents.operations import IdentityInput, register_talent
from talentcard.accounts.models import Organisation, User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation


class DraftExists(DomainError):
    """The organisation has a draft for this person already."""

    code = "draft_exists"
    message = _("Your organisation already has a draft for this person: %(number)s.")


class NotEditable(DomainError):
    """The nomination has left its nominator's hands."""

    code = "not_editable"
    message = _("A nomination can be changed only as a draft or after it was returned.")


class BasisFixed(DomainError):
    """The basis belongs to another policy version than the one the case was filed under."""

    code = "basis_of_other_policy"
    message = _("This nomination was filed under another version of the policy and keeps to it.")


@dataclass(frozen=True, kw_only=True)
class NomineeInput:
    """Who is nominated, as the nominator states it."""

    name: str
    identity: IdentityInput
    email: str = ""
    phone: str = ""
    address: str = ""
    gender: str = "unstated"
    birth_date: dt.date | None = None
    nationality: str = ""
    employer_name: str = ""
    employer_code: str = ""


@atomic_operation
def create_draft(
    *,
    actor: User,
    nominee: NomineeInput,
    basis: Basis,
    tier: Tier,
    district: str,
    at: dt.datetime,
    statement: str = "",
    source: Source = Source.PAGE,
    on_behalf_of: Organisation | None = None,
) -> Nomination:
    """Begin a nomination of a person by the actor's organisation, or by another one at an office's window 代办.

    :param source: by which way it comes in; what a clerk files for a nominator comes in at the window
    :param on_behalf_of: the nominator a window clerk files for
    :raises NotAllowed: if the actor nominates for no organisation, or does not file for this one
    :raises InvalidInput: naming the field, if the identity document cannot be, or a clerk does not file in the district
    :raises IdentityMismatch: if the document is registered for somebody else
    :raises DraftExists: if the organisation has a draft for the person
    """
    nominator, office = _parties(actor, on_behalf_of, district)
    _ensure_district(district)
    employer = queries.find_employer(name=nominee.employer_name, credit_code=nominee.employer_code)
    talent = _register(actor, nominee, employer, district, at)
    nomination = Nomination(
        number=next_number(at),
        nominator=nominator,
        filed_by=actor,
        source=Source.WINDOW if office is not None else source,
        office=office,
        talent=talent,
        employer=employer,
        employer_name=nominee.employer_name,
        basis=basis,
        tier=tier,
        district=district,
        statement=statement,
        phone=nominee.phone,
        email=nominee.email,
        address=nominee.address,
    )
    _insert(nomination)
    Transition.objects.create(nomination=nomination, to_status=NominationStatus.DRAFT, actor=actor, at=at)
    record(actor=actor, action="nomination.draft", target=nomination, data={"source": nomination.source})
    return nomination


@atomic_operation
def update_draft(
    *,
    actor: User,
    nomination: Nomination,
    at: dt.datetime,
    basis: Basis | None = None,
    tier: Tier | None = None,
    district: str | None = None,
    statement: str | None = None,
    employer_name: str | None = None,
) -> Nomination:
    """Change what a draft, or a returned nomination, says; what is not given stays.

    :raises NotAllowed: if it is not the actor's organisation's
    :raises NotEditable: if it is neither a draft nor returned
    :raises BasisFixed: if it was submitted under another policy version
    :raises InvalidInput: if there is no such district, or it is not one in which a window clerk files
    """
    nomination = lock_editable(actor, nomination)
    if basis is not None and nomination.submitted_at and basis.policy_id != nomination.basis.policy_id:
        raise BasisFixed(field="basis")
    if district is not None:
        _ensure_district(district)
        if not rules.is_nominator_of(actor, nomination):
            _ensure_filed_in(actor, district)
    given = {"basis": basis, "tier": tier, "district": district, "statement": statement}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if employer_name is not None:
        changes |= {"employer_name": employer_name, "employer": queries.find_employer(name=employer_name)}
    for name, value in changes.items():
        setattr(nomination, name, value)
    nomination.save(update_fields=[*changes, "updated_at"])
    record(actor=actor, action="nomination.changed", target=nomination, data={"fields": sorted(changes)})
    return nomination


@atomic_operation
def correct_nominee_contact(
    *, actor: User, nomination: Nomination, phone: str, email: str, address: str, at: dt.datetime
) -> Nomination:
    """Correct how a draft, or a returned nomination, says that the nominee is reached.

    :raises NotAllowed: if it is not the actor's organisation's
    :raises NotEditable: if it is neither a draft nor returned
    """
    nomination = lock_editable(actor, nomination)
    nomination.phone, nomination.email, nomination.address = phone, email, address
    nomination.save(update_fields=["phone", "email", "address", "updated_at"])
    record(actor=actor, action="nomination.contact_corrected", target=nomination)
    return nomination


def lock_editable(actor: User, nomination: Nomination) -> Nomination:
    """Return a nomination locked, if the actor may change it now.

    :raises NotAllowed: if it is not the actor's organisation's
    :raises NotEditable: if it is neither a draft nor returned
    """
    nomination = lock(nomination)
    ensure_editable(actor, nomination)
    return nomination


def next_number(at: dt.datetime) -> str:
    """Return a number no other nomination has; those of a year count from 1."""
    year = timezone.localtime(at).year
    NominationCounter.objects.get_or_create(year=year)
    counter = NominationCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"JJ{year}-{counter.last:06d}"


def _ensure_district(code: str) -> None:
    if not District.objects.filter(code=code).exists():
        raise InvalidInput.of("district", "unknown_district", _("There is no such district or park."))


def ensure_editable(actor: User, nomination: Nomination) -> None:
    """Check a nomination that is not locked.

    :raises NotAllowed: if it is not the actor's organisation's
    :raises NotEditable: if it is neither a draft nor returned
    """
    if not rules.files(actor, nomination):
        raise NotAllowed
    if not nomination.is_editable:
        raise NotEditable


def _parties(actor: User, on_behalf_of: Organisation | None, district: str) -> tuple[Organisation, Organisation | None]:
    """Return who nominates and, where a clerk files for them, at the window of which office."""
    if on_behalf_of is None or on_behalf_of.pk == rules.nominating_organisation(actor):
        if not rules.may_nominate(actor) or actor.organisation is None:
            raise NotAllowed
        return actor.organisation, None
    if actor.organisation is None or not rules.is_window_clerk(actor):
        raise NotAllowed
    if not queries.nominators_for(actor).filter(pk=on_behalf_of.pk).exists():
        raise NotAllowed(field="nominator")
    _ensure_filed_in(actor, district)
    return on_behalf_of, actor.organisation


def _ensure_filed_in(actor: User, district: str) -> None:
    if not rules.may_file_in(actor, district):
        raise InvalidInput.of("district", "district_out_of_scope", _("You do not file in this district or park."))


def _register(
    actor: User, nominee: NomineeInput, employer: Organisation | None, district: str, at: dt.datetime
) -> Talent:
    # Without the contact: a draft is its nominator's own matter, and the link to the account follows the contact.
    return register_talent(
        actor=actor,
        name=nominee.name,
        identity=nominee.identity,
        gender=nominee.gender,
        birth_date=nominee.birth_date,
        nationality=nominee.nationality,
        district=district,
        employer=employer,
        employer_name=nominee.employer_name,
        at=at,
    )


def _insert(nomination: Nomination) -> None:
    try:
        with transaction.atomic():
            nomination.save(force_insert=True)
    except IntegrityError:
        draft = Nomination.objects.filter(
            talent=nomination.talent, nominator=nomination.nominator, status=NominationStatus.DRAFT
        ).first()
        if draft is None:
            raise
        raise DraftExists(number=draft.number) from None
