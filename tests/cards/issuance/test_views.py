from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cards.issuance.choices import CardStatus
from cards.issuance.models import CardTransition, TalentCard
from talentcard.accounts.models import User
from tests.factories.issuance import make_active_card, make_award

MINE = "/cards/mine/"
LOSS = "/cards/mine/report-loss/"
LIST = "/cards/"
ACTIONS = ("suspend", "reinstate", "return", "revoke")
Login = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> TalentCard:
    return make_active_card()


@pytest.fixture
def holder(card: TalentCard) -> User:
    assert card.holder.user is not None
    return card.holder.user


def html_of(client: Client, path: str) -> str:
    response = client.get(path, headers={"Accept-Language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_holder_sees_the_card_with_its_code(login: Login, card: TalentCard, holder: User) -> None:
    html = html_of(login(holder), MINE)

    assert card.number in html
    assert f"/api/v1/cards/{card.pk}/qr.svg" in html
    assert LOSS in html
    assert "Awarded" in html


def test_my_card_is_kept_by_no_cache(login: Login, holder: User) -> None:
    assert "no-store" in login(holder).get(MINE)["Cache-Control"]


def test_holder_of_a_suspended_card_sees_the_reason_and_no_code(
    login: Login, card: TalentCard, holder: User, issuer: User
) -> None:
    login(issuer).post(f"{LIST}{card.pk}/suspend/", {"reason": "papers under review"})

    html = html_of(login(holder), MINE)

    assert "papers under review" in html
    assert "qr.svg" not in html
    assert LOSS not in html


def test_person_without_a_card_is_told_so(login: Login, outsider: User) -> None:
    assert "You have no card yet" in html_of(login(outsider), MINE)


def test_holder_confirms_before_a_loss_is_reported(login: Login, card: TalentCard, holder: User) -> None:
    client = login(holder)

    assert card.number in html_of(client, LOSS)
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE

    assert client.post(LOSS).status_code == 302
    card.refresh_from_db()
    assert (card.status, card.status_reason) == (CardStatus.SUSPENDED, "lost")
    assert "reported lost by the holder" in html_of(client, MINE)


def test_issuer_finds_opens_and_revokes_a_card(login: Login, card: TalentCard, issuer: User) -> None:
    client = login(issuer)
    detail = f"{LIST}{card.pk}/"

    assert detail in html_of(client, LIST)
    assert f"{detail}revoke/" in html_of(client, detail)
    assert "Revoke this card for good?" in html_of(client, f"{detail}revoke/")
    assert client.post(f"{detail}revoke/", {"reason": "left the city"}).headers["Location"] == detail

    card.refresh_from_db()
    assert (card.status, card.status_reason) == (CardStatus.REVOKED, "left the city")
    assert "left the city" in html_of(client, detail)


def test_change_without_a_reason_asks_again(login: Login, card: TalentCard, issuer: User) -> None:
    response = login(issuer).post(f"{LIST}{card.pk}/revoke/", {"reason": ""})

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"reason"}
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE


def test_whole_number_leads_to_its_card(login: Login, card: TalentCard, issuer: User) -> None:
    card.holder.is_secret = True
    card.holder.save()
    client = login(issuer)

    response = client.get(LIST, {"number": card.number.lower()})

    assert response.headers["Location"] == f"{LIST}{card.pk}/"
    assert card.number not in html_of(client, LIST)


def test_auditor_reads_and_is_offered_nothing(login: Login, card: TalentCard, auditor: User) -> None:
    client = login(auditor)

    html = html_of(client, f"{LIST}{card.pk}/")

    assert "qr.svg" not in html
    assert not any(f"/{action}/" in html for action in ACTIONS)
    for action in ACTIONS:
        assert client.post(f"{LIST}{card.pk}/{action}/", {"reason": "because"}).status_code == 403
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE


def test_outsider_sees_and_changes_nothing(login: Login, card: TalentCard, outsider: User) -> None:
    client = login(outsider)
    steps = CardTransition.objects.count()

    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{card.pk}/").status_code == 404
    assert client.get(LOSS).status_code == 404
    assert client.post(LOSS).status_code == 404
    for action in ACTIONS:
        assert client.get(f"{LIST}{card.pk}/{action}/").status_code == 404
        assert client.post(f"{LIST}{card.pk}/{action}/", {"reason": "because"}).status_code == 404
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE
    assert CardTransition.objects.count() == steps


def test_nobody_signed_in_is_sent_to_sign_in(client: Client, card: TalentCard) -> None:
    for path in (MINE, LOSS, LIST, f"{LIST}{card.pk}/", f"{LIST}{card.pk}/revoke/"):
        assert "/login/" in client.get(path).headers["Location"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_however_long(
    login: Login, issuer: User, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(count):
        make_active_card()
    client = login(issuer)

    # Session, user, roles, tiers, count, page, then navigation: talent, messages, direct issues that wait.
    with django_assert_num_queries(9):
        client.get(LIST)


def test_pages_speak_chinese(login: Login, card: TalentCard, holder: User) -> None:
    response = login(holder).get(MINE, headers={"Accept-Language": "zh-hans"})

    assert "我的人才卡" in response.content.decode()


def test_card_in_production_says_so(login: Login, issuer: User) -> None:
    card = make_award()

    assert "The code is being made." in html_of(login(issuer), f"{LIST}{card.pk}/")
