"""What follows a passed second review: the public notice, the award."""

import datetime as dt
import hashlib

from cards.issuance.choices import Route
from cards.issuance.operations import award_card
from cards.nominations.choices import NominationStatus
from cards.nominations.models import Nomination, PublicNotice, Transition
from cards.nominations.operations.messages import tell_parties
from cards.nominations.operations.transitions import move
from cards.nominations.rules import appeal_of
from cards.nominations.writing import Grounds
from talentcard.accounts.models import User
from talentcard.core.workdays import add_working_days


def open_notice(*, actor: User, nomination: Nomination, grounds: Grounds, at: dt.datetime) -> PublicNotice:
    """Put a locked nomination under public notice, for the working days its basis asks for."""
    closes_at = add_working_days(at, nomination.basis.notice_working_days)
    step = move(nomination=nomination, to=NominationStatus.PUBLIC_NOTICE, actor=actor, grounds=grounds, at=at)
    # After an appeal against a refusal under notice there is one that ended: it begins anew.
    begun = {"opened_at": at, "closes_at": closes_at, "paused_at": None, "days_left": 0, "ended_at": None}
    notice, _created = PublicNotice.objects.update_or_create(nomination=nomination, defaults=begun)
    tell_parties(nomination, event="nomination.public_notice", fact=step.pk)
    return notice


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
