import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from rest_framework.test import APIClient

from cards.issuance import qr
from cards.issuance.choices import CardStatus
from cards.issuance.models import CardTransition, TalentCard
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from tests.factories.accounts import UserFactory, give_role
from tests.factories.issuance import make_active_card, make_award

LIST = "/api/v1/cards/"
ApiFor = Callable[[User], APIClient]

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> TalentCard:
    return make_active_card()


@pytest.fixture
def holder(card: TalentCard) -> User:
    assert card.holder.user is not None
    return card.holder.user


def url_of(card: TalentCard, action: str = "") -> str:
    return f"{LIST}{card.pk}/{action}"


def test_holder_lists_their_own_card_only(api_for: ApiFor, card: TalentCard, holder: User) -> None:
    make_active_card()

    body = api_for(holder).get(LIST).json()

    assert [found["number"] for found in body["results"]] == [card.number]
    assert set(body["results"][0]) == {
        "id",
        "number",
        "status",
        "reason",
        "tier",
        "holder_name",
        "valid_from",
        "valid_until",
    }


def test_holder_reads_their_card_and_its_history(api_for: ApiFor, card: TalentCard, holder: User) -> None:
    body = api_for(holder).get(f"{LIST}mine/").json()

    assert (body["number"], body["status"], body["tier"]["code"]) == (card.number, "active", "A")
    assert [step["to_status"] for step in body["history"]] == ["in_production", "active"]
    assert api_for(holder).get(url_of(card)).json() == body


def test_person_without_a_card_has_none(api_for: ApiFor, outsider: User) -> None:
    assert api_for(outsider).get(f"{LIST}mine/").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [("status=active", {"A", "B"}), ("tier=B", {"B"}), ("status=in_production", {"C"}), ("status=revoked", set())],
)
def test_issuer_narrows_the_list(api_for: ApiFor, issuer: User, query: str, expected: set[str]) -> None:
    make_active_card(tier="A")
    make_active_card(tier="B")
    make_award(tier="C")

    body = api_for(issuer).get(f"{LIST}?{query}").json()

    assert {found["tier"]["code"] for found in body["results"]} == expected


def test_issuer_finds_a_card_by_its_number_however_it_is_written(
    api_for: ApiFor, issuer: User, card: TalentCard
) -> None:
    make_active_card()

    body = api_for(issuer).get(LIST, {"number": f" {card.number.lower()[:4]} {card.number[4:]} "}).json()

    assert [found["id"] for found in body["results"]] == [str(card.pk)]


def test_list_refuses_an_unknown_status(api_for: ApiFor, issuer: User) -> None:
    response = api_for(issuer).get(f"{LIST}?status=lost")

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "status")


def test_issuer_of_one_tier_sees_no_other(api_for: ApiFor) -> None:
    issuer_of_b = give_role(UserFactory(), Role.ISSUER, tier="B")
    of_a, of_b = make_active_card(tier="A"), make_active_card(tier="B")
    client = api_for(issuer_of_b)

    assert [found["number"] for found in client.get(LIST).json()["results"]] == [of_b.number]
    assert client.post(url_of(of_a, "suspend/"), {"reason": "check"}).status_code == 404
    assert client.post(url_of(of_b, "suspend/"), {"reason": "check"}).status_code == 200


def test_person_under_secrecy_is_in_nobody_s_list_but_their_own(
    api_for: ApiFor, issuer: User, auditor: User, card: TalentCard, holder: User
) -> None:
    card.holder.is_secret = True
    card.holder.save()

    counts = [api_for(user).get(LIST).json()["count"] for user in (issuer, auditor, holder)]

    assert counts == [0, 0, 1]
    assert api_for(issuer).get(url_of(card)).status_code == 200


def test_auditor_reads_everything_and_changes_nothing(api_for: ApiFor, auditor: User, card: TalentCard) -> None:
    client = api_for(auditor)

    assert client.get(LIST).json()["count"] == 1
    assert client.get(url_of(card)).status_code == 200
    assert client.get(url_of(card, "qr.png")).status_code == 403
    assert_nothing_changes(client, card, status_code=403)


def test_outsider_finds_no_card_and_changes_nothing(api_for: ApiFor, outsider: User, card: TalentCard) -> None:
    client = api_for(outsider)

    assert client.get(LIST).json()["results"] == []
    for action in ("", "qr.png", "qr.svg"):
        assert client.get(url_of(card, action)).status_code == 404
    assert_nothing_changes(client, card, status_code=404)


def test_nobody_signed_in_is_refused_everywhere(api: APIClient, card: TalentCard) -> None:
    for path in (LIST, f"{LIST}mine/", url_of(card), url_of(card, "qr.png"), url_of(card, "qr.svg")):
        assert api.get(path).status_code in (401, 403)
    assert_nothing_changes(api, card, status_code=403)


