"""What follows a passed second review: the wait for the public notice, or the award."""

import datetime as dt
import hashlib

from cards.issuance.choices import Route
from cards.issuance.operations import award_card
from cards.nominations.choices import NominationStatus
from cards.nominations.models import Nomination, Transition
from cards.nominations.operations.messages import tell_officers, tell_parties
from cards.nominations.operations.transitions import move
from cards.nominations.rules import appeal_of
from cards.nominations.writing import Grounds
from talentcard.accounts.models import User


def await_notice(*, actor: User, nomination: Nomination, at: dt.datetime) -> Transition:
    """Approve a locked nomination in principle: it waits to be put under public notice with others."""
    step = move(nomination=nomination, to=NominationStatus.AWAITING_NOTICE, actor=actor, at=at)
    tell_parties(nomination, event="nomination.approved_in_principle", fact=step.pk)
    tell_officers(nomination, event="nomination.waits_release", fact=step.pk, at=at)
    return step


def approve(
    *, actor: User | None, nomination: Nomination, at: dt.datetime, grounds: Grounds | None = None
) -> Transition:
    """Approve a locked nomination and award its card.

    :param actor: None where a notice that nobody objected to has run out
    """
    step = move(nomination=nomination, to=NominationStatus.APPROVED, actor=actor, grounds=grounds, at=at, decided_at=at)
    award_card(
        actor=actor,
        case_id=nomination.pk,
        holder=nomination.talent,
        tier=nomination.tier,
        route=Route(nomination.basis.route),
        basis=nomination.basis,
        evidence_hash=evidence_hash(nomination),
        at=at,
    )
    tell_parties(nomination, event="nomination.approved", fact=step.pk)
    return step


def evidence_hash(nomination: Nomination) -> str:
    """Return the SHA-256, in hex, of the sorted hex hashes of a case's documents, an appeal's too, one a line."""
    hashes = list(nomination.evidence.values_list("document__sha256", flat=True))
    if (appeal := appeal_of(nomination)) is not None:
        hashes += appeal.documents.values_list("document__sha256", flat=True)
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(hashes)).encode()).hexdigest()
