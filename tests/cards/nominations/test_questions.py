"""Questions to a nominator while a case stays under review: the clock stands still for the answer."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from cards.issuance.models import PolicyVersion
from cards.nominations import operations, queries, rules
from cards.nominations.choices import LimitedStep, Outcome
from cards.nominations.models import Nomination, Question, StepLimit
from cards.nominations.operations.questions import MAX_OPEN, QuestionEnded, TooManyQuestions
from cards.nominations.operations.review import ConflictOfInterest
from cards.nominations.operations.transitions import TransitionNotAllowed
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.casework.models import WorkItem
from talentcard.casework.operations import ItemTaken, claim
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.workdays import CalendarUnknown
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import make_draft, make_policy, make_submitted

# Monday; five working days to review, fifteen to correct.
MONDAY = dt.datetime(2026, 9, 7, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
DAY = dt.timedelta(days=1)
WEDNESDAY = MONDAY + 2 * DAY
TEXT = "聘期到哪一天？"


@pytest.fixture
def case(policy: PolicyVersion, nominator: User) -> Nomination:
    case = make_submitted(nominator, at=MONDAY)
    return Nomination.objects.with_parties().select_related("talent__user").get(pk=case.pk)


@pytest.fixture
def colleague(preliminary_reviewer: User) -> User:
    user = UserFactory(username="colleague", organisation=preliminary_reviewer.organisation)
    return give_role(user, Role.PRELIMINARY_REVIEWER, district="binhai")


def ask(officer: User, case: Nomination, *, at: dt.datetime = MONDAY + DAY, **changes: Any) -> Question:
    return operations.ask_question(actor=officer, nomination=case, at=at, **{"text": TEXT, **changes})


def answer(nominator: User, question: Question, *, at: dt.datetime = MONDAY + 3 * DAY) -> Question:
    return operations.answer_question(actor=nominator, question=question, answer="到2029年底。", at=at)


def due_of(case: Nomination) -> dt.date | None:
    case = Nomination.objects.with_parties().get(pk=case.pk)
    return case.due_at.astimezone(MONDAY.tzinfo).date() if case.due_at else None


def told(event: str) -> list[str]:
    return sorted(Message.objects.filter(event=event).values_list("recipient__username", flat=True))


def test_clock_stands_still_for_the_answer_and_goes_on_with_what_was_left(
    case: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    assert due_of(case) == dt.date(2026, 9, 14)

    question = ask(preliminary_reviewer, case, topic="statement")

    assert due_of(case) is None
    assert told("nomination.question") == ["nominator"]
    answered = answer(nominator, question)
    assert (answered.answer, answered.answered_by) == ("到2029年底。", nominator)
    # Four working days were left on Tuesday, and are from Thursday on.
    assert due_of(case) == dt.date(2026, 9, 16)
    assert told("nomination.question_answered") == ["preliminary"]


def test_clock_waits_for_the_last_answer(case: Nomination, nominator: User, preliminary_reviewer: User) -> None:
    first, second = ask(preliminary_reviewer, case), ask(preliminary_reviewer, case, topic="district")

    answer(nominator, first)
    assert due_of(case) is None
    operations.take_question_back(actor=preliminary_reviewer, question=second, at=MONDAY + 3 * DAY)

    assert due_of(case) == dt.date(2026, 9, 16)


def test_clock_goes_on_when_the_time_for_the_answer_is_over_and_the_answer_is_still_taken(
    case: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    question = ask(preliminary_reviewer, case)
    assert question.waits_until is not None

    assert operations.chase_questions(at=question.waits_until - 3 * DAY) == 0
    assert operations.chase_questions(at=question.waits_until + DAY) == 1
    assert operations.chase_questions(at=question.waits_until + DAY) == 0

    due = due_of(case)
    assert due is not None
    assert told("nomination.question_unanswered") == ["preliminary"]
    answer(nominator, question, at=question.waits_until + 2 * DAY)
    assert due_of(case) == due


def test_asking_again_and_again_gains_no_time(case: Nomination, nominator: User, preliminary_reviewer: User) -> None:
    first = ask(preliminary_reviewer, case)
    assert first.waits_until is not None
    answer(nominator, first)
    due = due_of(case)

    second = ask(preliminary_reviewer, case, at=MONDAY + 4 * DAY)

    assert second.waits_until == first.waits_until
    assert due_of(case) is None
    operations.take_question_back(actor=preliminary_reviewer, question=second, at=MONDAY + 4 * DAY)
    assert due_of(case) == due
    item = Nomination.objects.with_parties().get(pk=case.pk).item
    assert item is not None
    WorkItem.objects.filter(pk=item.pk).update(due_at=first.waits_until + 5 * DAY)
    third = ask(preliminary_reviewer, case, at=first.waits_until)
    assert (third.holds_clock, third.waits_until, third.is_open) == (False, None, True)
    assert due_of(case) is not None
    answer(nominator, third, at=first.waits_until + DAY)


def test_each_review_waits_for_answers_of_its_own(
    case: Nomination, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    first = ask(preliminary_reviewer, case)
    answer(nominator, first)
    operations.review_preliminary(
        actor=preliminary_reviewer, nomination=case, outcome=Outcome.PASS, at=MONDAY + 4 * DAY
    )

    second = ask(second_reviewer, case, at=MONDAY + 7 * DAY)

    assert first.waits_until is not None
    assert second.waits_until is not None
    assert second.waits_until > first.waits_until


def test_nominator_is_reminded_once_in_the_last_working_day(
    case: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    question = ask(preliminary_reviewer, case)
    assert question.waits_until is not None

    operations.chase_questions(at=question.waits_until - 2 * DAY)
    assert told("nomination.question_due") == []
    for hours in (20, 10):
        operations.chase_questions(at=question.waits_until - dt.timedelta(hours=hours))

    assert told("nomination.question_due") == ["nominator"]
    assert due_of(case) is None


def test_who_was_down_when_the_reminder_was_due_reminds_of_nothing_that_is_over(
    case: Nomination, preliminary_reviewer: User
) -> None:
    question = ask(preliminary_reviewer, case)
    assert question.waits_until is not None

    operations.chase_questions(at=question.waits_until + DAY)

    assert told("nomination.question_due") == []
    assert told("nomination.question_unanswered") == ["preliminary"]


def test_a_time_of_one_day_needs_no_reminder(case: Nomination, preliminary_reviewer: User) -> None:
    StepLimit.objects.filter(policy=case.policy, step=LimitedStep.CORRECTION).update(working_days=1)

    question = ask(preliminary_reviewer, case)
    operations.chase_questions(at=MONDAY + DAY)

    assert question.waits_until is not None
    assert told("nomination.question_due") == []


def test_who_asks_after_the_deadline_gains_no_time(
    case: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    due = due_of(case)

    question = ask(preliminary_reviewer, case, at=MONDAY + 14 * DAY)

    assert due_of(case) == due
    answer(nominator, question, at=MONDAY + 16 * DAY)
    assert due_of(case) == due


def test_without_a_limit_for_corrections_the_clock_waits_as_long_as_it_takes(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    StepLimit.objects.filter(policy=policy, step=LimitedStep.CORRECTION).delete()
    case = make_submitted(nominator, at=MONDAY)

    question = ask(preliminary_reviewer, case)

    assert question.waits_until is None
    assert operations.chase_questions(at=MONDAY + 60 * DAY) == 0
    assert due_of(case) is None


@pytest.mark.parametrize("outcome", Outcome)
def test_open_questions_end_with_the_review(
    case: Nomination, nominator: User, preliminary_reviewer: User, outcome: Outcome
) -> None:
    question = ask(preliminary_reviewer, case)
    missing = [operations.MissingItem(field="", note="补")] if outcome == Outcome.RETURN else []

    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=case,
        outcome=outcome,
        reason="审核",
        missing=missing,
        at=MONDAY + 2 * DAY,
    )

    question.refresh_from_db()
    assert question.closed_at == MONDAY + 2 * DAY
    with pytest.raises(QuestionEnded):
        answer(nominator, question)
    assert due_of(case) == (dt.date(2026, 9, 14) if outcome == Outcome.PASS else None)


def test_only_who_may_decide_the_review_asks(
    case: Nomination,
    nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
    colleague: User,
    outsider: User,
) -> None:
    before = AuditEvent.objects.count()
    for somebody in (nominator, second_reviewer, outsider):
        with pytest.raises(NotAllowed):
            ask(somebody, case)
    claim(actor=colleague, item=case.item, at=MONDAY)
    with pytest.raises(ItemTaken):
        ask(preliminary_reviewer, case)
    operations.declare_recusal(actor=colleague, officer=colleague, case=case, relation="sibling", at=MONDAY)
    with pytest.raises(ConflictOfInterest):
        ask(colleague, case)

    assert not Question.objects.exists()
    assert AuditEvent.objects.filter(action="nomination.question_asked").count() == 0
    assert AuditEvent.objects.count() > before


def test_a_case_that_is_not_under_review_is_not_asked_about(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    with pytest.raises(TransitionNotAllowed):
        ask(preliminary_reviewer, make_draft(nominator))


def test_bad_input_is_refused_naming_the_field_and_changes_nothing(
    case: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    for changes, field in (({"text": " \n"}, "text"), ({"topic": "shoe_size"}, "topic")):
        with pytest.raises(InvalidInput) as caught:
            ask(preliminary_reviewer, case, **changes)
        assert [error.field for error in caught.value.errors] == [field]
    assert due_of(case) is not None
    question = ask(preliminary_reviewer, case)
    with pytest.raises(InvalidInput) as caught:
        operations.answer_question(actor=nominator, question=question, answer=" ", at=MONDAY)
    assert [error.field for error in caught.value.errors] == ["answer"]


def test_a_case_has_so_many_open_questions_and_no_more(case: Nomination, preliminary_reviewer: User) -> None:
    for _ in range(MAX_OPEN):
        ask(preliminary_reviewer, case)

    with pytest.raises(TooManyQuestions):
        ask(preliminary_reviewer, case)


def test_only_the_nominators_side_answers_and_once(
    case: Nomination, nominator: User, preliminary_reviewer: User, outsider: User
) -> None:
    question = ask(preliminary_reviewer, case)
    other = give_role(UserFactory(organisation=OrganisationFactory()), Role.NOMINATOR)

    for somebody in (preliminary_reviewer, outsider, other, case.talent.user):
        with pytest.raises(NotAllowed):
            operations.answer_question(actor=somebody, question=question, answer="是", at=MONDAY)
    answer(nominator, question)
    with pytest.raises(QuestionEnded):
        answer(nominator, question)


def test_who_may_decide_takes_it_back_and_nobody_else(
    case: Nomination, nominator: User, preliminary_reviewer: User, second_reviewer: User, colleague: User
) -> None:
    question = ask(preliminary_reviewer, case)

    for somebody in (nominator, second_reviewer):
        with pytest.raises(NotAllowed):
            operations.take_question_back(actor=somebody, question=question, at=MONDAY)
    operations.take_question_back(actor=colleague, question=question, at=MONDAY)
    with pytest.raises(QuestionEnded):
        operations.take_question_back(actor=preliminary_reviewer, question=question, at=MONDAY)


def test_it_waits_in_the_nominators_inbox_until_answered(
    case: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    assert list(queries.inbox(nominator, at=MONDAY)) == []
    question = ask(preliminary_reviewer, case)
    assert list(queries.inbox(nominator, at=MONDAY)) == [case]

    answer(nominator, question)

    assert list(queries.inbox(nominator, at=MONDAY)) == []


def test_who_asked_has_handled_the_case(case: Nomination, preliminary_reviewer: User) -> None:
    assert not rules.has_handled(preliminary_reviewer, case)

    ask(preliminary_reviewer, case)

    assert rules.has_handled(preliminary_reviewer, case)


def test_each_audience_reads_what_it_may(
    case: Nomination, nominator: User, preliminary_reviewer: User, auditor: User
) -> None:
    answer(nominator, ask(preliminary_reviewer, case))

    def titles(user: User | None) -> list[str]:
        with translation.override("en"):
            return [entry.label for entry in queries.timeline(case, user) if "question" in entry.label]

    assert titles(nominator) == titles(auditor) == ["A question was asked", "A question was answered"]
    assert titles(case.talent.user) == []
    assert list(queries.questions_of(case.talent.user, case)) == []
    asked = {user: queries.timeline(case, user)[2].actor for user in (nominator, auditor)}
    assert asked == {nominator: "", auditor: str(preliminary_reviewer)}


def test_text_is_encrypted_at_rest(case: Nomination, nominator: User, preliminary_reviewer: User) -> None:
    answer(nominator, ask(preliminary_reviewer, case))

    with connection.cursor() as cursor:
        cursor.execute("SELECT text, answer FROM nominations_question")
        [stored] = cursor.fetchall()

    assert TEXT not in str(stored[0])
    assert "2029" not in str(stored[1])


def test_database_keeps_an_answer_with_its_author(case: Nomination, preliminary_reviewer: User) -> None:
    question = ask(preliminary_reviewer, case)

    for changes in ({"answered_at": MONDAY}, {"answered_by": preliminary_reviewer}):
        with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
            Question.objects.filter(pk=question.pk).update(**changes)


@pytest.mark.django_db(transaction=True)
def test_answer_and_taking_back_at_once_leave_one_of_them(nominator: User, preliminary_reviewer: User) -> None:
    make_policy()
    case = make_submitted(nominator, at=MONDAY)
    question = ask(preliminary_reviewer, case)

    def attempt(act: Callable[..., Any], **given: Any) -> str:
        try:
            act(question=question, at=MONDAY + 3 * DAY, **given)
        except DomainError as error:
            return error.code
        return "done"

    outcomes = at_once(
        [
            lambda: attempt(operations.answer_question, actor=nominator, answer="是"),
            lambda: attempt(operations.take_question_back, actor=preliminary_reviewer),
        ]
    )

    assert sorted(outcomes) == ["done", "question_ended"]
    assert due_of(case) == dt.date(2026, 9, 16)


def test_a_year_whose_holidays_are_unknown_keeps_no_review_waiting(
    case: Nomination, preliminary_reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = ask(preliminary_reviewer, case)
    assert question.waits_until is not None

    def unknown(*_: object) -> dt.datetime:
        raise CalendarUnknown(year=2027)

    monkeypatch.setattr("cards.nominations.operations.questions.add_working_days", unknown)

    assert operations.chase_questions(at=question.waits_until) == 1


def test_officers_who_are_too_near_read_nothing_of_it(case: Nomination, preliminary_reviewer: User) -> None:
    ask(preliminary_reviewer, case)
    assert queries.questions_of(preliminary_reviewer, case).count() == 1

    Nomination.objects.filter(pk=case.pk).update(employer=preliminary_reviewer.organisation)

    case = Nomination.objects.with_parties().get(pk=case.pk)
    assert not queries.questions_of(preliminary_reviewer, case).exists()
