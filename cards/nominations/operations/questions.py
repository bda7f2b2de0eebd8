"""Questions to a nominator while a case stays under review.

A return sends the whole case back; a question only asks. The clock of the review stands still until the answer, but no
longer than a correction may take, counted from the first question of that review: then it goes on, whatever else is
asked, and questions may still be answered. What runs out is read from the questions themselves, so nothing is forgotten
while the service is down.
"""

import datetime as dt
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import STEP_OF_STATUS, LimitedStep, NominationStatus, Step
from cards.nominations.models import Nomination, Question, QuestionQuerySet
from cards.nominations.operations.messages import tell_nominator, tell_officers
from cards.nominations.operations.review import ensure_may_review
from cards.nominations.operations.transitions import TransitionNotAllowed, lock
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.operations import restart_clock, stop_clock
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import act_on_each, atomic_operation
from talentcard.core.workdays import add_working_days

# Together, whoever asked them: what needs more than that is a return.
MAX_OPEN = 20
# In the last working day before the time for the answer is over; a time no longer than that needs no reminder.
REMINDER_DAYS = 1


class TooManyQuestions(DomainError):
    """The case has as many open questions as one may."""

    code = "too_many_questions"
    message = _("A case has at most %(limit)s open questions: return it, and list everything to correct.")


class QuestionEnded(DomainError):
    """The question was answered, taken back, or the review it belongs to is over."""

    code = "question_ended"
    message = _("This question was answered, or is not asked any more.")


@atomic_operation
def ask_question(*, actor: User, nomination: Nomination, text: str, at: dt.datetime, topic: str = "") -> Question:
    """Ask the nominator about a field, a document, or the case as a whole; the review's clock stops for the answer.

    One that is overdue does not stop, nor does one that has waited for answers as long as it may:
    `question.nomination.item` says which.

    :param topic: what it is about, as a return names it; empty for the case as a whole
    :raises InvalidInput: naming `text` if it is empty, `topic` if it is neither a field nor a document of the case
    :raises TransitionNotAllowed: if the case is not under review
    :raises NotAllowed, ConflictOfInterest, ReviewedOtherStep, RefusedBefore, ItemTaken: if the review is not the
        actor's to make
    :raises TooManyQuestions: if enough of them wait for an answer
    """
    text = _said(text, field="text", message=_("Say what you ask."))
    nomination = lock(nomination)
    step = STEP_OF_STATUS.get(NominationStatus(nomination.status))
    if step is None or nomination.item is None:
        raise TransitionNotAllowed(status=NominationStatus(nomination.status).label)
    ensure_may_review(actor, nomination, step, at)
    if queries.unknown_topics(nomination, [topic]):
        raise InvalidInput.of("topic", "unknown_topic", _("This is neither a field nor a document of the case."))
    if nomination.questions.open().count() >= MAX_OPEN:
        raise TooManyQuestions(limit=MAX_OPEN)
    ends = _end_of_waiting(nomination, step, at)
    is_waited_for = ends is None or ends > at
    question = Question.objects.create(
        nomination=nomination,
        round=nomination.round,
        step=step,
        topic=topic,
        text=text,
        asked_by=actor,
        asked_at=at,
        holds_clock=is_waited_for,
        waits_until=ends if is_waited_for else None,
        reminded_at=at if ends is not None and ends <= add_working_days(at, REMINDER_DAYS) else None,
    )
    if is_waited_for:
        nomination.item = stop_clock(item=nomination.item, at=at)
    _note(actor, "nomination.question_asked", question)
    tell_nominator(nomination, event="nomination.question", fact=question.pk)
    return question


@atomic_operation
def answer_question(*, actor: User, question: Question, answer: str, at: dt.datetime) -> Question:
    """Answer a question, on the nominator's side; after the last one that was waited for the clock goes on.

    :raises InvalidInput: naming `answer`, if it is empty
    :raises NotAllowed: if the actor does not file the case
    :raises QuestionEnded: if it was answered or closed before
    :raises CalendarUnknown: if the review's deadline would lie in a year whose holidays are unknown
    """
    answer = _said(answer, field="answer", message=_("Write the answer."))
    nomination, question = _lock(question)
    if not rules.files(actor, nomination):
        raise NotAllowed
    if not question.is_open:
        raise QuestionEnded
    question.answer, question.answered_by, question.answered_at = answer, actor, at
    question.save(update_fields=["answer", "answered_by", "answered_at", "updated_at"])
    _go_on(nomination, at)
    _note(actor, "nomination.question_answered", question)
    tell_officers(nomination, event="nomination.question_answered", fact=question.pk, at=at)
    return question


