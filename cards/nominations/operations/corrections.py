"""The time a nominator has to correct a returned case.

It counts from the return, in working days, under the policy the case was filed under. The nominator is reminded in the
last working day before it ends. When it is over, the case is closed as withdrawn, and its quota given back; where the
policy says that cases do not lapse, the nominator is told once more and the case waits on. No case is closed without
the reminder: if that could not be sent in time, the time goes on for a working day from when it is.

What is due is read from the cases themselves, so nothing is forgotten while the service is down; the mark that the
nominator was told commits with the message, so nobody is told twice.
"""

import datetime as dt
from uuid import UUID

from django.db.models import F, QuerySet

from cards.nominations.choices import NominationStatus
from cards.nominations.models import Nomination
from cards.nominations.operations.messages import tell_nominator, tell_parties
from cards.nominations.operations.transitions import lock, move
from talentcard.core.transactions import act_on_each, atomic_operation
from talentcard.core.workdays import add_working_days

REMINDER_DAYS = 1


def chase_corrections(*, at: dt.datetime) -> int:
    """Send the reminders that are due and end what was not corrected in time; return how many cases were acted on."""
    reminded = act_on_each(
        lambda: _to_remind(at), lambda pk: remind_to_correct(nomination_id=pk, at=at), what="a reminder to correct"
    )
    return reminded + act_on_each(
        lambda: _run_out(at), lambda pk: end_correction(nomination_id=pk, at=at), what="the end of a correction"
    )


@atomic_operation
def remind_to_correct(*, nomination_id: UUID, at: dt.datetime) -> bool:
    """Remind a nominator that the time to correct a case ends; return False if that is done or the case moved on."""
    nomination = _lock(_to_remind(at), nomination_id)
    if nomination is None or nomination.correct_by is None:
        return False
    nomination.correction_told_at = at
    if nomination.correct_by <= at:
        nomination.correct_by = add_working_days(at, REMINDER_DAYS)
    nomination.save(update_fields=["correction_told_at", "correct_by", "updated_at"])
    tell_nominator(nomination, event="nomination.correction_due", fact=_return(nomination))
    return True


@atomic_operation
def end_correction(*, nomination_id: UUID, at: dt.datetime) -> bool:
    """Close a case that was not corrected in time, or tell its nominator where policy lets it wait on."""
    nomination = _lock(_run_out(at), nomination_id)
    if nomination is None:
        return False
    if nomination.policy.lapses_uncorrected:
        step = move(nomination=nomination, to=NominationStatus.WITHDRAWN, actor=None, at=at, decided_at=at)
        tell_parties(nomination, event="nomination.lapsed", fact=step.pk)
    else:
        nomination.correction_told_at = at
        nomination.save(update_fields=["correction_told_at", "updated_at"])
        tell_nominator(nomination, event="nomination.correction_overdue", fact=_return(nomination))
    return True


def _to_remind(at: dt.datetime) -> QuerySet[Nomination]:
    soon = add_working_days(at, REMINDER_DAYS)
    return Nomination.objects.filter(
        status=NominationStatus.RETURNED, correct_by__lte=soon, correction_told_at__isnull=True
    ).order_by("correct_by")


def _run_out(at: dt.datetime) -> QuerySet[Nomination]:
    # Told since it ended: policy lets it wait on.
    return Nomination.objects.filter(
        status=NominationStatus.RETURNED, correct_by__lte=at, correction_told_at__lt=F("correct_by")
    ).order_by("correct_by")


def _lock(due: QuerySet[Nomination], nomination_id: UUID) -> Nomination | None:
    nomination = lock(Nomination(pk=nomination_id))
    return nomination if due.filter(pk=nomination_id).exists() else None


def _return(nomination: Nomination) -> UUID:
    """Return which return to the nominator this is: each is told of by itself."""
    returns = nomination.transitions.filter(to_status=NominationStatus.RETURNED)
    return returns.order_by("-at", "-created_at").values_list("pk", flat=True)[0]
