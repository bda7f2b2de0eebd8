"""What the components show of the questions about a case."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cards.nominations import queries, rules
from cards.nominations.forms import QuestionAnswerForm, QuestionForm
from cards.nominations.models import Nomination, Question
from cards.nominations.views import presenting
from talentcard.accounts.models import User

Item = dict[str, Any]


def section(
    user: User,
    nomination: Nomination,
    *,
    form: QuestionForm | None = None,
    answers: Mapping[UUID, QuestionAnswerForm] | None = None,
) -> Item | None:
    """Return a case's questions, with the ways to ask and to answer; None where there is nothing to show.

    :param form: the form of a question that was refused
    :param answers: the forms of answers that were refused, by question
    """
    questions = list(queries.questions_of(user, nomination))
    may_ask = _may_ask(user, nomination)
    if not (questions or may_ask or form):
        return None
    lines = queries.topic_labels(nomination, [question.topic for question in questions])
    # By the step: whoever may take one question of a review back may take them all.
    open_ones = {question.step: question for question in questions if question.is_open}
    steps = {step for step, each in open_ones.items() if rules.may_take_back(user, nomination, each)}
    if may_ask and form is None:
        form = QuestionForm(documents=queries.document_topics(nomination))
    return {
        "questions": [
            _item(user, nomination, question, about, answers or {}, may_take_back=question.step in steps)
            for question, about in zip(questions, lines, strict=True)
        ],
        "to_answer": _to_answer(nomination, questions) if rules.files(user, nomination) else "",
        # One that was refused is shown with the reason, also to who may ask no more.
        "form": form,
        "ask_url": reverse("nominations:question-create", args=[nomination.pk]),
    }


def _to_answer(nomination: Nomination, questions: list[Question]) -> str:
    """Return what a page says on top to who has questions to answer."""
    waiting = [question for question in questions if question.is_open]
    if not waiting:
        return ""
    held = [question for question in waiting if question.holds_clock]
    if not held or nomination.item is None or not nomination.item.is_stopped:
        return _("You may still answer; the review goes on meanwhile.")
    # All questions of one review share the end of waiting.
    if held[0].waits_until is None:
        return _("The review waits for your answer.")
    return _("The review waits for your answer until %(date)s.") % {"date": presenting.moment(held[0].waits_until)}


def _may_ask(user: User, nomination: Nomination) -> bool:
    step = presenting.step_of(nomination)
    if step is None or not rules.may_review(user, nomination, step):
        return False
    return presenting.taken_by_another(user, nomination, at=timezone.now()) is None


def _item(
    user: User,
    nomination: Nomination,
    question: Question,
    about: str,
    answers: Mapping[UUID, QuestionAnswerForm],
    *,
    may_take_back: bool,
) -> Item:
    label, tone = _status(question)
    is_own = rules.files(user, nomination)
    item: Item = {
        "pk": question.pk,
        "about": about or _("The case as a whole"),
        "text": question.text,
        "answer": question.answer,
        "status_label": label,
        "status_tone": tone,
        # As in the timeline, the nominator is not told who reviews.
        "asked": [presenting.moment(question.asked_at), *([] if is_own else [str(question.asked_by)])],
        "answered": [],
    }
    if question.is_open and question.holds_clock and question.waits_until is not None:
        item["asked"].append(_("answer by %(date)s") % {"date": presenting.moment(question.waits_until)})
    if question.answered_at is not None:
        item["answered"] = [presenting.moment(question.answered_at), str(question.answered_by)]
    # An answer that was refused is shown with the reason, also where none can be given any more.
    form = answers.get(question.pk)
    if form is None and question.is_open and is_own:
        form = QuestionAnswerForm(prefix=f"question-{question.pk}")
    if form is not None:
        item |= {"form": form, "answer_url": reverse("nominations:question-answer", args=[question.pk])}
    if question.is_open and may_take_back:
        item["take_back_url"] = reverse("nominations:question-take-back", args=[question.pk])
    return item


def _status(question: Question) -> tuple[str, str]:
    if question.answered_at is not None:
        return _("Answered"), "good"
    if question.closed_at is not None:
        return _("Not asked any more"), "neutral"
    if not question.holds_clock:
        if question.waits_until is None:
            return _("Open; the review goes on"), "neutral"
        return _("Not answered in time"), "warn"
    return _("Waits for the answer"), "progress"
