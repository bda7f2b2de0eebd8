"""A case's history, as each audience may read it."""

import datetime as dt
from dataclasses import dataclass

from cards.nominations import rules
from cards.nominations.choices import NominationStatus, Step
from cards.nominations.models import Nomination, Review
from talentcard.accounts.rules import Actor, is_auditor


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """A step in a case's history, as one audience may read it.

    `actor` is empty where the audience is not told who; `missing` holds objects with `field` and `note`.
    """

    at: dt.datetime
    status: NominationStatus
    actor: str
    reason: str
    missing: list[dict[str, str]]

    @property
    def label(self) -> str:
        """Return the status's name in the active language."""
        return str(self.status.label)


def timeline(nomination: Nomination, user: Actor) -> list[TimelineEntry]:
    """Return a case's history as a user may read it: two queries.

    Officers read all; the nominator reads everything but who decided; the nominee reads the steps alone, and the
    reason of a rejection.
    """
    reviews = {(review.decided_at, review.reviewer_id): review for review in nomination.reviews.all()}
    is_officer = is_auditor(user) or any(rules.in_scope(user, nomination, step) for step in Step)
    is_nominator = rules.is_nominator_of(user, nomination)
    entries = []
    for step in nomination.transitions.select_related("actor"):
        review = reviews.get((step.at, step.actor_id)) if step.actor_id else None
        status = NominationStatus(step.to_status)
        if status == NominationStatus.DRAFT and not (is_officer or is_nominator):
            continue
        told = is_officer or is_nominator or status == NominationStatus.REJECTED
        is_own = is_nominator and step.actor is not None and step.actor.organisation_id == nomination.nominator_id
        entries.append(
            TimelineEntry(
                at=step.at,
                status=status,
                actor=str(step.actor) if step.actor and (is_officer or is_own) else "",
                reason=review.reason if review and told else "",
                missing=review.missing if review and (is_officer or is_nominator) else [],
            )
        )
    return entries


def last_return(nomination: Nomination) -> Review | None:
    """Return the review that sent a case back, while it waits for its correction."""
    if nomination.status != NominationStatus.RETURNED:
        return None
    return nomination.reviews.filter(outcome="return").order_by("-decided_at").first()
