"""Keep a case from going on while something stops it, and see to it that an officer decides."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import PAST_REVIEWS, STOPS_DESK, NominationStatus, Step
from cards.nominations.models import Nomination, Transition
from cards.nominations.operations.messages import tell_officers, tell_parties
from cards.nominations.operations.objections import end_notice
from cards.nominations.operations.transitions import lock, move, put_on_desk
from cards.nominations.queries import Obstacle
from cards.nominations.writing import Grounds
from talentcard.accounts.models import User
from talentcard.casework.operations import close_item, ensure_free
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation


class CaseStopped(DomainError):
    """Something has to be decided before the case may go on."""

    code = "case_stopped"
    message = _("This case may not go on yet: %(reasons)s")

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(reasons=" ".join(str(obstacle.message) for obstacle in obstacles))
        self.obstacles = obstacles

    def as_dict(self) -> dict[str, Any]:
        """Return the error with each obstacle's code and message."""
        return super().as_dict() | {
            "obstacles": [{"code": each.code, "message": str(each.message)} for each in self.obstacles]
        }


class NotStopped(DomainError):
    """There is nothing that would end the case now."""

    code = "not_stopped"
    message = _("Nothing stops this case after its reviews.")


def ensure_not_stopped(nomination: Nomination, step: Step) -> None:
    """Check that a locked nomination may pass a review.

    :raises CaseStopped: with everything that stops it
    """
    if obstacles := queries.obstacles_to(nomination, step):
        raise CaseStopped(obstacles)


def ensure_may_settle(actor: User, nomination: Nomination, *, at: dt.datetime) -> None:
    """Check that an officer may decide about what stops a locked nomination.

    :raises NotAllowed: if it lies outside the actor's scope or in nobody's hands, or the actor is too near to it
    :raises ItemTaken: if a colleague has taken it on
    """
    if not rules.may_settle(actor, nomination):
        raise NotAllowed
    if nomination.item is not None:
        ensure_free(actor, nomination.item, at=at)


@atomic_operation
def reject_stopped(*, actor: User, nomination: Nomination, reason: str, at: dt.datetime) -> Nomination:
    """Reject a case past its reviews for what stops it; a case at a review is rejected by that review.

    :raises InvalidInput: if no reason is given
    :raises NotAllowed: if the case lies outside the actor's scope, or the actor is too near to it
    :raises ItemTaken: if a colleague has taken it on
    :raises NotStopped: if it is not past its reviews, or nothing stops it
    """
    if not reason.strip():
        raise InvalidInput.of("reason", "required", _("Give the reason."))
    nomination = lock(nomination)
    ensure_may_settle(actor, nomination, at=at)
    if nomination.status not in PAST_REVIEWS or not queries.obstacles_to(nomination, None):
        raise NotStopped
    reject_past_reviews(actor, nomination, reason=reason, at=at)
    return nomination


def reject_past_reviews(actor: User, nomination: Nomination, *, reason: str, at: dt.datetime) -> Transition:
    """Reject a locked nomination that waits for its notice or is under it, and tell its nominator and nominee."""
    to, grounds = NominationStatus.REJECTED, Grounds(reason=reason)
    step = move(nomination=nomination, to=to, actor=actor, grounds=grounds, at=at, decided_at=at)
    step.reason = reason
    step.save(update_fields=["reason", "updated_at"])
    end_notice(nomination, at=at)
    tell_parties(nomination, event="nomination.rejected", fact=step.pk)
    return step


def wait_while_stopped(nomination: Nomination, *, actor: User | None, at: dt.datetime) -> bool:
    """Keep a locked nomination under notice on an officer's desk while anything stops it, and no longer.

    Return whether it is stopped. While the notice is paused the case waits at the desk for objections, and stays there.
    """
    if nomination.status != NominationStatus.PUBLIC_NOTICE:
        return False
    is_stopped = bool(queries.obstacles_to(nomination, None))
    if nomination.notice.paused_at is not None or is_stopped == (nomination.item is not None):
        return is_stopped
    if nomination.item is not None:
        close_item(item=nomination.item, actor=actor, at=at)
    nomination.item = put_on_desk(nomination, STOPS_DESK, at=at) if is_stopped else None
    nomination.save(update_fields=["item", "updated_at"])
    if nomination.item is not None:
        tell_officers(nomination, event="nomination.notice_stopped", fact=nomination.item.pk, at=at)
    return is_stopped