@atomic_operation
def take_question_back(*, actor: User, question: Question, at: dt.datetime) -> Question:
    """Ask no more, as whoever may decide the review.

    :raises NotAllowed: if the actor may not
    :raises QuestionEnded: if it was answered or closed before
    """
    nomination, question = _lock(question)
    if not rules.may_take_back(actor, nomination, question):
        raise NotAllowed
    if not question.is_open:
        raise QuestionEnded
    question.closed_at = at
    question.save(update_fields=["closed_at", "updated_at"])
    _go_on(nomination, at)
    _note(actor, "nomination.question_taken_back", question)
    return question


def chase_questions(*, at: dt.datetime) -> int:
    """Remind of the questions whose time is nearly over, and wait no longer for those where it is; return how many."""
    reminded = act_on_each(lambda: _to_remind(at), lambda pk: _remind(pk, at=at), what="a reminder of a question")
    return reminded + act_on_each(
        lambda: _run_out(at), lambda pk: _wait_no_longer(pk, at=at), what="the end of waiting for an answer"
    )


def _end_of_waiting(nomination: Nomination, step: Step, at: dt.datetime) -> dt.datetime | None:
    """Return until when a review waits for answers, in all: asking again and again gains no time."""
    limit = queries.limit_of(nomination.basis.policy_id, LimitedStep.CORRECTION)
    if not limit:
        return None
    asked = nomination.questions.filter(round=nomination.round, step=step, waits_until__isnull=False)
    first = asked.order_by("asked_at").first()
    return first.waits_until if first is not None else add_working_days(at, limit)


def _to_remind(at: dt.datetime) -> QuestionQuerySet:
    soon = add_working_days(at, REMINDER_DAYS)
    due = Question.objects.holding().filter(waits_until__lte=soon, waits_until__gt=at, reminded_at=None)
    return due.order_by("waits_until")


def _run_out(at: dt.datetime) -> QuestionQuerySet:
    return Question.objects.holding().filter(waits_until__lte=at).order_by("waits_until")


@atomic_operation
def _remind(question_id: UUID, *, at: dt.datetime) -> bool:
    nomination, question = _lock(Question.objects.get(pk=question_id))
    if not _to_remind(at).filter(pk=question.pk).exists():
        return False
    question.reminded_at = at
    question.save(update_fields=["reminded_at", "updated_at"])
    tell_nominator(nomination, event="nomination.question_due", fact=question.pk)
    return True


@atomic_operation
def _wait_no_longer(question_id: UUID, *, at: dt.datetime) -> bool:
    nomination, question = _lock(Question.objects.get(pk=question_id))
    if not _run_out(at).filter(pk=question.pk).exists():
        return False
    question.holds_clock = False
    question.save(update_fields=["holds_clock", "updated_at"])
    _go_on(nomination, at)
    tell_officers(nomination, event="nomination.question_unanswered", fact=question.pk, at=at)
    return True


def _go_on(nomination: Nomination, at: dt.datetime) -> None:
    """Let the clock go on, unless it stands still for another answer."""
    if nomination.item is not None and not nomination.questions.holding().exists():
        restart_clock(item=nomination.item, at=at)


def _lock(question: Question) -> tuple[Nomination, Question]:
    # The case is what everybody locks first.
    nomination = lock(Nomination(pk=question.nomination_id))
    return nomination, Question.objects.get(pk=question.pk)


def _said(text: str, *, field: str, message: str | Promise) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput.of(field, "required", message)
    return text


def _note(actor: User, action: str, question: Question) -> None:
    record(actor=actor, action=action, target=question.nomination, data={"question": str(question.pk)})
