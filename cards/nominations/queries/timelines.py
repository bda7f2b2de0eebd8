"""A case's history, as each audience may read it."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cards.nominations import rules
from cards.nominations.choices import STATUS_OF_STEP, NominationStatus, Step
from cards.nominations.models import Nomination, Review, Transition
from cards.nominations.queries.answers import answers_in_history
from cards.nominations.queries.integrity import decisive_facts
from cards.nominations.queries.questions import questions_of
from cards.nominations.queries.stop_history import stop_history
from talentcard.accounts.rules import Actor


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """A step in a case's history, as one audience may read it.

    `title` says what happened where no status was reached. `actor` is empty where the audience is not told who;
    `missing` holds objects with `field` and `note`; `agrees` is what a second review says of the first opinion.
    """

    at: dt.datetime
    status: NominationStatus
    actor: str
    reason: str
    missing: list[dict[str, str]]
    title: str | Promise = ""
    agrees: bool | None = None

    @property
    def label(self) -> str:
        """Return what happened in the active language: the status that was reached, unless something else did."""
        return str(self.title or self.status.label)


def timeline(nomination: Nomination, user: Actor) -> list[TimelineEntry]:
    """Return a case's history as a user may read it: a fixed number of queries.

    Officers read all, and those of its scope also what stopped it; the nominator reads everything but who decided;
    the nominee reads the steps alone, and the reason of a rejection, with what is on record if that led to it, and of
    the decision on an appeal. What was answered by links stands among the steps.
    """
    reviews = {
        (str(STATUS_OF_STEP[Step(review.step)]), review.decided_at, review.reviewer_id): review
        for review in nomination.reviews.all()
    }
    is_officer = rules.reads_as_officer(user, nomination)
    is_nominator = rules.files(user, nomination)
    own_side = {nomination.nominator_id, nomination.office_id} - {None}
    entries = []
    for step in nomination.transitions.select_related("actor"):
        review = reviews.get((step.from_status, step.at, step.actor_id)) if step.actor_id else None
        status = NominationStatus(step.to_status)
        if status == NominationStatus.DRAFT and not (is_officer or is_nominator):
            continue
        told = is_officer or is_nominator or status == NominationStatus.REJECTED
        is_own = is_nominator and step.actor is not None and step.actor.organisation_id in own_side
        entries.append(
            TimelineEntry(
                at=step.at,
                status=status,
                actor=str(step.actor) if step.actor and (is_officer or is_own) else "",
                reason=_reason(step, review, nomination) if told or _ends_appeal(step) else "",
                missing=review.missing if review and (is_officer or is_nominator) else [],
                agrees=review.agrees if review and is_officer else None,
            )
        )
    if rules.is_nominee(user, nomination) and not is_nominator:
        entries = _with_decisive_facts(nomination, entries)
    # An answer before the step that follows from it at the same moment.
    asked = _questions(nomination, user)
    entries = sorted([*_answers(nomination, user), *entries, *asked], key=lambda entry: entry.at)
    if rules.may_read_obstacles(user, nomination):
        entries += _stops(nomination, entries)
        entries.sort(key=lambda entry: entry.at)
    return entries


def _ends_appeal(step: Transition) -> bool:
    return step.from_status == NominationStatus.APPEALED


def _reason(step: Transition, review: Review | None, nomination: Nomination) -> str:
    appeal = rules.appeal_of(nomination)
    if _ends_appeal(step) and appeal is not None:
        return appeal.reason
    if step.actor_id is None and step.from_status == NominationStatus.RETURNED:
        return _("It was not corrected in time.")
    return review.reason if review else step.reason


def _answers(nomination: Nomination, user: Actor) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            at=answer.at,
            status=NominationStatus.SUBMITTED,
            title=str(answer.title),
            actor=answer.who,
            reason=answer.words,
            missing=[],
        )
        for answer in answers_in_history(nomination, user)
    ]


def _questions(nomination: Nomination, user: Actor) -> list[TimelineEntry]:
    """Return what was asked and answered; what it was stands with the questions themselves."""
    entries = []
    tells_who = not rules.files(user, nomination)
    for question in questions_of(user, nomination):
        status = STATUS_OF_STEP[Step(question.step)]
        actor = str(question.asked_by) if tells_who else ""
        asked = TimelineEntry(
            at=question.asked_at, status=status, title=_("A question was asked"), actor=actor, reason="", missing=[]
        )
        entries.append(asked)
        if question.answered_at is not None:
            title, actor = _("A question was answered"), str(question.answered_by)
            entries.append(replace(asked, at=question.answered_at, title=title, actor=actor))
    return entries


def _with_decisive_facts(nomination: Nomination, entries: list[TimelineEntry]) -> list[TimelineEntry]:
    """Tell a nominee what is on record against them, and where, once it led to a refusal; not before."""
    if not any(entry.status == NominationStatus.REJECTED for entry in entries):
        return entries
    facts = [f"{fact.get_kind_display()} · {fact.source}" for fact in decisive_facts(nomination)]
    return [
        replace(entry, reason="\n".join([entry.reason, *facts]).strip())
        if entry.status == NominationStatus.REJECTED
        else entry
        for entry in entries
    ]


def _stops(nomination: Nomination, steps: list[TimelineEntry]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            at=stop.at,
            # Where the case stood then.
            status=next((step.status for step in reversed(steps) if step.at <= stop.at), steps[0].status),
            actor=stop.actor,
            reason=stop.reason,
            missing=[],
            title=stop.title,
        )
        for stop in stop_history(nomination)
    ]


def last_return(nomination: Nomination) -> Review | None:
    """Return the review that sent a case back, while it waits for its correction."""
    if nomination.status != NominationStatus.RETURNED:
        return None
    return nomination.reviews.filter(outcome="return").order_by("-decided_at").first()
