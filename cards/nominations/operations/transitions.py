"""The one door through which a nomination changes its status."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from cards.nominations import rules
from cards.nominations.choices import (
    APPEALS_DESK,
    RELEASE_DESK,
    STEP_OF_STATUS,
    TRANSITIONS,
    UNSUCCESSFUL,
    LimitedStep,
    NominationStatus,
    Outcome,
    Step,
)
from cards.nominations.models import Nomination, Transition
from cards.nominations.operations.decisions import put_in_writing
from cards.nominations.operations.quotas import release_quota
from cards.nominations.queries import limit_of
from cards.nominations.writing import Grounds
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.models import WorkItem
from talentcard.casework.operations import close_item, open_item
from talentcard.casework.rules import absence_of
from talentcard.core.errors import DomainError
from talentcard.core.transactions import atomic_operation
from talentcard.core.workdays import add_working_days


class TransitionNotAllowed(DomainError):
    """The nomination is at another step now."""

    code = "transition_not_allowed"
    message = _("This is not possible while the nomination is: %(status)s.")


def lock(nomination: Nomination) -> Nomination:
    """Return the row as it is now, locked until the transaction ends.

    An operation's checks come after this: two people may decide at the same moment.
    """
    # The lock first and by itself: a row that was waited for is read anew, but what is joined to it is not.
    Nomination.objects.select_for_update().values_list("pk").get(pk=nomination.pk)
    return Nomination.objects.for_one().get(pk=nomination.pk)


def ensure_may_move(nomination: Nomination, to: NominationStatus) -> None:
    """Check the table of transitions.

    :raises TransitionNotAllowed: if it does not list this step
    """
    status = NominationStatus(nomination.status)
    if to not in TRANSITIONS[status]:
        raise TransitionNotAllowed(status=status.label)


@atomic_operation
def move(
    *,
    nomination: Nomination,
    to: NominationStatus,
    actor: User | None,
    at: dt.datetime,
    grounds: Grounds | None = None,
    **changes: Any,
) -> Transition:
    """Move a nomination to a status, with whatever fields change alongside; note it in its history and the log.

    It leaves the desk it was on, and arrives at the next one. What leads to no card gives its quota back. A decision
    is put in writing.

    :param nomination: a row the caller has locked; it is updated in place
    :param grounds: why it is decided so, for the document
    :param changes: further fields of the nomination to set
    :raises TransitionNotAllowed: if the table does not list this step, or the row is no longer where it was
    """
    ensure_may_move(nomination, to)
    before = nomination.status
    if nomination.item is not None:
        close_item(item=nomination.item, actor=actor, at=at)
    # What is still asked of its nominator was asked for the review that ends.
    nomination.questions.open().update(closed_at=at, updated_at=at)
    if to in UNSUCCESSFUL:
        release_quota(nomination=nomination, at=at)
    if to == NominationStatus.RETURNED:
        changes |= _time_to_correct(nomination, at)
    changes["item"] = _arrive(nomination, to, at)
    moved = Nomination.objects.filter(pk=nomination.pk, status=before).update(status=to, updated_at=at, **changes)
    if not moved:
        raise TransitionNotAllowed(status=NominationStatus(before).label)
    for name, value in {"status": to, **changes}.items():
        setattr(nomination, name, value)
    step = Transition.objects.create(nomination=nomination, from_status=before, to_status=to, actor=actor, at=at)
    record(actor=actor, action=f"nomination.{to}", target=nomination, data={"from": before, "round": nomination.round})
    put_in_writing(nomination, step, grounds or Grounds())
    return step


def put_on_desk(
    nomination: Nomination,
    desk: str,
    *,
    at: dt.datetime,
    working_days: int | None = None,
    assignee: User | None = None,
) -> WorkItem:
    """Open a locked nomination's work item at a desk; the caller notes it on the nomination."""
    return open_item(
        desk=desk,
        subject_id=nomination.pk,
        number=nomination.number,
        district=nomination.district,
        tier=nomination.tier.code,
        working_days=working_days,
        assignee=assignee,
        at=at,
    )


def _time_to_correct(nomination: Nomination, at: dt.datetime) -> dict[str, Any]:
    limit = limit_of(nomination.basis.policy_id, LimitedStep.CORRECTION)
    return {"correct_by": add_working_days(at, limit) if limit else None, "correction_told_at": None}


def _arrive(nomination: Nomination, to: NominationStatus, at: dt.datetime) -> WorkItem | None:
    if to == NominationStatus.APPEALED:
        limit = limit_of(nomination.basis.policy_id, LimitedStep.APPEAL)
        return put_on_desk(nomination, APPEALS_DESK, working_days=limit, at=at)
    if to == NominationStatus.AWAITING_NOTICE:
        limit = limit_of(nomination.basis.policy_id, LimitedStep.RELEASE)
        return put_on_desk(nomination, RELEASE_DESK, working_days=limit, at=at)
    step = STEP_OF_STATUS.get(to)
    if step is None:
        return None
    limit = limit_of(nomination.basis.policy_id, LimitedStep(step))
    return put_on_desk(
        nomination, step.desk, working_days=limit, assignee=_who_returned_it(nomination, step, at), at=at
    )


def _who_returned_it(nomination: Nomination, step: Step, at: dt.datetime) -> User | None:
    """Return the officer who asked for the correction at this step, if they are at work and still may review."""
    reviews = nomination.reviews.filter(step=step, outcome=Outcome.RETURN).select_related("reviewer")
    review = reviews.order_by("-decided_at").first()
    if review is None or absence_of(review.reviewer_id, at=at) is not None:
        return None
    is_fit = rules.in_scope(review.reviewer, nomination, step) and not (
        rules.has_conflict(review.reviewer, nomination) or rules.has_refused(review.reviewer, nomination)
    )
    return review.reviewer if is_fit else None
