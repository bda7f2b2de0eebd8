"""Who is told of a step."""

import datetime as dt
from uuid import UUID

from cards.nominations import queries
from cards.nominations.choices import Step
from cards.nominations.models import Nomination
from talentcard.notifications.operations import notify


def tell_parties(nomination: Nomination, *, event: str, fact: UUID, nominee_event: str | None = None) -> None:
    """Tell the nominator and, if they have an account, the nominee of a fact, each once."""
    tell_nominator(nomination, event=event, fact=fact)
    user = nomination.talent.user
    if user is not None and user != nomination.filed_by:
        _tell(nomination, user, nominee_event or event, fact)


def tell_nominator(nomination: Nomination, *, event: str, fact: UUID) -> None:
    """Tell the person who filed the nomination."""
    _tell(nomination, nomination.filed_by, event, fact)


def tell_officers(nomination: Nomination, *, event: str, step: Step, fact: UUID, at: dt.datetime) -> None:
    """Tell the officers in whose scope a step of the nomination lies."""
    for officer in queries.officers_for(nomination, step, at=at):
        _tell(nomination, officer, event, fact)


def _tell(nomination: Nomination, recipient: object, event: str, fact: UUID) -> None:
    notify(
        event=event,
        recipient=recipient,
        key=f"{nomination.pk}:{fact}",
        params={"number": nomination.number},
        url=nomination.get_absolute_url(),
    )
