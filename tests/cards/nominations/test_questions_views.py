"""Questions to a nominator on pages and through the API: who sees what, and what becomes of what one typed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations import operations
from cards.nominations.choices import Outcome
from cards.nominations.models import Nomination, Question
from cards.nominations.views import presenting
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.casework.operations import claim
from tests.cards.nominations.test_questions import DAY, MONDAY, TEXT, WEDNESDAY, ask
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_submitted


@pytest.fixture
def case(policy: PolicyVersion, nominator: User) -> Nomination:
    case = make_submitted(nominator, at=MONDAY)
    return Nomination.objects.with_parties().select_related("talent__user").get(pk=case.pk)


@pytest.fixture
def colleague(preliminary_reviewer: User) -> User:
    user = UserFactory(username="colleague", organisation=preliminary_reviewer.organisation)
    return give_role(user, Role.PRELIMINARY_REVIEWER, district="binhai")


def test_pages_ask_answer_and_take_back(
    case: Nomination, nominator: User, preliminary_reviewer: User, login: Callable[[User], Client]
) -> None:
    officer, filer = login(preliminary_reviewer), login(nominator)
    evidence = str(case.evidence.get().pk)
    create = reverse("nominations:question-create", args=[case.pk])

    refused = officer.post(create, {"topic": evidence, "text": ""})
    asked = officer.post(create, {"topic": evidence, "text": TEXT})

    assert (refused.status_code, asked.status_code) == (400, 302)
    question = Question.objects.get()
    page = filer.get(case.get_absolute_url()).content.decode()
    assert TEXT in page
    assert "evidence.pdf" in page
    assert str(preliminary_reviewer) not in page
    path = reverse("nominations:question-answer", args=[question.pk])
    empty = filer.post(path, {f"question-{question.pk}-answer": ""})
    answered = filer.post(path, {f"question-{question.pk}-answer": "到2029年底。"})
    again = filer.post(path, {f"question-{question.pk}-answer": "改口"})
    assert (empty.status_code, answered.status_code, again.status_code) == (400, 302, 409)
    assert "到2029年底。" in officer.get(case.get_absolute_url()).content.decode()

    officer.post(create, {"topic": "", "text": "还有一个问题"})
    back = reverse("nominations:question-take-back", args=[Question.objects.get(answered_at=None).pk])
    assert (filer.post(back).status_code, officer.post(back).status_code) == (403, 302)
    assert not Question.objects.open().exists()


def test_outsiders_and_the_nominee_find_nothing(
    case: Nomination, preliminary_reviewer: User, outsider: User, login: Callable[[User], Client]
) -> None:
    question = ask(preliminary_reviewer, case)
    paths = [
        reverse("nominations:question-answer", args=[question.pk]),
        reverse("nominations:question-take-back", args=[question.pk]),
    ]

    assert case.talent.user is not None
    for somebody in (outsider, case.talent.user):
        assert [login(somebody).post(path, {}).status_code for path in paths] == [404, 404]
    assert login(outsider).post(reverse("nominations:question-create", args=[case.pk]), {}).status_code == 404
    assert TEXT not in login(case.talent.user).get(case.get_absolute_url()).content.decode()


def test_api_asks_answers_and_lists(
    case: Nomination, nominator: User, preliminary_reviewer: User, outsider: User, api_for: Callable[[User], APIClient]
) -> None:
    path = reverse("api-question-list", args=[case.pk])
    officer, filer = api_for(preliminary_reviewer), api_for(nominator)

    made: Any = officer.post(path, {"topic": "basis", "text": TEXT}, format="json")

    assert made.status_code == 201
    [seen] = filer.get(path).json()
    assert (seen["text"], seen["asked_by"], seen["is_open"]) == (TEXT, "", True)
    assert officer.get(path).json()[0]["asked_by"] == str(preliminary_reviewer)
    answer_path = reverse("api-question-answer", args=[case.pk, made.json()["id"]])
    unnamed: Any = filer.post(answer_path, {}, format="json")
    assert (unnamed.status_code, unnamed.json()["errors"][0]["field"]) == (400, "answer")
    answered: Any = filer.post(answer_path, {"answer": "是"}, format="json")
    assert (answered.status_code, answered.json()["answer"], answered.json()["is_open"]) == (200, "是", False)
    back: Any = officer.post(reverse("api-question-take-back", args=[case.pk, made.json()["id"]]), format="json")
    assert (back.status_code, back.json()["code"]) == (409, "question_ended")
    assert api_for(outsider).get(path).status_code == 404
    assert case.talent.user is not None
    assert api_for(case.talent.user).get(path).status_code == 403
    wrong: Any = officer.post(path, {"topic": "shoe_size", "text": TEXT}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "topic")


def test_lists_tell_the_nominator_until_when_to_answer(
    case: Nomination,
    nominator: User,
    preliminary_reviewer: User,
    login: Callable[[User], Client],
    api_for: Callable[[User], APIClient],
) -> None:
    question = ask(preliminary_reviewer, case, at=MONDAY)
    other = make_submitted(nominator, at=MONDAY)

    listed = {each["id"]: each for each in api_for(nominator).get("/api/v1/nominations/").json()["results"]}
    page = login(nominator).get(reverse("nominations:nomination-list")).content.decode()

    assert question.waits_until is not None
    assert dt.datetime.fromisoformat(listed[str(case.pk)]["answer_by"]) == question.waits_until
    assert listed[str(other.pk)]["answer_by"] is None
    assert presenting.moment(question.waits_until) in page
    assert "停止计时" not in page
    assert api_for(nominator).get(f"/api/v1/nominations/{case.pk}/").json()["answer_by"] is not None
    assert case.talent.user is not None
    for reader in (preliminary_reviewer, case.talent.user):
        [unsaid] = [each for each in _listed(api_for(reader)) if each["id"] == str(case.pk)]
        assert unsaid["answer_by"] is None


def test_what_the_nominator_must_do_first_is_first(
    case: Nomination, nominator: User, preliminary_reviewer: User, api_for: Callable[[User], APIClient]
) -> None:
    asked_later, returned = make_submitted(nominator, at=MONDAY), make_submitted(nominator, at=MONDAY)
    ask(preliminary_reviewer, asked_later, at=MONDAY + 4 * DAY)
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=returned,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=[operations.MissingItem(field="basis", note="?")],
        at=WEDNESDAY,
    )
    ask(preliminary_reviewer, case, at=MONDAY)

    waiting = [each["id"] for each in _listed(api_for(nominator), mine="1")]

    assert waiting == [str(each.pk) for each in (case, returned, asked_later)]


def _listed(client: APIClient, **wanted: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = client.get("/api/v1/nominations/", wanted).json()["results"]
    return results


@pytest.mark.parametrize("reader", ["preliminary_reviewer", "nominator"])
def test_list_takes_as_many_queries_for_many_questions_as_for_one(
    case: Nomination,
    preliminary_reviewer: User,
    api_for: Callable[[User], APIClient],
    request: pytest.FixtureRequest,
    reader: str,
) -> None:
    client, path = api_for(request.getfixturevalue(reader)), reverse("api-question-list", args=[case.pk])
    counts = []
    for more in (1, 2):
        for _ in range(more):
            ask(preliminary_reviewer, case)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("late", [False, True])
def test_page_and_api_say_whether_the_clock_stands_still(
    policy: PolicyVersion,
    nominator: User,
    preliminary_reviewer: User,
    login: Callable[[User], Client],
    api_for: Callable[[User], APIClient],
    late: bool,
) -> None:
    case = make_submitted(nominator, at=MONDAY if late else None)

    path = reverse("nominations:question-create", args=[case.pk])
    page = login(preliminary_reviewer).post(path, {"text": TEXT}, follow=True)

    (said,) = [str(message) for message in page.context["messages"]]
    assert ("暂停" in said or "停止" in said) is not late
    listed = api_for(nominator).get(reverse("api-question-list", args=[case.pk])).json()
    assert [each["holds_clock"] for each in listed] == [not late]
    own_page = login(nominator).get(case.get_absolute_url()).content.decode()
    assert ("审核继续进行" if late else "等候您答复至") in own_page


@pytest.mark.parametrize("moved", ["returned", "taken"])
def test_a_refused_question_comes_back_with_the_reason_and_what_was_typed(
    policy: PolicyVersion,
    nominator: User,
    preliminary_reviewer: User,
    colleague: User,
    login: Callable[[User], Client],
    moved: str,
) -> None:
    case = Nomination.objects.with_parties().get(pk=make_submitted(nominator).pk)
    now = timezone.now()
    if moved == "taken":
        assert case.item is not None
        claim(actor=colleague, item=case.item, at=now)
    else:
        missing = [operations.MissingItem(field="", note="补正")]
        operations.review_preliminary(
            actor=colleague, nomination=case, outcome=Outcome.RETURN, reason="补正", missing=missing, at=now
        )

    page = login(preliminary_reviewer).post(reverse("nominations:question-create", args=[case.pk]), {"text": TEXT})

    assert page.status_code == 409
    form = page.context["inquiry"]["form"]
    (reason,) = form.non_field_errors()
    assert form["text"].value() == TEXT
    assert str(reason) in page.content.decode()
    assert not Question.objects.exists()


def test_an_answer_that_comes_too_late_is_not_lost(
    case: Nomination, nominator: User, preliminary_reviewer: User, login: Callable[[User], Client]
) -> None:
    question = ask(preliminary_reviewer, case)
    operations.take_question_back(actor=preliminary_reviewer, question=question, at=WEDNESDAY)

    path = reverse("nominations:question-answer", args=[question.pk])
    page = login(nominator).post(path, {f"question-{question.pk}-answer": "到2029年底。"})

    assert page.status_code == 409
    assert "到2029年底。" in page.content.decode()
