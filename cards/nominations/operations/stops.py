"""Keep a case from going on while something stops it, and see to it that an officer decides."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.choices import STOPS_DESK, NominationStatus, Step
from cards.nominations.models import Nomination
from cards.nominations.operations.messages import tell_officers
from cards.nominations.operations.transitions import put_on_desk
from cards.nominations.queries import Obstacle
from talentcard.accounts.models import User
from talentcard.casework.operations import close_item
from talentcard.core.errors import DomainError


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


def ensure_not_stopped(nomination: Nomination, step: Step) -> None:
    """Check that a locked nomination may pass a review.

    :raises CaseStopped: with everything that stops it
    """
    if obstacles := queries.obstacles_to(nomination, step):
        raise CaseStopped(obstacles)


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
