"""Experts and consent, on pages and through the API: who gets in, and what a link gives away."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations import operations
from cards.nominations.choices import AnswerStatus, Asked, NominationStatus
from cards.nominations.models import AnswerLink, AnswerRequest, Nomination, RecognisedExpert
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from tests.factories.experts import ExpertFactory, ask_of, tokens_to
from tests.factories.nominations import make_draft

Login = Callable[[User], Client]
ApiFor = Callable[[User], APIClient]
PAGE = "/nominations/answer/"


@pytest.fixture
def expert(policy: PolicyVersion) -> RecognisedExpert:
    ask_of(experts_needed=1, needs_consent=True)
    return ExpertFactory(name="王小明")


@pytest.fixture
def waiting(expert: RecognisedExpert, nominator: User) -> Nomination:
    nomination = make_draft(nominator)
    operations.name_expert(actor=nominator, nomination=nomination, expert=expert, at=timezone.now())
    return operations.submit(actor=nominator, nomination=nomination, at=timezone.now())


@pytest.fixture
def tokens(waiting: Nomination, expert: RecognisedExpert, run_outbox: Any, mailoutbox: list[EmailMessage]) -> list[str]:
    """The expert's token, and the nominee's."""
    run_outbox()
    return [tokens_to(address, mailoutbox)[0] for address in (expert.email, waiting.email)]


def statuses() -> set[str]:
    return set(AnswerRequest.objects.values_list("status", flat=True))


def test_page_of_a_link_shows_the_case_and_nothing_private_and_changes_nothing(
    waiting: Nomination, expert: RecognisedExpert, tokens: list[str]
) -> None:
    audited = AuditEvent.objects.count()
    for token in tokens:
        page = Client().get(PAGE, {"t": token})
        text = page.content.decode()
        assert page.status_code == 200
        for shown in (waiting.talent.name, waiting.basis.name_zh, waiting.statement, waiting.nominator.name_zh):
            assert shown in text
        number = waiting.talent.identity_documents.get().number
        for hidden in (waiting.email, waiting.phone, number, number[-6:], expert.email):
            assert hidden not in text
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]
    assert statuses() == {AnswerStatus.ASKED}
    assert AuditEvent.objects.count() == audited


def test_page_takes_the_answer_once_and_says_the_same_of_every_dead_link(
    waiting: Nomination, tokens: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    url = f"{PAGE}?t={tokens[0]}"
    assert client.post(url, {"answer": "yes"}).status_code == 400
    assert client.post(url, {"answer": "perhaps", "words": "x"}).status_code == 400
    assert statuses() == {AnswerStatus.ASKED}

    done = client.post(url, {"answer": "yes", "words": "属实"})

    assert (done.status_code, done["Location"]) == (302, "/nominations/answer/recorded/")
    assert client.get("/nominations/answer/recorded/").status_code == 200
    again = client.post(url, {"answer": "no", "words": "不属实"})
    AnswerLink.objects.filter(request__asked=Asked.NOMINEE).update(expires_at=timezone.now())
    dead = [client.get(url), client.get(PAGE, {"t": tokens[1]}), client.get(PAGE, {"t": "x" * 43}), client.get(PAGE)]
    bodies = {page.content.decode().split("<main")[1] for page in [again, *dead]}
    assert {page.status_code for page in [again, *dead]} == {404}
    assert len(bodies) == 1
    assert "链接无效" in bodies.pop()
    assert all(page["Referrer-Policy"] == "no-referrer" for page in dead)
    assert waiting.answer_requests.get(asked=Asked.EXPERT).status == AnswerStatus.CONFIRMED
    # Refusals and dead links are logged by their path.
    assert not any(token in caplog.text for token in tokens)


def test_page_refuses_an_answer_without_the_csrf_token(tokens: list[str], caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    url = f"{PAGE}?t={tokens[0]}"
    assert client.post(url, {"answer": "yes", "words": "属实"}).status_code == 403
    assert statuses() == {AnswerStatus.ASKED}
    assert tokens[0] not in caplog.text


def test_page_is_limited_by_address(tokens: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cards.nominations.api.limits.AnswerThrottle.rate", "2/hour")
    client = Client()
    assert [client.get(PAGE, {"t": "x"}).status_code for _ in range(3)] == [404, 404, 429]
    assert client.post("/api/v1/nominations/answers/question/", {"token": tokens[0]}).status_code == 429


def test_nominee_who_refuses_on_the_page_ends_the_case(waiting: Nomination, tokens: list[str]) -> None:
    Client().post(f"{PAGE}?t={tokens[1]}", {"answer": "no", "words": ""})
    waiting.refresh_from_db()
    assert waiting.status == NominationStatus.WITHDRAWN


def test_nominator_looks_for_an_expert_and_names_them(expert: RecognisedExpert, nominator: User, login: Login) -> None:
    nomination = make_draft(nominator)
    url = f"/nominations/{nomination.pk}/experts/"
    client = login(nominator)
    assert "王小明" not in client.get(url).content.decode()
    found = client.get(url, {"q": "小明"}).content.decode()
    assert "王小明" in found
    assert expert.email not in found

    assert client.post(url, {"expert": "nobody"}).status_code == 404
    assert client.post(url, {"expert": uuid.uuid4()}).status_code == 404
    assert client.post(url, {"expert": expert.pk}).status_code == 302
    refused = client.post(url, {"expert": expert.pk})

    assert refused.status_code == 409
    assert "本次举荐已指定过该专家" in refused.content.decode()
    page = client.get(f"/nominations/{nomination.pk}/").content.decode()
    assert "王小明" in page
    asked = nomination.answer_requests.get()
    assert client.post(f"/nominations/asked/{asked.pk}/drop/").status_code == 302
    assert nomination.answer_requests.current().count() == 0


def test_nominator_sends_a_new_link(waiting: Nomination, nominator: User, login: Login) -> None:
    asked = waiting.answer_requests.get(asked=Asked.EXPERT)
    assert login(nominator).post(f"/nominations/asked/{asked.pk}/resend/").status_code == 302
    assert asked.links.filter(voided_at=None).count() == 1
    assert asked.links.count() == 2


def test_words_of_answers_are_for_officers(
    waiting: Nomination, tokens: list[str], nominator: User, preliminary_reviewer: User, login: Login
) -> None:
    operations.answer_by_link(token=tokens[0], is_confirmed=True, words="专家的话", at=timezone.now())
    url = f"/nominations/{waiting.pk}/"
    assert "专家的话" in login(preliminary_reviewer).get(url).content.decode()
    assert "尚未同意" in login(preliminary_reviewer).get(url).content.decode()
    assert "专家的话" not in login(nominator).get(url).content.decode()


def test_outsiders_change_nothing(
    waiting: Nomination,
    expert: RecognisedExpert,
    outsider: User,
    other_nominator: User,
    preliminary_reviewer: User,
    auditor: User,
    login: Login,
    api_for: ApiFor,
) -> None:
    asked, other = waiting.answer_requests.get(asked=Asked.EXPERT), ExpertFactory()
    api = f"/api/v1/nominations/{waiting.pk}/asked/"
    for user in (outsider, other_nominator, preliminary_reviewer, auditor):
        pages, client = login(user), api_for(user)
        answers = [
            pages.get(f"/nominations/{waiting.pk}/experts/"),
            pages.post(f"/nominations/{waiting.pk}/experts/", {"expert": other.pk}),
            pages.post(f"/nominations/asked/{asked.pk}/drop/"),
            pages.post(f"/nominations/asked/{asked.pk}/resend/"),
            client.post(api, {"expert": str(other.pk)}),
            client.delete(f"{api}{asked.pk}/"),
            client.post(f"{api}{asked.pk}/resend/"),
        ]
        assert {answer.status_code for answer in answers} <= {403, 404}
    for user in (outsider, preliminary_reviewer):
        assert api_for(user).get("/api/v1/nominations/experts/?q=小明").status_code == 403
    assert api_for(outsider).get(api).status_code == 404
    assert APIClient().get("/api/v1/nominations/experts/?q=小明").status_code == 403
    assert statuses() == {AnswerStatus.ASKED}
    assert AnswerLink.objects.count() == 2


def test_api_names_shows_resends_and_drops(
    expert: RecognisedExpert, nominator: User, preliminary_reviewer: User, api_for: ApiFor
) -> None:
    client, nomination = api_for(nominator), make_draft(nominator)
    api = f"/api/v1/nominations/{nomination.pk}/asked/"
    [found] = client.get("/api/v1/nominations/experts/?q=小明").json()
    assert found == {
        "id": str(expert.pk),
        "name": "王小明",
        "title": "教授",
        "organisation": expert.organisation_name,
        "field": "材料科学",
    }
    refused = client.post(f"/api/v1/nominations/{nomination.pk}/submit/").json()
    assert [fault["code"] for fault in refused["errors"]] == ["experts_required"]
    named = client.post(api, {"expert": found["id"]}, headers={"Idempotency-Key": "k"})
    again = client.post(api, {"expert": found["id"]}, headers={"Idempotency-Key": "k"})
    assert (named.status_code, again.json()) == (201, named.json())
    assert client.post(api, {"expert": str(uuid.uuid4())}).status_code == 404
    assert client.post(api, {"expert": "x"}).status_code == 400
    [asked] = named.json()
    assert (asked["asked"], asked["status"], asked["expires_at"]) == ("expert", "named", None)
    client.post(f"/api/v1/nominations/{nomination.pk}/submit/")
    assert client.post(f"{api}{asked['id']}/resend/").status_code == 204
    stopped = api_for(preliminary_reviewer).post(
        f"/api/v1/nominations/{nomination.pk}/preliminary-review/", {"outcome": "pass"}
    )
    assert [each["code"] for each in stopped.json()["obstacles"]] == ["experts_lacking", "consent_lacking"]
    assert client.delete(f"{api}{asked['id']}/").status_code == 204
    assert [each["asked"] for each in client.get(api).json()] == ["nominee"]


def test_api_answers_by_the_token_alone(waiting: Nomination, tokens: list[str]) -> None:
    client = APIClient()
    asked = client.post("/api/v1/nominations/answers/question/", {"token": tokens[0]})
    assert (asked.status_code, asked["Cache-Control"]) == (200, "no-store")
    body = asked.json()
    assert (body["asked"], body["nominee"], body["statement"]) == ("expert", waiting.talent.name, waiting.statement)
    assert waiting.email not in asked.content.decode()

    given = {"token": tokens[0], "is_confirmed": True}
    assert client.post("/api/v1/nominations/answers/", given).json()["code"] == "invalid_input"
    assert client.post("/api/v1/nominations/answers/", given | {"words": "属实"}).status_code == 201
    for token in (tokens[0], "unknown"):
        dead = client.post("/api/v1/nominations/answers/", given | {"words": "属实", "token": token})
        assert (dead.status_code, dead.json()["code"]) == (404, "link_dead")
        assert client.post("/api/v1/nominations/answers/question/", {"token": token}).json() == dead.json()
    assert client.post("/api/v1/nominations/answers/", {"token": 5, "is_confirmed": "maybe"}).status_code == 400


def test_queries_do_not_grow_with_the_people_asked(policy: PolicyVersion, nominator: User, login: Login) -> None:
    counts = []
    for needed in (1, 3):
        ask_of(experts_needed=needed)
        nomination = make_draft(nominator)
        for _ in range(needed):
            operations.name_expert(actor=nominator, nomination=nomination, expert=ExpertFactory(), at=timezone.now())
        operations.submit(actor=nominator, nomination=nomination, at=timezone.now())
        client = login(nominator)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/nominations/{nomination.pk}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_administrator_keeps_the_register(policy: PolicyVersion, administrator: User, login: Login) -> None:
    client = login(administrator)
    entry = {"name": "赵专家", "email": "zhao@example.com", "is_active": "on", "field": "生物医药"}
    assert client.post("/admin/nominations/recognisedexpert/add/", entry).status_code == 302
    twice = client.post("/admin/nominations/recognisedexpert/add/", entry | {"email": "ZHAO@example.com"})
    assert twice.status_code == 200
    kept = RecognisedExpert.objects.get()
    client.post(f"/admin/nominations/recognisedexpert/{kept.pk}/change/", entry | {"email": "new@example.com"})
    kept.refresh_from_db()
    assert kept.email == "new@example.com"
    assert client.get("/admin/nominations/recognisedexpert/").status_code == 200
    actions = AuditEvent.objects.filter(target_id=str(kept.pk)).order_by("at").values_list("action", flat=True)
    assert list(actions) == ["expert.registered", "expert.changed"]
    assert client.post(f"/admin/nominations/recognisedexpert/{kept.pk}/delete/").status_code == 403
