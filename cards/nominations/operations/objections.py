"""End a notice, whichever way its case ends."""

import datetime as dt

from cards.nominations.choices import ObjectionStatus
from cards.nominations.models import Nomination, Objection, PublicNotice


def end_notice(nomination: Nomination, *, at: dt.datetime) -> None:
    """End a locked nomination's notice, if it has one that runs; what is still objected lapses."""
    ended = PublicNotice.objects.filter(nomination=nomination, ended_at=None).update(ended_at=at, updated_at=at)
    if ended:
        Objection.objects.filter(notice__nomination=nomination, status=ObjectionStatus.OPEN).update(
            status=ObjectionStatus.LAPSED, updated_at=at
        )
