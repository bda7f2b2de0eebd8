"""Experts and consent: named, asked by link, answered once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from cards.issuance.models import PolicyVersion
from cards.nominations import operations, queries, tasks
from cards.nominations.choices import AnswerStatus, Asked, EvidenceKind, NominationStatus, Outcome
from cards.nominations.models import AnswerLink, AnswerRequest, Nomination, NominatorYear, RecognisedExpert
from cards.nominations.operations import CaseStopped, LinkDead, MissingItem
from cards.nominations.operations.answers import LINKS_A_DAY, NotWaitingForAnswer, TooManyLinks
from cards.nominations.operations.experts import (
    EnoughExperts,
    ExpertHasAnswered,
    ExpertHasConflict,
    ExpertNamedAlready,
    ExpertNotRecognised,
    ExpertsFixed,
    ExpertsNotAsked,
)
from talentcard.accounts.choices import Role
from talentcard.accounts.models import Organisation, User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.notifications.models import Message
from talentcard.outbox.models import Entry
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory, give_role
from tests.factories.experts import ExpertFactory, ask_of, tokens_to
from tests.factories.nominations import make_draft, make_submitted, nominee_input, upload

Run = Callable[[], int]
Mails = list[EmailMessage]


@pytest.fixture
def asking(policy: PolicyVersion) -> PolicyVersion:
    """The policy, with a basis that asks for two experts and consent."""
    ask_of(experts_needed=2, needs_consent=True)
    return policy


@pytest.fixture
def experts(asking: PolicyVersion) -> list[RecognisedExpert]:
    return [ExpertFactory(), ExpertFactory()]


@pytest.fixture
def waiting(asking: PolicyVersion, nominator: User, experts: list[RecognisedExpert]) -> Nomination:
    """A submitted case that waits for two experts and its nominee."""
    nomination = make_draft(nominator)
    for expert in experts:
        operations.name_expert(actor=nominator, nomination=nomination, expert=expert, at=timezone.now())
    return operations.submit(actor=nominator, nomination=nomination, at=timezone.now())


def answer(
    token: str, *, yes: bool = True, words: str = "我了解其工作。", at: dt.datetime | None = None
) -> AnswerRequest:
    return operations.answer_by_link(token=token, is_confirmed=yes, words=words, at=at or timezone.now())


def only_token(address: str, mails: Mails) -> str:
    [token] = tokens_to(address, mails)
    return token


def review(reviewer: User, nomination: Nomination, outcome: Outcome = Outcome.PASS) -> Nomination:
    missing = [MissingItem(field="statement", note="补充")] if outcome == Outcome.RETURN else []
    return operations.review_preliminary(
        actor=reviewer, nomination=nomination, outcome=outcome, reason="理由", missing=missing, at=timezone.now()
    )


def test_case_passes_once_all_experts_have_confirmed_and_the_nominee_has_consented(
    waiting: Nomination,
    experts: list[RecognisedExpert],
    preliminary_reviewer: User,
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    run_outbox()
    tokens = [only_token(expert.email, mailoutbox) for expert in experts]
    consent = only_token(waiting.email, mailoutbox)
    with pytest.raises(CaseStopped) as stopped:
        review(preliminary_reviewer, waiting)
    assert [each.code for each in stopped.value.obstacles] == ["experts_lacking", "consent_lacking"]

    answer(tokens[0])
    answer(consent, words="")
    with pytest.raises(CaseStopped) as stopped:
        review(preliminary_reviewer, waiting)
    assert [each.code for each in stopped.value.obstacles] == ["experts_lacking"]
    answer(tokens[1])

    assert review(preliminary_reviewer, waiting).status == NominationStatus.SECOND_REVIEW


def test_basis_that_asks_nobody_behaves_as_ever(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, run_outbox: Run, mailoutbox: Mails
) -> None:
    nomination = make_submitted(nominator)
    run_outbox()

    assert review(preliminary_reviewer, nomination).status == NominationStatus.SECOND_REVIEW
    assert AnswerRequest.objects.count() == 0
    assert tokens_to(nomination.email, mailoutbox) == []


def test_submit_says_that_experts_are_missing_or_no_longer_fit(
    asking: PolicyVersion, nominator: User, experts: list[RecognisedExpert]
) -> None:
    nomination = make_draft(nominator)
    operations.name_expert(actor=nominator, nomination=nomination, expert=experts[0], at=timezone.now())
    RecognisedExpert.objects.filter(pk=experts[0].pk).update(is_active=False)

    with pytest.raises(InvalidInput) as refused:
        operations.submit(actor=nominator, nomination=nomination, at=timezone.now())

    assert [(fault.field, fault.code) for fault in refused.value.errors] == [
        ("experts", "experts_required"),
        ("experts", "expert_not_recognised"),
    ]


def test_submit_of_a_person_without_an_address_asks_for_the_signed_consent(
    policy: PolicyVersion, nominator: User
) -> None:
    ask_of(needs_consent=True)
    nomination = make_draft(nominator)
    nomination.talent.user = User.objects.create_user("t1", display_name="T")
    nomination.talent.save()

    with pytest.raises(InvalidInput) as refused:
        operations.submit(actor=nominator, nomination=nomination, at=timezone.now())
    assert [fault.code for fault in refused.value.errors] == ["consent_required"]

    operations.attach_evidence(
        actor=nominator, nomination=nomination, upload=upload(), kind=EvidenceKind.CONSENT, at=timezone.now()
    )
    operations.submit(actor=nominator, nomination=nomination, at=timezone.now())
    assert not queries.answers_lacking(nomination)


def test_signed_consent_does_instead_of_the_link(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, run_outbox: Run, mailoutbox: Mails
) -> None:
    ask_of(needs_consent=True)
    nomination = make_draft(nominator)
    operations.attach_evidence(
        actor=nominator, nomination=nomination, upload=upload(), kind=EvidenceKind.CONSENT, at=timezone.now()
    )
    operations.submit(actor=nominator, nomination=nomination, at=timezone.now())
    run_outbox()

    assert tokens_to(nomination.email, mailoutbox) == []
    assert review(preliminary_reviewer, nomination).status == NominationStatus.SECOND_REVIEW


def test_consent_goes_to_the_account_whatever_address_the_case_states(
    policy: PolicyVersion, nominator: User, run_outbox: Run, mailoutbox: Mails
) -> None:
    ask_of(needs_consent=True)
    nomination = make_draft(nominator)
    nomination.talent.user = User.objects.create_user("t1", display_name="T", email="own@example.com")
    nomination.talent.save()
    operations.submit(actor=nominator, nomination=nomination, at=timezone.now())
    run_outbox()

    assert tokens_to(nomination.email, mailoutbox) == []
    assert len(tokens_to("own@example.com", mailoutbox)) == 1


@pytest.mark.parametrize("stated", ["name", "email", "registry"])
def test_name_expert_refuses_the_nominee(asking: PolicyVersion, nominator: User, stated: str) -> None:
    nomination = make_draft(nominator, nominee=nominee_input(name="李 明", email="Li@Example.com"))
    given: dict[str, Any] = {
        "name": {"name": "李明"},
        "email": {"email": "li@example.com "},
        "registry": {"talent": nomination.talent},
    }
    expert = ExpertFactory(**given[stated])

    with pytest.raises(ExpertHasConflict):
        operations.name_expert(actor=nominator, nomination=nomination, expert=expert, at=timezone.now())
    assert nomination.answer_requests.count() == 0


def test_name_expert_takes_a_namesake_whom_the_registry_tells_apart(asking: PolicyVersion, nominator: User) -> None:
    other = make_draft(nominator, nominee=nominee_input(name="李明")).talent
    nomination = make_draft(nominator, nominee=nominee_input(name="李明"))
    expert = ExpertFactory(name="李明", talent=other)

    operations.name_expert(actor=nominator, nomination=nomination, expert=expert, at=timezone.now())

    assert nomination.answer_requests.count() == 1


@pytest.mark.parametrize("by", ["organisation", "words", "email"])
def test_name_expert_refuses_the_employer_and_the_filer(
    asking: PolicyVersion, nominator: User, employer: Organisation, by: str
) -> None:
    nomination = make_draft(nominator, nominee=nominee_input(employer_name="Haihe Laboratory"))
    given: dict[str, Any] = {
        "organisation": {"organisation": employer},
        "words": {"organisation_name": "海河 实验室"},
        "email": {"email": nominator.email},
    }
    expert = ExpertFactory(**given[by])

    with pytest.raises(ExpertHasConflict):
        operations.name_expert(actor=nominator, nomination=nomination, expert=expert, at=timezone.now())


def test_name_expert_refuses_one_twice_one_too_many_and_one_not_recognised(
    asking: PolicyVersion, nominator: User, experts: list[RecognisedExpert]
) -> None:
    nomination, now = make_draft(nominator), timezone.now()

    def name(expert: RecognisedExpert) -> None:
        operations.name_expert(actor=nominator, nomination=nomination, expert=expert, at=now)

    with pytest.raises(ExpertNotRecognised):
        name(ExpertFactory(valid_until=now))
    with pytest.raises(ExpertNotRecognised):
        name(ExpertFactory(valid_from=now + dt.timedelta(days=1)))
    name(experts[0])
    with pytest.raises(ExpertNamedAlready):
        name(experts[0])
    name(experts[1])
    with pytest.raises(EnoughExperts):
        name(ExpertFactory())
    assert nomination.answer_requests.count() == 2


def test_name_expert_is_for_who_files_a_basis_that_asks_and_a_case_before_its_review(
    waiting: Nomination, nominator: User, other_nominator: User, preliminary_reviewer: User, policy: PolicyVersion
) -> None:
    expert, now = ExpertFactory(), timezone.now()
    with pytest.raises(NotAllowed):
        operations.name_expert(actor=other_nominator, nomination=waiting, expert=expert, at=now)
    plain = make_draft(nominator, basis="tiankai", tier="C")
    with pytest.raises(ExpertsNotAsked):
        operations.name_expert(actor=nominator, nomination=plain, expert=expert, at=now)
    review(preliminary_reviewer, waiting, Outcome.REJECT)
    with pytest.raises(ExpertsFixed):
        operations.name_expert(actor=nominator, nomination=waiting, expert=expert, at=now)


def test_two_at_once_name_no_more_experts_than_are_needed(
    transactional_db: None, nominator: User, experts: list[RecognisedExpert]
) -> None:
    nomination, third = make_draft(nominator), ExpertFactory()
    operations.name_expert(actor=nominator, nomination=nomination, expert=experts[0], at=timezone.now())

    def name(expert: RecognisedExpert) -> str:
        try:
            operations.name_expert(actor=nominator, nomination=nomination, expert=expert, at=timezone.now())
        except EnoughExperts as error:
            return error.code
        return "named"

    assert sorted(at_once([lambda: name(experts[1]), lambda: name(third)])) == ["enough_experts", "named"]
    assert nomination.answer_requests.count() == 2


def test_who_declines_is_replaced_while_the_case_waits(
    waiting: Nomination,
    nominator: User,
    experts: list[RecognisedExpert],
    preliminary_reviewer: User,
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    run_outbox()
    answer(only_token(waiting.email, mailoutbox))
    answer(only_token(experts[0].email, mailoutbox))
    answer(only_token(experts[1].email, mailoutbox), yes=False, words="与其有合作关系")
    assert Message.objects.filter(recipient=nominator, event="nomination.expert_declined").count() == 1
    with pytest.raises(ExpertNamedAlready):
        operations.name_expert(actor=nominator, nomination=waiting, expert=experts[1], at=timezone.now())
    third = ExpertFactory()
    operations.name_expert(actor=nominator, nomination=waiting, expert=third, at=timezone.now())
    run_outbox()
    answer(only_token(third.email, mailoutbox))

    assert review(preliminary_reviewer, waiting).status == NominationStatus.SECOND_REVIEW


def test_drop_expert_ends_the_link_but_leaves_an_answer(
    waiting: Nomination,
    nominator: User,
    other_nominator: User,
    experts: list[RecognisedExpert],
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    run_outbox()
    asked = waiting.answer_requests.get(expert=experts[0])
    with pytest.raises(NotAllowed):
        operations.drop_expert(actor=other_nominator, request=asked, at=timezone.now())
    with pytest.raises(NotAllowed):
        consent = waiting.answer_requests.get(asked=Asked.NOMINEE)
        operations.drop_expert(actor=nominator, request=consent, at=timezone.now())
    operations.drop_expert(actor=nominator, request=asked, at=timezone.now())
    with pytest.raises(LinkDead):
        answer(only_token(experts[0].email, mailoutbox))
    answered = answer(only_token(experts[1].email, mailoutbox))
    with pytest.raises(ExpertHasAnswered):
        operations.drop_expert(actor=nominator, request=answered, at=timezone.now())
    with pytest.raises(ExpertHasAnswered):
        operations.drop_expert(actor=nominator, request=asked, at=timezone.now())


def test_confirmed_expert_who_no_longer_fits_is_replaced_in_the_correction(
    waiting: Nomination,
    nominator: User,
    experts: list[RecognisedExpert],
    preliminary_reviewer: User,
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    run_outbox()
    answered = answer(only_token(experts[0].email, mailoutbox))
    review(preliminary_reviewer, waiting, Outcome.RETURN)
    employer = experts[0].organisation_name
    operations.update_draft(actor=nominator, nomination=waiting, employer_name=employer, at=timezone.now())
    with pytest.raises(InvalidInput) as refused:
        operations.submit(actor=nominator, nomination=waiting, at=timezone.now())
    assert [fault.code for fault in refused.value.errors] == ["expert_has_conflict"]

    operations.drop_expert(actor=nominator, request=answered, at=timezone.now())
    operations.name_expert(actor=nominator, nomination=waiting, expert=ExpertFactory(), at=timezone.now())
    operations.submit(actor=nominator, nomination=waiting, at=timezone.now())

    assert [entry.label for entry in queries.timeline(waiting, nominator)].count("专家已确认") == 1


def test_officer_who_is_too_near_reads_no_words(
    waiting: Nomination,
    experts: list[RecognisedExpert],
    employer: Organisation,
    auditor: User,
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    near = give_role(UserFactory(organisation=employer), Role.PRELIMINARY_REVIEWER)
    run_outbox()
    answer(only_token(experts[0].email, mailoutbox), words="专家的话")
    case = Nomination.objects.with_parties().get(pk=waiting.pk)
    assert [state.words for state in queries.answers_of(case, near)] == ["", "", ""]
    assert "专家的话" not in [entry.reason for entry in queries.timeline(case, near)]
    assert queries.answers_of(case, auditor)[0].words == "专家的话"


def test_nominee_who_refuses_ends_the_case(
    waiting: Nomination,
    nominator: User,
    experts: list[RecognisedExpert],
    preliminary_reviewer: User,
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    run_outbox()
    answer(only_token(waiting.email, mailoutbox), yes=False, words="暂不考虑")

    waiting.refresh_from_db()
    assert (waiting.status, waiting.quota_year, waiting.item) == (NominationStatus.WITHDRAWN, None, None)
    assert NominatorYear.objects.get().used == 0
    assert Message.objects.filter(recipient=nominator, event="nomination.nominee_refused").count() == 1
    titles = [entry.label for entry in queries.timeline(waiting, nominator)]
    assert titles[-2:] == ["被举荐人不同意", "已撤回"]
    with pytest.raises(LinkDead):
        answer(only_token(experts[0].email, mailoutbox))
    # The person may be nominated anew.
    make_submitted(nominator, nominee=nominee_input(), basis="tiankai", tier="C")


def test_answer_is_taken_once_and_needs_an_experts_words(
    waiting: Nomination, experts: list[RecognisedExpert], run_outbox: Run, mailoutbox: Mails
) -> None:
    run_outbox()
    token = only_token(experts[0].email, mailoutbox)
    for words in (" ", "长" * 2001):
        with pytest.raises(InvalidInput):
            answer(token, words=words)
    answer(token, words="属实。")
    with pytest.raises(LinkDead):
        answer(token, yes=False)
    with pytest.raises(LinkDead):
        answer("unknown")
    request = waiting.answer_requests.get(expert=experts[0])
    assert (request.status, request.is_confirmed, request.words) == (AnswerStatus.CONFIRMED, True, "属实。")
    assert AuditEvent.objects.filter(action="answer.confirmed", target_id=str(request.pk)).count() == 1


def test_of_two_answers_at_once_one_is_recorded(
    transactional_db: None,
    waiting: Nomination,
    experts: list[RecognisedExpert],
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    run_outbox()
    token = only_token(experts[0].email, mailoutbox)

    def give(yes: bool) -> str:
        try:
            return answer(token, yes=yes).status
        except LinkDead as error:
            return error.code

    given = at_once([lambda: give(True), lambda: give(False)])

    assert sorted(each == "link_dead" for each in given) == [False, True]
    [recorded] = [each for each in given if each != "link_dead"]
    assert waiting.answer_requests.get(expert=experts[0]).status == recorded
    assert AuditEvent.objects.filter(action__in=["answer.confirmed", "answer.declined"]).count() == 1


def test_link_expires_and_ends_with_the_experts_recognition(
    waiting: Nomination, experts: list[RecognisedExpert], run_outbox: Run, mailoutbox: Mails, settings: Any
) -> None:
    run_outbox()
    token = only_token(experts[0].email, mailoutbox)
    end = AnswerLink.objects.get(request__expert=experts[0]).expires_at
    assert dt.timedelta(days=settings.ANSWER_LINK_DAYS - 1) < end - timezone.now()
    with pytest.raises(LinkDead):
        answer(token, at=end)
    RecognisedExpert.objects.filter(pk=experts[0].pk).update(is_active=False)
    with pytest.raises(LinkDead):
        answer(token)
    RecognisedExpert.objects.filter(pk=experts[0].pk).update(is_active=True)
    answer(token, at=end - dt.timedelta(seconds=1))


def test_token_is_in_nothing_but_the_e_mail(
    waiting: Nomination, experts: list[RecognisedExpert], run_outbox: Run, mailoutbox: Mails, caplog: Any
) -> None:
    sealed = AnswerLink.objects.get(request__expert=experts[0]).token
    assert len(sealed) >= 43
    run_outbox()
    token = only_token(experts[0].email, mailoutbox)

    link = AnswerLink.objects.get(request__expert=experts[0])
    assert (token, link.token, link.digest) == (sealed, "", AnswerLink.digest_of(token))
    stored = [*AuditEvent.objects.values_list("data"), *Entry.objects.values_list("kwargs", "last_error")]
    stored += [*Message.objects.values_list("params", "url", "key")]
    assert token not in repr(stored)
    assert token not in caplog.text
    [mail] = [mail for mail in mailoutbox if mail.to == [experts[0].email]]
    assert waiting.talent.name not in f"{mail.subject}{mail.body}"
    assert mail.subject.startswith("海河英才卡：请确认")


def test_send_link_twice_is_one_e_mail(waiting: Nomination, run_outbox: Run, mailoutbox: Mails) -> None:
    run_outbox()
    sent = len(mailoutbox)
    for link in AnswerLink.objects.all():
        tasks.send_answer_link(link_id=str(link.pk))
    assert len(mailoutbox) == sent


def test_resend_ends_the_former_link_and_not_too_often(
    waiting: Nomination,
    nominator: User,
    outsider: User,
    experts: list[RecognisedExpert],
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    asked = waiting.answer_requests.get(expert=experts[0])
    with pytest.raises(NotAllowed):
        operations.resend_link(actor=outsider, request=asked, at=timezone.now())
    # Before the first e-mail has left: it must not leave any more.
    operations.resend_link(actor=nominator, request=asked, at=timezone.now())
    run_outbox()
    first = only_token(experts[0].email, mailoutbox)
    operations.resend_link(actor=nominator, request=asked, at=timezone.now())
    run_outbox()
    second = tokens_to(experts[0].email, mailoutbox)[1]
    with pytest.raises(LinkDead):
        answer(first)
    for _ in range(LINKS_A_DAY - 3):
        operations.resend_link(actor=nominator, request=asked, at=timezone.now())
    with pytest.raises(TooManyLinks):
        operations.resend_link(actor=nominator, request=asked, at=timezone.now())
    with pytest.raises(LinkDead):
        answer(second)
    run_outbox()
    answer(tokens_to(experts[0].email, mailoutbox)[-1])
    with pytest.raises(NotWaitingForAnswer):
        operations.resend_link(actor=nominator, request=asked, at=timezone.now() + dt.timedelta(days=2))


def test_reminder_goes_out_once_and_leaves_the_first_link_working(
    waiting: Nomination, experts: list[RecognisedExpert], run_outbox: Run, mailoutbox: Mails, settings: Any
) -> None:
    run_outbox()
    answer(only_token(waiting.email, mailoutbox), words="")
    end = AnswerLink.objects.get(request__expert=experts[0]).expires_at
    assert operations.remind_of_answers(at=end - dt.timedelta(days=settings.ANSWER_REMINDER_DAYS, hours=1)) == 0
    soon = end - dt.timedelta(days=1)
    assert operations.remind_of_answers(at=soon) == 2
    assert operations.remind_of_answers(at=soon) == 0
    assert operations.remind_of_answers(at=end + dt.timedelta(days=1)) == 0
    run_outbox()

    first, second = tokens_to(experts[0].email, mailoutbox)
    reminder = [mail for mail in mailoutbox if mail.to == [experts[0].email]][1]
    assert reminder.subject.startswith("提醒")
    with pytest.raises(LinkDead):
        answer(second, at=end)
    answer(first, at=soon)
    with pytest.raises(LinkDead):
        answer(second, at=soon)


def test_reminders_at_once_are_one(
    transactional_db: None, waiting: Nomination, experts: list[RecognisedExpert], run_outbox: Run
) -> None:
    run_outbox()
    soon = AnswerLink.objects.latest("expires_at").expires_at - dt.timedelta(days=1)
    counts = at_once([lambda: operations.remind_of_answers(at=soon)] * 2)
    assert sum(counts) == 3
    assert AnswerLink.objects.filter(is_reminder=True).count() == 3


def test_correction_asks_anew_what_has_changed(
    waiting: Nomination,
    nominator: User,
    experts: list[RecognisedExpert],
    preliminary_reviewer: User,
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    run_outbox()
    first = only_token(experts[0].email, mailoutbox)
    unused = only_token(experts[1].email, mailoutbox)
    answer(first)
    answer(only_token(waiting.email, mailoutbox), words="")
    review(preliminary_reviewer, waiting, Outcome.RETURN)
    with pytest.raises(LinkDead):
        answer(unused)
    operations.submit(actor=nominator, nomination=waiting, at=timezone.now())
    run_outbox()
    # Nothing has changed: who has answered is not asked again, who has not has a new link.
    assert len(tokens_to(experts[0].email, mailoutbox)) == 1
    assert len(tokens_to(experts[1].email, mailoutbox)) == 2
    review(preliminary_reviewer, waiting, Outcome.RETURN)
    operations.update_draft(actor=nominator, nomination=waiting, statement="全新的陈述。", at=timezone.now())
    operations.submit(actor=nominator, nomination=waiting, at=timezone.now())
    run_outbox()

    assert len(tokens_to(experts[0].email, mailoutbox)) == 2
    assert len(tokens_to(waiting.email, mailoutbox)) == 1
    assert queries.answers_lacking(waiting).experts == 2
    assert queries.answers_lacking(waiting).consent is False
    history = [entry.label for entry in queries.timeline(waiting, nominator)]
    assert history.count("专家已确认") == 1


def test_each_audience_reads_its_own_of_the_answers(
    waiting: Nomination,
    nominator: User,
    other_nominator: User,
    experts: list[RecognisedExpert],
    preliminary_reviewer: User,
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    run_outbox()
    answer(only_token(experts[0].email, mailoutbox), words="专家的话")
    answer(only_token(waiting.email, mailoutbox), words="本人的话")
    nominee = Nomination.objects.get(pk=waiting.pk).talent.user

    def read(user: User | None) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        case = Nomination.objects.with_parties().get(pk=waiting.pk)
        states = [(state.name, state.words) for state in queries.answers_of(case, user)]
        history = [(entry.actor, entry.reason) for entry in queries.timeline(case, user) if entry.title]
        return states, history

    name, other, person = experts[0].name, experts[1].name, waiting.talent.name
    assert read(preliminary_reviewer) == (
        [(name, "专家的话"), (other, ""), (person, "本人的话")],
        [(name, "专家的话"), ("", "本人的话")],
    )
    assert read(nominator) == ([(name, ""), (other, ""), (person, "")], [(name, ""), ("", "")])
    assert read(nominee) == ([(person, "")], [("", "")])
    assert read(other_nominator)[0] == []


def test_search_finds_by_name_and_field_and_lists_nobody(policy: PolicyVersion) -> None:
    found = ExpertFactory(name="王小明", field="半导体")
    ExpertFactory(name="王大明", is_active=False)
    now = timezone.now()

    assert list(queries.find_experts("小明", at=now)) == [found]
    assert list(queries.find_experts("半导体", at=now)) == [found]
    assert list(queries.find_experts("大明", at=now)) == []
    assert list(queries.find_experts("  ", at=now)) == []
    assert list(queries.find_experts("\0", at=now)) == []
    assert list(queries.find_experts("@example.com", at=now)) == []


def test_officers_are_told_when_nothing_lacks_any_more(
    waiting: Nomination,
    experts: list[RecognisedExpert],
    preliminary_reviewer: User,
    run_outbox: Run,
    mailoutbox: Mails,
) -> None:
    run_outbox()
    told = Message.objects.filter(recipient=preliminary_reviewer, event="nomination.answers_complete")
    for address in (experts[0].email, experts[1].email, waiting.email):
        assert told.count() == 0
        answer(only_token(address, mailoutbox))
    assert told.count() == 1
