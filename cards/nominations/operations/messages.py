"""Who is told of a step."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from cards.nominations import queries
from cards.nominations.choices import Source
from cards.nominations.models import Nomination
from talentcard.casework.queries import told_of
from talentcard.notifications.operations import notify


def tell_parties(nomination: Nomination, *, event: str, fact: UUID, nominee_event: str | None = None) -> None:
    """Tell the nominator and, if they have an account, the nominee of a fact, each once."""
    tell_nominator(nomination, event=event, fact=fact)
    user = nomination.talent.user
    if user is not None and user != nomination.filed_by:
        _tell(nomination, user, nominee_event or event, fact)


def tell_nominator(nomination: Nomination, *, event: str, fact: UUID) -> None:
    """Tell the person who filed the nomination; where that is no one of the nominator's own, its nominators."""
    if nomination.source != Source.SYSTEM:
        _tell(nomination, nomination.filed_by, event, fact)
    if nomination.source in (Source.WINDOW, Source.SYSTEM):
        for person in queries.nominators_of(nomination.nominator_id, at=timezone.now()):
            _tell(nomination, person, event, fact)


def tell_officers(
    nomination: Nomination, *, event: str, fact: UUID, at: dt.datetime, besides: Collection[UUID] = ()
) -> None:
    """Tell the officer who has the nomination, or all in whose scope it waits, besides some who may not act on it."""
    item = nomination.item
    if item is None:
        return
    for officer in told_of(item, at=at):
        if officer.pk not in besides:
            _tell(nomination, officer, event, fact)


def _tell(nomination: Nomination, recipient: object, event: str, fact: UUID) -> None:
    notify(
        event=event,
        recipient=recipient,
        key=f"{nomination.pk}:{fact}",
        params={"number": nomination.number},
        url=nomination.get_absolute_url(),
    )
