"""Decide: the preliminary and the second review."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import STATUS_OF_STEP, NominationStatus, Outcome, Step
from cards.nominations.models import Nomination, Review, Transition
from cards.nominations.operations.approval import approve, await_notice
from cards.nominations.operations.messages import tell_officers, tell_parties
from cards.nominations.operations.stops import ensure_not_stopped
from cards.nominations.operations.transitions import TransitionNotAllowed, lock, move
from cards.nominations.writing import Grounds
from talentcard.accounts.models import User
from talentcard.casework.operations import ItemClosed, ensure_free
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation


class ConflictOfInterest(DomainError):
    """The reviewer is too near to the case."""

    code = "conflict_of_interest"
    message = _("You may not decide this case: you, your employer or your family are too near to it.")
    http_status = 403


class ReviewedOtherStep(DomainError):
    """The reviewer has decided the case's other review."""

    code = "reviewed_other_step"
    message = _("The two reviews are made by different people, and you have made the other one.")
    http_status = 403


class RefusedBefore(DomainError):
    """The reviewer had a part in the refusal that an appeal annulled."""

    code = "refused_before"
    message = _("An appeal annulled the refusal of this case, and you had a part in it: others review it now.")
    http_status = 403


@dataclass(frozen=True, kw_only=True)
class MissingItem:
    """One thing to correct: the field or document it is about, and what is wrong."""

    field: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a reviewer decides and why; a return lists everything that is missing, at once.

    :param agrees: whether the second reviewer agrees with the first opinion
    """

    outcome: Outcome
    reason: str = ""
    missing: Sequence[MissingItem] = ()
    agrees: bool | None = None

    @property
    def grounds(self) -> Grounds:
        """Return why it is decided so, for the document."""
        return Grounds(reason=self.reason, missing=[asdict(item) for item in self.missing])

    def ensure_complete(self) -> None:
        """Check that a refusal or a disagreement gives its reason and a return says what to correct.

        :raises InvalidInput: naming what lacks
        """
        errors = []
        if (self.outcome != Outcome.PASS or self.agrees is False) and not self.reason.strip():
            errors.append(FieldError(field="reason", code="required", message=_("Give the reason.")))
        if self.outcome == Outcome.RETURN and not self.missing:
            errors.append(FieldError(field="missing", code="required", message=_("List everything to correct.")))
        if errors:
            raise InvalidInput(errors)


@atomic_operation
def review_preliminary(
    *,
    actor: User,
    nomination: Nomination,
    outcome: Outcome,
    at: dt.datetime,
    reason: str = "",
    missing: Sequence[MissingItem] = (),
    item_id: UUID | None = None,
) -> Nomination:
    """Make the preliminary review 初审 of a case: pass it on, return it, or reject it.

    :param item_id: the work item the reviewer looked at; after another round it is no longer the one that waits
    :raises InvalidInput: if a refusal has no reason, or a return lists nothing or what is not part of the case
    :raises NotAllowed: if the case lies outside the actor's scope
    :raises ConflictOfInterest: if the actor is too near to it
    :raises ReviewedOtherStep: if the actor made its second review
    :raises RefusedBefore: if the actor had a part in a refusal that an appeal annulled
    :raises TransitionNotAllowed: if it does not wait for this review
    :raises ItemTaken: if a colleague has taken it on
    :raises ItemClosed: if it waits for another decision than the reviewer looked at
    :raises CaseStopped: if it is to pass while something stops it
    """
    decision = Decision(outcome=outcome, reason=reason, missing=missing)
    nomination = _record_review(actor, nomination, Step.PRELIMINARY, decision, item_id, at)
    if outcome == Outcome.PASS:
        step = move(nomination=nomination, to=NominationStatus.SECOND_REVIEW, actor=actor, at=at)
        tell_parties(nomination, event="nomination.second_review", fact=step.pk)
        tell_officers(nomination, event="nomination.waits_second", fact=step.pk, at=at)
    else:
        _refuse(actor, nomination, decision, at)
    return nomination


@atomic_operation
def review_second(
    *,
    actor: User,
    nomination: Nomination,
    outcome: Outcome,
    at: dt.datetime,
    reason: str = "",
    missing: Sequence[MissingItem] = (),
    agrees: bool | None = None,
    item_id: UUID | None = None,
) -> Nomination:
    """Make the second review 复核 of a case: pass it to notice or award, return it, or reject it.

    Passed, it waits for its public notice where its basis asks for one; people under secrecy never come under it.

    :param agrees: whether the reviewer agrees with the first opinion; it must be said where there is one
    :param item_id: the work item the reviewer looked at; after another round it is no longer the one that waits
    :raises InvalidInput: if a refusal or a disagreement has no reason, a return lists nothing, or `agrees` is lacking
    :raises NotAllowed: if the case lies outside the actor's scope
    :raises ConflictOfInterest: if the actor is too near to it
    :raises ReviewedOtherStep: if the actor made its preliminary review
    :raises RefusedBefore: if the actor had a part in a refusal that an appeal annulled
    :raises TransitionNotAllowed: if it does not wait for this review
    :raises ItemTaken: if a colleague has taken it on
    :raises ItemClosed: if it waits for another decision than the reviewer looked at
    :raises CaseStopped: if it is to pass while something stops it
    """
    decision = Decision(outcome=outcome, reason=reason, missing=missing, agrees=agrees)
    nomination = _record_review(actor, nomination, Step.SECOND, decision, item_id, at)
    if outcome != Outcome.PASS:
        _refuse(actor, nomination, decision, at)
    elif nomination.basis.needs_notice and not nomination.talent.is_secret:
        await_notice(actor=actor, nomination=nomination, at=at)
    else:
        approve(actor=actor, nomination=nomination, grounds=decision.grounds, at=at)
    return nomination


def _record_review(
    actor: User, nomination: Nomination, step: Step, decision: Decision, item_id: UUID | None, at: dt.datetime
) -> Nomination:
    decision.ensure_complete()
    nomination = lock(nomination)
    ensure_may_review(actor, nomination, step, at)
    if item_id is not None and item_id != nomination.item_id:
        raise ItemClosed(number=nomination.number)
    if decision.outcome == Outcome.PASS:
        ensure_not_stopped(nomination, step)
    _ensure_known_topics(nomination, decision)
    agrees = _agreement(nomination, decision) if step == Step.SECOND else None
    Review.objects.create(
        nomination=nomination,
        round=nomination.round,
        step=step,
        reviewer=actor,
        outcome=decision.outcome,
        reason=decision.reason,
        missing=[asdict(item) for item in decision.missing],
        agrees=agrees,
        decided_at=at,
    )
    return nomination


def _agreement(nomination: Nomination, decision: Decision) -> bool | None:
    """Return what the second reviewer says of the first opinion; where there is none, nothing can be said of it.

    :raises InvalidInput: naming `agrees`, if nothing is said or a case is refused in agreement with who passed it
    """
    first = nomination.reviews.filter(step=Step.PRELIMINARY).last()
    if first is None:
        return None
    ensure_agreement_said(decision)
    if decision.agrees and decision.outcome == Outcome.REJECT and first.outcome == Outcome.PASS:
        message = _("The first reviewer passed this case: whoever refuses it does not agree.")
        raise InvalidInput.of("agrees", "contradictory", message)
    return decision.agrees


def _ensure_known_topics(nomination: Nomination, decision: Decision) -> None:
    """Check that each thing to correct is about a field or a document of the case, or about it as a whole.

    :raises InvalidInput: naming the row of each that is not, counted from 1
    """
    message = _("This is neither a field nor a document of the case.")
    if unknown := queries.unknown_topics(nomination, [item.field for item in decision.missing]):
        raise InvalidInput(
            FieldError(field="missing", code="unknown_topic", message=message, row=position + 1) for position in unknown
        )


def ensure_agreement_said(decision: Decision) -> None:
    """Check that a second review says whether it agrees with the first opinion.

    :raises InvalidInput: naming `agrees`
    """
    if decision.agrees is None:
        raise InvalidInput.of("agrees", "required", _("Say whether you agree with the first opinion."))


def ensure_may_review(actor: User, nomination: Nomination, step: Step, at: dt.datetime) -> None:
    """Check that a step of a locked case is the actor's to decide now; `rules.may_review`, saying why not."""
    if not rules.in_scope(actor, nomination, step):
        raise NotAllowed
    if rules.has_conflict(actor, nomination):
        raise ConflictOfInterest
    if rules.has_reviewed_other_step(actor, nomination, step):
        raise ReviewedOtherStep
    if rules.has_refused(actor, nomination):
        raise RefusedBefore
    if nomination.status != STATUS_OF_STEP[step]:
        raise TransitionNotAllowed(status=NominationStatus(nomination.status).label)
    if nomination.item is not None:
        ensure_free(actor, nomination.item, at=at)


def _refuse(actor: User, nomination: Nomination, decision: Decision, at: dt.datetime) -> Transition:
    if decision.outcome == Outcome.RETURN:
        # The clock stops while the case waits on its nominator.
        to, grounds = NominationStatus.RETURNED, decision.grounds
        step = move(nomination=nomination, to=to, actor=actor, grounds=grounds, at=at)
        tell_parties(nomination, event="nomination.returned", nominee_event="nomination.returned_nominee", fact=step.pk)
        return step
    to, grounds = NominationStatus.REJECTED, decision.grounds
    step = move(nomination=nomination, to=to, actor=actor, grounds=grounds, at=at, decided_at=at)
    tell_parties(nomination, event="nomination.rejected", fact=step.pk)
    return step
