"""How a case's parties rate its handling 好差评, once it has ended."""

import datetime as dt

from cards.nominations import queries, rules
from cards.nominations.choices import ENDED, RATING_KIND, NominationStatus
from cards.nominations.models import Nomination
from cards.nominations.operations.transitions import TransitionNotAllowed, lock
from talentcard.accounts.models import User
from talentcard.casework.models import Rating
from talentcard.casework.operations import rate
from talentcard.core.errors import NotAllowed
from talentcard.core.transactions import atomic_operation


@atomic_operation
def rate_nomination(*, actor: User, nomination: Nomination, level: int, at: dt.datetime, comment: str = "") -> Rating:
    """Rate in five levels how a case was handled, once; a low rating goes to the head of the office that decided it.

    :raises TransitionNotAllowed: before it is approved or rejected, and while an appeal is open
    :raises NotAllowed: if the actor is not its nominator, its nominee or the clerk who filed it
    :raises InvalidInput: if there is no such level
    :raises AlreadyRated: the second time
    """
    nomination = lock(nomination)
    if not rules.may_rate(actor, nomination):
        if nomination.status in ENDED:
            raise NotAllowed
        raise TransitionNotAllowed(status=NominationStatus(nomination.status).label)
    return rate(
        actor=actor,
        kind=RATING_KIND,
        subject_id=nomination.pk,
        number=nomination.number,
        level=level,
        comment=comment,
        office=queries.office_that_decided(nomination),
        at=at,
    )