def test_another_holder_reports_nobody_else_s_loss(api_for: ApiFor, card: TalentCard) -> None:
    other = make_active_card().holder.user
    assert other is not None

    assert_nothing_changes(api_for(other), card, status_code=404)


def test_holder_does_not_manage_their_own_card(api_for: ApiFor, card: TalentCard, holder: User) -> None:
    give_role(holder, Role.ISSUER)

    for action in ("suspend", "revoke", "reinstate", "return"):
        assert api_for(holder).post(url_of(card, f"{action}/"), {"reason": "mine"}).status_code == 403
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE


def assert_nothing_changes(client: APIClient, card: TalentCard, *, status_code: int) -> None:
    steps = CardTransition.objects.count()
    for action in ("suspend", "reinstate", "revoke", "return", "report-loss"):
        response = client.post(url_of(card, f"{action}/"), {"reason": "because"})
        assert response.status_code in (status_code, 401)
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE
    assert CardTransition.objects.count() == steps


def test_issuer_suspends_reinstates_and_revokes(api_for: ApiFor, issuer: User, card: TalentCard) -> None:
    client = api_for(issuer)

    bodies = [
        client.post(url_of(card, f"{action}/"), {"reason": f"{action} it"}).json()
        for action in ("suspend", "reinstate", "revoke")
    ]

    assert [(body["status"], body["reason"]) for body in bodies] == [
        ("suspended", "suspend it"),
        ("active", "reinstate it"),
        ("revoked", "revoke it"),
    ]
    assert [step["to_status"] for step in bodies[-1]["history"]][2:] == ["suspended", "active", "revoked"]


def test_change_without_a_reason_is_refused(api_for: ApiFor, issuer: User, card: TalentCard) -> None:
    response = api_for(issuer).post(url_of(card, "revoke/"), {"reason": " "})

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["reason"]
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE


def test_change_that_the_status_forbids_is_a_conflict(api_for: ApiFor, issuer: User, card: TalentCard) -> None:
    response = api_for(issuer).post(url_of(card, "reinstate/"), {"reason": "again"})

    assert (response.status_code, response.json()["code"]) == (409, "card_transition_not_allowed")


def test_change_sent_twice_with_one_key_is_made_once(api_for: ApiFor, issuer: User, card: TalentCard) -> None:
    client = api_for(issuer)
    headers = {"Idempotency-Key": uuid.uuid4().hex}

    answers = [client.post(url_of(card, "suspend/"), {"reason": "check"}, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert CardTransition.objects.filter(to_status=CardStatus.SUSPENDED).count() == 1


def test_holder_reports_a_loss(api_for: ApiFor, card: TalentCard, holder: User) -> None:
    response = api_for(holder).post(url_of(card, "report-loss/"))

    assert (response.status_code, response.json()["status"]) == (200, "suspended")


def test_issuer_does_not_report_a_holder_s_loss(api_for: ApiFor, issuer: User, card: TalentCard) -> None:
    assert api_for(issuer).post(url_of(card, "report-loss/")).status_code == 403


@pytest.mark.parametrize("accept", ["image/avif,image/webp,image/png,*/*;q=0.8", "image/png", "application/json"])
def test_holder_gets_the_code_as_a_private_image(api_for: ApiFor, card: TalentCard, holder: User, accept: str) -> None:
    response = api_for(holder).get(url_of(card, "qr.png"), headers={"Accept": accept})

    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "private, no-store"
    with Image.open(io.BytesIO(b"".join(response.streaming_content))) as image:
        barcode = zxingcpp.read_barcode(image)
    assert barcode is not None
    assert barcode.text == qr.address_of(card.editions.get().code)


def test_issuer_gets_the_code_as_svg(api_for: ApiFor, issuer: User, card: TalentCard) -> None:
    response = api_for(issuer).get(url_of(card, "qr.svg"))

    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content == qr.render_svg(card.editions.get().code)


def test_card_in_production_has_no_image(api_for: ApiFor, issuer: User) -> None:
    assert api_for(issuer).get(url_of(make_award(), "qr.png")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_however_long(
    api_for: ApiFor, issuer: User, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(count):
        make_active_card()
    client = api_for(issuer)

    # Session, user, roles, count, page.
    with django_assert_num_queries(5):
        assert client.get(LIST).json()["count"] == count


def test_card_takes_few_queries(
    api_for: ApiFor, holder: User, card: TalentCard, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = api_for(holder)

    # Session, user, roles, card, history.
    with django_assert_num_queries(5):
        client.get(url_of(card))
