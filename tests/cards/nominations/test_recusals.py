"""Who is tied to a person takes no part in any of that person's cases 回避."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cards.issuance.models import PolicyVersion
from cards.nominations import operations, queries, rules
from cards.nominations.choices import NominationStatus, Outcome, Step
from cards.nominations.models import Nomination, Recusal
from cards.nominations.operations.recusals import AlreadyRecused, RecusalWithdrawn
from cards.nominations.operations.review import ConflictOfInterest
from cards.talents.models import Employment, Talent
from cards.talents.operations import mark_one_person
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.casework.operations import claim
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.notifications.models import Message
from tests.cards.nominations.test_direct import listed, propose
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_policy, make_submitted, nominee_input

NOW = timezone.now()


def declare(actor: User, case: Any, *, officer: User | None = None, **changes: Any) -> Recusal:
    given = {"relation": "sibling", "reason": "系本人胞弟", "at": timezone.now(), **changes}
    return operations.declare_recusal(actor=actor, officer=officer or actor, case=case, **given)


@pytest.fixture
def head(preliminary_reviewer: User) -> User:
    return give_role(UserFactory(username="head", organisation=preliminary_reviewer.organisation), Role.HEAD)


@pytest.fixture
def colleague(preliminary_reviewer: User) -> User:
    user = UserFactory(username="colleague", organisation=preliminary_reviewer.organisation)
    return give_role(user, Role.PRELIMINARY_REVIEWER, district="binhai")


def waiting(user: User) -> list[Nomination]:
    return list(queries.inbox(user, at=timezone.now()))


def test_an_officer_who_declares_a_tie_loses_the_case_and_may_not_decide_it(
    submitted: Nomination, preliminary_reviewer: User, colleague: User, head: User
) -> None:
    claim(actor=preliminary_reviewer, item=submitted.item, at=NOW)
    assert (waiting(preliminary_reviewer), waiting(colleague)) == ([submitted], [])

    declare(preliminary_reviewer, submitted)

    submitted.item.refresh_from_db()
    assert submitted.item.assignee is None
    assert (waiting(preliminary_reviewer), waiting(colleague)) == ([], [submitted])
    with pytest.raises(ConflictOfInterest):
        operations.review_preliminary(
            actor=preliminary_reviewer, nomination=submitted, outcome=Outcome.PASS, at=timezone.now()
        )
    with pytest.raises(DomainError):
        claim(actor=preliminary_reviewer, item=submitted.item, at=timezone.now())
    told = Message.objects.filter(event="nomination.recused").values_list("recipient__username", flat=True)
    assert list(told) == ["head"]
    assert "胞弟" not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_it_holds_for_every_case_of_the_person_and_for_no_other(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    person = nominee_input()
    first, other = make_submitted(nominator, nominee=person), make_submitted(nominator)
    declare(preliminary_reviewer, first)
    operations.withdraw(actor=nominator, nomination=first, at=timezone.now())

    again = make_submitted(nominator, nominee=person)

    assert again.talent_id == first.talent_id
    assert waiting(preliminary_reviewer) == [other]
    assert not rules.may_review(preliminary_reviewer, again, Step.PRELIMINARY)
    assert rules.may_review(preliminary_reviewer, other, Step.PRELIMINARY)


def by_recusal(officer: User, talent: Talent) -> None:
    Recusal.objects.create(
        officer=officer, talent=talent, number="JJ1", relation="sibling", declared_by=officer, declared_at=NOW
    )


def by_employer(officer: User, talent: Talent) -> None:
    Employment.objects.filter(talent=talent, until=None).update(employer=officer.organisation)


def by_account(officer: User, talent: Talent) -> None:
    Talent.objects.filter(pk=talent.pk).update(user=officer)


@pytest.mark.parametrize("tie", [by_recusal, by_employer, by_account])
@pytest.mark.parametrize("marked_first", [True, False])
def test_a_tie_to_one_record_of_a_person_holds_for_all_of_them(
    policy: PolicyVersion,
    nominator: User,
    preliminary_reviewer: User,
    tie: Callable[[User, Talent], None],
    marked_first: bool,
) -> None:
    older, newer = make_submitted(nominator), make_submitted(nominator)
    known, case = (older, newer) if marked_first else (newer, older)
    unrelated = make_submitted(nominator)
    tie(preliminary_reviewer, known.talent)
    assert case in waiting(preliminary_reviewer)

    mark_one_person(actor=None, one=older.talent, other=newer.talent)

    case = Nomination.objects.with_parties().get(pk=case.pk)
    assert rules.has_conflict(preliminary_reviewer, case)
    assert waiting(preliminary_reviewer) == [unrelated]
    with pytest.raises(ConflictOfInterest):
        operations.review_preliminary(
            actor=preliminary_reviewer, nomination=case, outcome=Outcome.PASS, at=timezone.now()
        )


def test_issuers_who_declare_a_tie_neither_propose_nor_confirm(
    basis: Any, issuer: User, second_issuer: User, login: Any
) -> None:
    person = nominee_input()
    listed(basis, person)
    case = propose(issuer, basis, person)
    browser = login(second_issuer)

    answer = browser.post(reverse("nominations:direct-recuse", args=[case.pk]), {"relation": "spouse"})

    assert answer.status_code == 302
    assert list(queries.direct_inbox(second_issuer, at=timezone.now())) == []
    with pytest.raises(ConflictOfInterest):
        operations.confirm_direct_issue(actor=second_issuer, case=case, at=timezone.now())
    operations.withdraw_direct_issue(actor=issuer, case=case, at=timezone.now())
    with pytest.raises(ConflictOfInterest):
        propose(second_issuer, basis, person)


def test_the_head_declares_for_an_officer_and_alone_withdraws(
    submitted: Nomination, preliminary_reviewer: User, head: User, colleague: User
) -> None:
    recusal = declare(head, submitted, officer=preliminary_reviewer)
    assert waiting(preliminary_reviewer) == []

    for actor in (preliminary_reviewer, colleague):
        with pytest.raises(NotAllowed):
            operations.withdraw_recusal(actor=actor, recusal=recusal, at=timezone.now())
    operations.withdraw_recusal(actor=head, recusal=recusal, at=timezone.now())
    with pytest.raises(RecusalWithdrawn):
        operations.withdraw_recusal(actor=head, recusal=recusal, at=timezone.now())

    assert waiting(preliminary_reviewer) == [submitted]
    told = Message.objects.filter(recipient=preliminary_reviewer).values_list("event", flat=True)
    assert {"nomination.recused", "nomination.recusal_withdrawn"} <= set(told)
    assert declare(preliminary_reviewer, submitted).pk != recusal.pk


def test_a_head_does_not_withdraw_their_own(submitted: Nomination, head: User) -> None:
    give_role(head, Role.PRELIMINARY_REVIEWER, district="binhai")
    recusal = declare(head, submitted)

    with pytest.raises(NotAllowed):
        operations.withdraw_recusal(actor=head, recusal=recusal, at=timezone.now())


def test_nobody_else_declares_and_nothing_is_declared_twice(
    submitted: Nomination, preliminary_reviewer: User, second_reviewer: User, nominator: User, outsider: User
) -> None:
    stranger = give_role(UserFactory(organisation=second_reviewer.organisation), Role.HEAD)
    for actor, officer in (
        (outsider, outsider),
        (nominator, nominator),
        (second_reviewer, preliminary_reviewer),
        (stranger, preliminary_reviewer),
    ):
        with pytest.raises(NotAllowed):
            declare(actor, submitted, officer=officer)
    with pytest.raises(InvalidInput):
        declare(preliminary_reviewer, submitted, relation="friend")
    assert not Recusal.objects.exists()

    declare(preliminary_reviewer, submitted)
    with pytest.raises(AlreadyRecused):
        declare(preliminary_reviewer, submitted)
    assert Recusal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_declared_twice_at_once_is_declared_once(nominator: User, preliminary_reviewer: User, head: User) -> None:
    make_policy()
    case = make_submitted(nominator)

    def attempt(actor: User) -> str:
        try:
            declare(actor, case, officer=preliminary_reviewer)
        except AlreadyRecused as refusal:
            return refusal.code
        return ""

    outcomes = at_once([partial(attempt, preliminary_reviewer), partial(attempt, head)])

    assert sorted(outcomes) == ["", "already_recused"]
    assert Recusal.objects.count() == 1


def test_what_was_decided_before_stands_and_the_head_knows(
    in_second_review: Nomination, preliminary_reviewer: User, head: User, api_for: Any
) -> None:
    declare(preliminary_reviewer, in_second_review)

    shown = api_for(head).get(reverse("api-recusal-list")).json()["results"]

    assert [(each["number"], each["decisions_before"]) for each in shown] == [(in_second_review.number, 1)]
    in_second_review.refresh_from_db()
    assert in_second_review.status == NominationStatus.SECOND_REVIEW


def test_pages_take_it_and_are_nobody_elses(
    submitted: Nomination, preliminary_reviewer: User, head: User, outsider: User, nominator: User, login: Any
) -> None:
    path, page = reverse("nominations:nomination-recuse", args=[submitted.pk]), reverse("nominations:recusal-list")
    assert Client().post(path, {"relation": "spouse"}).status_code == 302
    assert login(outsider).post(path, {"relation": "spouse"}).status_code == 404
    assert login(nominator).post(path, {"relation": "spouse"}).status_code == 403
    assert [login(user).get(page).status_code for user in (outsider, nominator)] == [403, 403]
    assert not Recusal.objects.exists()

    officer, chief = login(preliminary_reviewer), login(head)
    assert path in officer.get(submitted.get_absolute_url()).content.decode()
    assert officer.post(path, {}).status_code == 400
    assert officer.post(path, {"relation": "spouse", "reason": "配偶"}, follow=True).status_code == 200
    assert path not in officer.get(submitted.get_absolute_url()).content.decode()
    assert officer.post(page, {"officer": head.pk}).status_code == 403
    assert "配偶" in chief.get(page).content.decode()
    unknown = {"officer": preliminary_reviewer.pk, "number": "JJ2026-999999", "relation": "spouse"}
    assert chief.post(page, unknown).status_code == 400
    assert chief.post(page, {**unknown, "number": submitted.number}).status_code == 400
    withdraw = reverse("nominations:recusal-withdraw", args=[Recusal.objects.get().pk])
    assert (officer.post(withdraw).status_code, chief.post(withdraw).status_code) == (403, 302)
    assert not Recusal.objects.standing().exists()


def test_api_takes_it_by_the_same_rules(
    submitted: Nomination, preliminary_reviewer: User, head: User, outsider: User, api_for: Any
) -> None:
    own, office = reverse("api-nomination-recusal", args=[submitted.pk]), reverse("api-recusal-list")
    given = {"relation": "parent_or_child"}
    assert api_for(outsider).post(own, given).status_code == 404
    assert api_for(preliminary_reviewer).post(office, given).status_code == 403
    assert api_for(preliminary_reviewer).post(own, {"relation": "friend"}).status_code == 400

    named = {"officer": "preliminary", "number": submitted.number, **given}
    assert api_for(head).post(office, {**named, "officer": "outsider"}).json()["errors"][0]["field"] == "officer"
    made = api_for(head).post(office, named)
    again = api_for(preliminary_reviewer).post(own, given)
    ended = api_for(head).post(reverse("api-recusal-withdraw", args=[made.json()["id"]]))

    assert (made.status_code, again.status_code, ended.status_code) == (201, 409, 200)
    assert ended.json()["withdrawn_at"] is not None
    assert api_for(outsider).get(office).json()["results"] == []


def test_the_list_asks_as_much_for_three_as_for_one(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, head: User, login: Any
) -> None:
    counts = []
    for case in (submitted, make_submitted(nominator), make_submitted(nominator)):
        declare(preliminary_reviewer, case)
        browser = login(head)
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("nominations:recusal-list"))
        counts.append(len(asked))

    assert len(set(counts)) == 1
