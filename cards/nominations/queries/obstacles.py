"""What stops a case until somebody has decided about it.

The one mechanism for it: whoever knows of a reason why a case may not go on adds a finder. A review does not pass a
case, and no notice ends in an award, while any finder finds something; returning and rejecting are always open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from cards.nominations.choices import STEP_OF_STATUS, NominationStatus, Step
from cards.nominations.models import Nomination


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """A reason why a case may not go on, as officers read it: never who somebody else is.

    :param url_name: the page on which an officer deals with it, by the name of its path; it takes the case's key
    """

    code: str
    message: str | Promise
    url_name: str = ""


# Of a case and the review it is to pass, or None for the end of its notice. At most a fixed number of queries each.
Finder = Callable[[Nomination, Step | None], Iterator[Obstacle]]

FINDERS: tuple[Finder, ...] = ()


def obstacles_to(nomination: Nomination, step: Step | None) -> list[Obstacle]:
    """Return what keeps a case from passing a review, or with None, its notice from ending in an award."""
    return [obstacle for find in FINDERS for obstacle in find(nomination, step)]


def present_obstacles(nomination: Nomination) -> list[Obstacle]:
    """Return what keeps a case from going on from where it stands; nothing for one that waits for no officer."""
    status = NominationStatus(nomination.status)
    if status == NominationStatus.PUBLIC_NOTICE or status in STEP_OF_STATUS:
        return obstacles_to(nomination, STEP_OF_STATUS.get(status))
    return []
