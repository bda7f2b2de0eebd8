"""The public notice: objections stop its clock, and its end awards the card."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import OBJECTIONS_DESK, LimitedStep, NominationStatus, ObjectionStatus
from cards.nominations.models import Nomination, Objection, PublicNotice
from cards.nominations.operations.approval import approve
from cards.nominations.operations.messages import tell_officers, tell_parties
from cards.nominations.operations.objections import end_notice
from cards.nominations.operations.stops import wait_while_stopped
from cards.nominations.operations.transitions import lock, move, put_on_desk
from cards.nominations.writing import Grounds
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.operations import close_item, ensure_free
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed
from talentcard.core.transactions import act_on_each, atomic_operation
from talentcard.core.workdays import add_working_days, working_days_until


class NoticeEnded(DomainError):
    """The time to object is over."""

    code = "notice_ended"
    message = _("This public notice has ended.")


class ObjectionResolved(DomainError):
    """The objection has been decided, or its case has ended."""

    code = "objection_resolved"
    message = _("This objection is no longer open.")


@atomic_operation
def lodge_objection(*, notice: PublicNotice, name: str, contact: str, text: str, at: dt.datetime) -> Objection:
    """Take an objection to a nomination under notice, from anybody; the notice's clock stops.

    :raises InvalidInput: if the name, the contact or the objection is missing
    :raises NoticeEnded: if the time to object is over
    """
    _ensure_complete(name=name, contact=contact, text=text)
    # The nomination's lock guards its notice too: closing, withdrawing and objecting meet there.
    nomination = lock(notice.nomination)
    notice = nomination.notice
    if not notice.is_open(at):
        raise NoticeEnded
    objection = Objection.objects.create(notice=notice, name=name, contact=contact, text=text, lodged_at=at)
    record(actor=None, action="objection.lodged", target=objection, data={"nomination": str(nomination.pk)})
    if notice.paused_at is None:
        _pause(nomination, at)
        tell_parties(nomination, event="nomination.notice_paused", fact=objection.pk)
    tell_officers(nomination, event="nomination.objection_lodged", fact=objection.pk, at=at)
    return objection


@atomic_operation
def resolve_objection(*, actor: User, objection: Objection, is_upheld: bool, reason: str, at: dt.datetime) -> Objection:
    """Uphold an objection, which rejects the nomination, or dismiss it; with the last one the clock goes on.

    :raises NotAllowed: if the case lies outside the actor's scope, or the actor is too near to it
    :raises ItemTaken: if a colleague has taken it on
    :raises ObjectionResolved: if it is not open any more
    :raises InvalidInput: if no reason is given
    """
    if not reason.strip():
        raise InvalidInput.of("reason", "required", _("Give the reason."))
    nomination = lock(objection.notice.nomination)
    if not rules.may_handle_objections(actor, nomination):
        raise NotAllowed
    if nomination.item is not None:
        ensure_free(actor, nomination.item, at=at)
    objection = Objection.objects.select_for_update(of=("self",)).select_related("notice").get(pk=objection.pk)
    if objection.status != ObjectionStatus.OPEN:
        raise ObjectionResolved
    objection.status = ObjectionStatus.UPHELD if is_upheld else ObjectionStatus.DISMISSED
    objection.resolved_by, objection.resolved_at, objection.resolution = actor, at, reason
    objection.save()
    record(
        actor=actor,
        action=f"objection.{objection.status}",
        target=objection,
        data={"nomination": str(nomination.pk)},
    )
    if is_upheld:
        _reject(actor, nomination, reason, at)
    elif not queries.open_objections(objection.notice).exists():
        _resume(actor, nomination, objection, at)
    return objection


def close_due_notices(*, at: dt.datetime) -> int:
    """Award the cards of notices that ran out without an open objection; return how many."""
    due = PublicNotice.objects.filter(ended_at=None, paused_at=None, closes_at__lte=at).order_by("closes_at")
    return act_on_each(lambda: due, lambda pk: close_notice(notice_id=pk, at=at), what="the end of a notice")


@atomic_operation
def close_notice(*, notice_id: UUID, at: dt.datetime) -> bool:
    """Award the card of one notice that ran out; return False if it has ended, was paused, or is not due.

    A case that something stops goes to an officer's desk instead, until a later run finds nothing any more.
    """
    nomination = lock(Nomination.objects.get(notice=notice_id))
    notice = nomination.notice
    if notice.ended_at is not None or notice.paused_at is not None or notice.closes_at > at:
        return False
    if wait_while_stopped(nomination, actor=None, at=at):
        return False
    end_notice(nomination, at=at)
    approve(actor=None, nomination=nomination, at=at)
    return True


def _ensure_complete(**values: str) -> None:
    errors = [
        FieldError(field=field, code="required", message=_("This is needed."))
        for field, value in values.items()
        if not value.strip()
    ]
    if errors:
        raise InvalidInput(errors)


def _reject(actor: User, nomination: Nomination, reason: str, at: dt.datetime) -> None:
    to, grounds = NominationStatus.REJECTED, Grounds(reason=reason)
    step = move(nomination=nomination, to=to, actor=actor, grounds=grounds, at=at, decided_at=at)
    end_notice(nomination, at=at)
    tell_parties(nomination, event="nomination.rejected", fact=step.pk)


def _pause(nomination: Nomination, at: dt.datetime) -> None:
    notice = nomination.notice
    notice.paused_at, notice.days_left = at, working_days_until(notice.closes_at, at=at)
    notice.save(update_fields=["paused_at", "days_left", "updated_at"])
    if nomination.item is not None:
        # What stops the case is decided where the objection is.
        close_item(item=nomination.item, actor=None, at=at)
    limit = queries.limit_of(nomination.basis.policy_id, LimitedStep.OBJECTIONS)
    nomination.item = put_on_desk(nomination, OBJECTIONS_DESK, working_days=limit, at=at)
    nomination.save(update_fields=["item", "updated_at"])


def _resume(actor: User, nomination: Nomination, objection: Objection, at: dt.datetime) -> None:
    notice = nomination.notice = objection.notice
    if nomination.item is not None:
        close_item(item=nomination.item, actor=actor, at=at)
    nomination.item = None
    nomination.save(update_fields=["item", "updated_at"])
    # The public loses no working day of the time it has to object; the day on which it goes on is not counted.
    notice.closes_at = add_working_days(at, notice.days_left)
    notice.paused_at, notice.days_left = None, 0
    notice.save(update_fields=["closes_at", "paused_at", "days_left", "updated_at"])
    tell_parties(nomination, event="nomination.notice_resumed", fact=objection.pk)
    wait_while_stopped(nomination, actor=actor, at=at)
