"""People who may be one: suspected by name and birth date, decided by an officer."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.choices import DuplicateVerdict
from cards.nominations.models import Nomination, SuspectedDuplicate
from cards.nominations.operations.recusals import take_off_recused
from cards.nominations.operations.stops import ensure_may_settle, wait_while_stopped
from cards.nominations.operations.transitions import lock
from cards.talents.models import Talent
from cards.talents.operations import mark_one_person
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation


class NotSuspected(DomainError):
    """Nobody suspects the two of being one person."""

    code = "not_suspected"
    message = _("There is nothing to decide about these two records.")
    http_status = 404


class DuplicateDecided(DomainError):
    """An officer has decided about the pair."""

    code = "duplicate_decided"
    message = _("It was decided already whether these two records are of one person.")


@atomic_operation
def note_look_alikes(*, actor: User, nomination: Nomination, at: dt.datetime) -> None:
    """Note who may be the same person as the nominee of a locked nomination; a pair that is known stays as it is."""
    for other in queries.undecided_look_alikes(nomination.talent):
        _note(actor, nomination, other, at)


@atomic_operation
def decide_duplicate(
    *, actor: User, nomination: Nomination, other: Talent, is_same: bool, reason: str, at: dt.datetime
) -> SuspectedDuplicate:
    """Decide whether a case's nominee and a look-alike are one person; asked and answered once for every pair.

    One person has one live nomination and one live card, under whichever document: as one person's second, the case
    stays stopped as long as the other lasts.

    :raises InvalidInput: if no reason is given
    :raises NotAllowed: if the case lies outside the actor's scope or in nobody's hands, or the actor is too near
    :raises ItemTaken: if a colleague has taken it on
    :raises NotSuspected: if they bear different names or birth dates
    :raises DuplicateDecided: if it was decided before
    """
    if not reason.strip():
        raise InvalidInput.of("reason", "required", _("Give the reason."))
    nomination = lock(nomination)
    ensure_may_settle(actor, nomination, at=at)
    if other.user_id == actor.pk:
        raise NotAllowed
    pair = _lock_pair(actor, nomination, other, at)
    if pair.verdict != DuplicateVerdict.OPEN:
        raise DuplicateDecided
    pair.verdict = DuplicateVerdict.SAME if is_same else DuplicateVerdict.DIFFERENT
    pair.decided_by, pair.decided_at, pair.reason = actor, at, reason
    pair.save(update_fields=["verdict", "decided_by", "decided_at", "reason", "updated_at"])
    record(actor=actor, action=f"duplicate.{pair.verdict}", target=pair, data={"nomination": str(nomination.pk)})
    if is_same:
        mark_one_person(actor=actor, one=nomination.talent, other=other)
        nomination.talent.refresh_from_db(fields=["same_as"])
        take_off_recused(talent=nomination.talent, at=at)
    wait_while_stopped(nomination, actor=actor, at=at)
    return pair


def _note(actor: User, nomination: Nomination, other: Talent, at: dt.datetime) -> SuspectedDuplicate:
    first, second = sorted((nomination.talent, other), key=lambda talent: talent.pk)
    pair, is_new = SuspectedDuplicate.objects.get_or_create(
        first=first, second=second, defaults={"found_at": at, "found_by": nomination}
    )
    if is_new:
        record(actor=actor, action="duplicate.suspected", target=pair, data={"nomination": str(nomination.pk)})
    return pair


def _lock_pair(actor: User, nomination: Nomination, other: Talent, at: dt.datetime) -> SuspectedDuplicate:
    known = queries.pairs_of(nomination.talent).select_for_update(of=("self",))
    pair = known.filter(first=other).first() or known.filter(second=other).first()
    if pair is None and other in queries.undecided_look_alikes(nomination.talent):
        # Both were entered at the same moment: neither submission saw the other.
        pair = _note(actor, nomination, other, at)
    if pair is None:
        raise NotSuspected
    return pair
