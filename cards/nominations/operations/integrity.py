"""Record what was checked of a nominee's integrity and what is on record, and decide what a case makes of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.choices import PAST_REVIEWS, IntegrityKind, NominationStatus, Outcome
from cards.nominations.models import IntegrityCheck, IntegrityFact, IntegrityRuling, IntegritySource, Nomination
from cards.nominations.operations.messages import tell_officers
from cards.nominations.operations.review import review_preliminary, review_second
from cards.nominations.operations.stops import ensure_may_settle, reject_past_reviews, wait_while_stopped
from cards.nominations.operations.transitions import lock
from cards.talents.models import Talent
from cards.talents.operations import IdentityInput
from cards.talents.queries import find_by_identity, records_of
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed
from talentcard.core.fields import blind_index
from talentcard.core.transactions import atomic_operation


class PersonUnknown(DomainError):
    """Nobody has this document."""

    code = "person_unknown"
    message = _("Nobody is registered with this document.")
    http_status = 404


class FactUnknown(DomainError):
    """There is no such fact about this person, or from this source."""

    code = "fact_unknown"
    message = _("There is no such fact on record.")
    http_status = 404


class FactWithdrawn(DomainError):
    """It was withdrawn."""

    code = "fact_withdrawn"
    message = _("This was withdrawn: it no longer stands in the way of anything.")


class FactRuled(DomainError):
    """An officer has decided about it in this case."""

    code = "fact_ruled"
    message = _("It was decided already what this case makes of it.")


@dataclass(frozen=True, kw_only=True)
class FactInput:
    """What a source has on record: its own reference, the day it is dated, and what it says."""

    reference: str
    dated_on: dt.date
    text: str = ""

    def faults(self, *, on: dt.date) -> list[FieldError]:
        """Return what is wrong with it on a given day."""
        faults = []
        if not self.reference.strip():
            faults.append(FieldError(field="reference", code="required", message=_("Give the source's reference.")))
        if self.dated_on > on:
            faults.append(FieldError(field="dated_on", code="in_future", message=_("This day is yet to come.")))
        return faults


@atomic_operation
def record_check(
    *,
    actor: User,
    nomination: Nomination,
    kind: IntegrityKind,
    source: str,
    at: dt.datetime,
    hit: FactInput | None = None,
) -> IntegrityCheck:
    """Record that a case's nominee was looked up in a source, and what was found; a hit stops the person's cases.

    :param hit: what the source has on record; None: nothing
    :raises InvalidInput: naming what is missing or cannot be
    :raises NotAllowed: if the case lies outside the actor's scope or in nobody's hands, or the actor is too near
    :raises ItemTaken: if a colleague has taken it on
    """
    errors = hit.faults(on=timezone.localdate(at)) if hit else []
    if not source.strip():
        errors.append(FieldError(field="source", code="required", message=_("Say where it was looked up.")))
    if errors:
        raise InvalidInput(errors)
    nomination = lock(nomination)
    ensure_may_settle(actor, nomination, at=at)
    fact = None
    if hit is not None:
        fact = _create_fact(nomination.talent, kind, source, hit, recorded_by=actor, at=at)
    check = IntegrityCheck.objects.create(
        nomination=nomination, kind=kind, source=source, checked_by=actor, checked_at=at, fact=fact
    )
    data = {"nomination": str(nomination.pk), "kind": kind, "is_hit": fact is not None}
    record(actor=actor, action="integrity.checked", target=check, data=data)
    if fact is not None:
        _stop_cases(actor, fact, at=at)
    return check


@atomic_operation
def report_fact(
    *, source: IntegritySource, identity: IdentityInput, kind: IntegrityKind, hit: FactInput, at: dt.datetime
) -> IntegrityFact:
    """Record what a source's own system has on record against a person; sent again, it is the same fact.

    :raises InvalidInput: naming what is missing or cannot be
    :raises PersonUnknown: if nobody is registered with the document
    """
    if errors := hit.faults(on=timezone.localdate(at)):
        raise InvalidInput(errors)
    if (known := _reported(source, hit.reference)) is not None:
        return known
    talent = find_by_identity(identity.kind, identity.number, identity.issuing_region)
    if talent is None:
        raise PersonUnknown(field="identity_number")
    try:
        # A savepoint: the system may send it twice at the same moment.
        with transaction.atomic():
            fact = _create_fact(talent, kind, source.name_zh, hit, reported_by=source, at=at)
    except IntegrityError:
        known = _reported(source, hit.reference)
        if known is None:
            raise
        return known
    _stop_cases(None, fact, at=at)
    return fact


@atomic_operation
def retract_report(*, source: IntegritySource, reference: str, reason: str, at: dt.datetime) -> IntegrityFact:
    """Withdraw what a source's system recorded; withdrawn again, nothing changes.

    :raises InvalidInput: if no reason is given
    :raises FactUnknown: if the source recorded nothing under this reference
    """
    _ensure_reason(reason)
    fact = _reported(source, reference)
    if fact is None:
        raise FactUnknown(field="reference")
    return _withdraw(None, fact, reason=reason, at=at)


@atomic_operation
def withdraw_fact(
    *, actor: User, nomination: Nomination, fact: IntegrityFact, reason: str, at: dt.datetime
) -> IntegrityFact:
    """Withdraw what an officer recorded against a case's nominee; withdrawn again, nothing changes.

    :raises InvalidInput: if no reason is given
    :raises NotAllowed: if the case is not the actor's to decide, or a source's system recorded the fact
    :raises ItemTaken: if a colleague has taken the case on
    :raises FactUnknown: if it is about somebody else
    """
    _ensure_reason(reason)
    nomination = lock(nomination)
    ensure_may_settle(actor, nomination, at=at)
    fact = _find(nomination, fact)
    if fact.reported_by_id is not None:
        raise NotAllowed
    return _withdraw(actor, fact, reason=reason, at=at)


@atomic_operation
def rule_on_fact(
    *, actor: User, nomination: Nomination, fact: IntegrityFact, goes_on: bool, reason: str, at: dt.datetime
) -> IntegrityRuling:
    """Let a case go on despite a fact, or reject it for that.

    :raises InvalidInput: if no reason is given
    :raises NotAllowed: if the case is not the actor's to decide
    :raises ItemTaken: if a colleague has taken it on
    :raises ReviewedOtherStep: if the actor made the other review and rejects it at this one
    :raises FactUnknown: if it is about somebody else
    :raises FactWithdrawn: if it was withdrawn
    :raises FactRuled: if the case goes on despite it already
    """
    _ensure_reason(reason)
    nomination = lock(nomination)
    ensure_may_settle(actor, nomination, at=at)
    fact = _find(nomination, fact)
    if fact.withdrawn_at is not None:
        raise FactWithdrawn
    if nomination.integrity_rulings.filter(fact=fact, goes_on=True).exists():
        raise FactRuled
    ruling = IntegrityRuling.objects.create(
        nomination=nomination, fact=fact, goes_on=goes_on, reason=reason, decided_by=actor, decided_at=at
    )
    data = {"nomination": str(nomination.pk), "fact": str(fact.pk), "goes_on": goes_on}
    record(actor=actor, action="integrity.ruled", target=ruling, data=data)
    if goes_on:
        wait_while_stopped(nomination, actor=actor, at=at)
    else:
        _reject(actor, nomination, reason=reason, at=at)
    return ruling


def _reject(actor: User, nomination: Nomination, *, reason: str, at: dt.datetime) -> None:
    if nomination.status in PAST_REVIEWS:
        reject_past_reviews(actor, nomination, reason=reason, at=at)
        return
    decision: dict[str, Any] = {"outcome": Outcome.REJECT, "reason": reason, "at": at}
    if nomination.status == NominationStatus.SUBMITTED:
        review_preliminary(actor=actor, nomination=nomination, **decision)
    else:
        # The first opinion let the case pass.
        review_second(actor=actor, nomination=nomination, agrees=False, **decision)


def _create_fact(
    talent: Talent, kind: IntegrityKind, source: str, hit: FactInput, *, at: dt.datetime, **recorder: Any
) -> IntegrityFact:
    fact = IntegrityFact.objects.create(
        talent=talent,
        kind=kind,
        source=source,
        reference=hit.reference,
        reference_index=_reference_index(hit.reference),
        text=hit.text,
        dated_on=hit.dated_on,
        recorded_at=at,
        **recorder,
    )
    record(actor=recorder.get("recorded_by"), action="integrity.fact_recorded", target=fact, data={"kind": kind})
    return fact


def _withdraw(actor: User | None, fact: IntegrityFact, *, reason: str, at: dt.datetime) -> IntegrityFact:
    fact = IntegrityFact.objects.select_for_update(of=("self",)).get(pk=fact.pk)
    if fact.withdrawn_at is not None:
        return fact
    fact.withdrawn_at, fact.withdrawal_reason = at, reason
    fact.save(update_fields=["withdrawn_at", "withdrawal_reason", "updated_at"])
    record(actor=actor, action="integrity.fact_withdrawn", target=fact)
    for nomination in _cases_of(fact):
        wait_while_stopped(nomination, actor=actor, at=at)
    return fact


def _stop_cases(actor: User | None, fact: IntegrityFact, *, at: dt.datetime) -> None:
    for nomination in _cases_of(fact):
        wait_while_stopped(nomination, actor=actor, at=at)
        tell_officers(nomination, event="nomination.integrity_fact", fact=fact.pk, at=at)


def _cases_of(fact: IntegrityFact) -> list[Nomination]:
    live = Nomination.objects.live().filter(talent__in=records_of(fact.talent)).order_by("pk")
    return [lock(nomination) for nomination in live]


def _find(nomination: Nomination, fact: IntegrityFact) -> IntegrityFact:
    found = queries.facts_about(nomination.talent).filter(pk=fact.pk).first()
    if found is None:
        raise FactUnknown
    return found


def _reported(source: IntegritySource, reference: str) -> IntegrityFact | None:
    return source.facts.filter(reference_index=_reference_index(reference)).first()


def _reference_index(reference: str) -> str:
    return blind_index(reference.strip(), purpose="integrity_reference")


def _ensure_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput.of("reason", "required", _("Give the reason."))
