import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import qrcode
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from talentcard_verifier import parse

from cards.issuance.models import TalentCard
from cards.talents.models import Talent
from cards.verification.choices import Channel, Reason
from cards.verification.models import Desk, Purpose, VerificationAttempt
from cards.verification.operations import verify_code
from talentcard.accounts.models import PartnerSystem, User
from tests.cards.verification.codes import REGISTER, SPELLINGS, code_of
from tests.factories.accounts import UserFactory
from tests.factories.issuance import make_active_card

Login = Callable[[User], Client]


def name_of(code: str) -> str:
    return parse(code).claims.display_name


def picture(text: str) -> SimpleUploadedFile:
    file = io.BytesIO()
    qrcode.make(text).save(file)
    return SimpleUploadedFile("code.png", file.getvalue(), "image/png")


@pytest.fixture
def present(login: Login, partner: User, desk: Desk, purpose: Purpose) -> Callable[..., Any]:
    """Return a function that presents a card at the partner's desk."""
    client = login(partner)

    def post(**changes: Any) -> Any:
        fields = {"place": f"{desk.pk}:{purpose.code}", "nonce": uuid.uuid4().hex, "code": "", **changes}
        return client.post("/desk/", fields, headers={"Accept-Language": "en"})

    return post


@pytest.mark.parametrize("path", ["/v", "/V"])
@pytest.mark.parametrize(("language", "words"), [("en", "Check a card"), ("zh-hans", "核验卡片")])
def test_public_check_opens_for_anybody(path: str, language: str, words: str, client: Client, db: None) -> None:
    response = client.get(path, headers={"Accept-Language": language})

    assert response.status_code == 200
    assert words in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert not VerificationAttempt.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("en", "The card is valid."), ("zh-hans", "该卡有效。")])
def test_public_check_without_javascript_shows_the_verdict(
    language: str, words: str, client: Client, card: TalentCard, code: str
) -> None:
    response = client.post("/v", {"code": code}, headers={"Accept-Language": language})

    page = response.content.decode()
    assert words in page
    assert f"{name_of(code)[0]}＊＊" in page
    assert name_of(code) not in page
    assert card.number not in page
    assert code not in page
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "A" * 2049}, {"code": "\x00"}])
def test_public_check_says_what_is_wrong_with_the_form(body: dict[str, str], client: Client, db: None) -> None:
    response = client.post("/v", body)

    assert response.status_code == 400
    assert not VerificationAttempt.objects.exists()


def test_public_check_page_and_api_share_one_limit(client: Client, code: str, settings: Any) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "public_check": "2/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}

    statuses = [
        client.post("/v", {"code": code}).status_code,
        client.post("/api/v1/public-checks/", {"code": code}).status_code,
        client.post("/v", {"code": code}).status_code,
    ]

    assert statuses == [200, 200, 429]
    assert VerificationAttempt.objects.count() == 2


def test_desk_shows_the_verdict_and_the_name(present: Callable[..., Any], card: TalentCard, code: str) -> None:
    response = present(code=code)

    page = response.content.decode()
    assert response.status_code == 200
    assert "verdict--good" in page
    assert name_of(code) in page
    assert card.number in page
    assert VerificationAttempt.objects.get().channel == Channel.DESK


@pytest.mark.parametrize(("happens", "reason"), REGISTER[1:])
def test_desk_follows_the_register(
    happens: Callable[[TalentCard], None], reason: Reason, present: Callable[..., Any], card: TalentCard, code: str
) -> None:
    happens(card)

    page = present(code=code).content.decode()

    assert "verdict--bad" in page
    assert name_of(code) not in page
    assert VerificationAttempt.objects.get().reason == reason


# The others are not text that a browser sends, or the form trims or refuses them by itself.
@pytest.mark.parametrize(("spell", "reason"), SPELLINGS[:7])
def test_desk_refuses_what_is_no_code_of_ours(
    spell: Callable[[str], str], reason: Reason, present: Callable[..., Any], code: str
) -> None:
    assert "verdict--bad" in present(code=spell(code)).content.decode()
    assert VerificationAttempt.objects.get().reason == reason


def test_desk_reads_an_image(present: Callable[..., Any], code: str) -> None:
    page = present(image=picture(f"HTTP://127.0.0.1:8000/V#{code}")).content.decode()

    assert "verdict--good" in page


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("a.png", b"<html>", "image/png"), "not a PNG or JPEG"),
        (SimpleUploadedFile("a.png", b"", "image/png"), "empty"),
        (SimpleUploadedFile("a.png", bytes(6_000_000), "image/png"), "too large"),
    ],
)
def test_desk_says_what_is_wrong_with_an_image(
    upload: SimpleUploadedFile, words: str, present: Callable[..., Any]
) -> None:
    upload.seek(0)
    response = present(image=upload)

    assert response.status_code == 400
    assert words in response.content.decode()
    assert not VerificationAttempt.objects.exists()


def test_desk_takes_a_code_or_an_image_but_not_both(present: Callable[..., Any], code: str) -> None:
    assert present().status_code == 400
    assert present(code=code, image=picture(code)).status_code == 400
    assert not VerificationAttempt.objects.exists()


def test_desk_reloaded_is_the_same_check(present: Callable[..., Any], code: str) -> None:
    nonce = uuid.uuid4().hex

    assert "verdict--good" in present(code=code, nonce=nonce).content.decode()
    assert "verdict--good" in present(code=code, nonce=nonce).content.decode()

    assert VerificationAttempt.objects.count() == 1


def test_desk_takes_another_card_in_an_old_form(present: Callable[..., Any], code: str) -> None:
    nonce, other = uuid.uuid4().hex, code_of(make_active_card())

    present(code=code, nonce=nonce)
    present(code=other, nonce=nonce)

    assert VerificationAttempt.objects.filter(reason=Reason.VALID).count() == 2


def test_desk_remembers_the_place(login: Login, partner: User, desk: Desk, purpose: Purpose, code: str) -> None:
    second = Desk.objects.create(organisation=partner.organisation, name_zh="乙", name_en="Zulu")
    second.purposes.set([purpose])
    client = login(partner)
    place = f"{second.pk}:{purpose.code}"

    client.post("/desk/", {"place": place, "nonce": uuid.uuid4().hex, "code": code})

    assert client.get("/desk/").context["form"]["place"].value() == place


def test_desk_is_for_its_own_partners(
    login: Login, partner: User, outsider: User, auditor: User, foreign_desk: Desk, purpose: Purpose, code: str
) -> None:
    body = {"place": f"{foreign_desk.pk}:{purpose.code}", "nonce": uuid.uuid4().hex, "code": code}

    assert Client().post("/desk/", body).status_code == 302
    for user in (outsider, auditor):
        assert login(user).get("/desk/").status_code == 403
        assert login(user).post("/desk/", body).status_code == 403
    assert login(partner).post("/desk/", body).status_code == 400
    assert not VerificationAttempt.objects.exists()


def test_desk_page_of_a_partner_without_desks_says_so(login: Login, partner: User) -> None:
    response = login(partner).get("/desk/", headers={"Accept-Language": "en"})

    assert "No desk is open to you" in response.content.decode()


def test_desk_lists_its_last_checks_in_a_fixed_number_of_queries(
    login: Login, partner: User, present: Callable[..., Any], code: str, django_assert_num_queries: Any
) -> None:
    client = login(partner)
    present(code=code)
    with CaptureQueriesContext(connection) as one_check:
        assert len(client.get("/desk/").context["recent"]) == 1
    # Counted at once: the next request empties the log.
    queries = len(one_check)
    present(code=code)
    present(code=code)

    with django_assert_num_queries(queries):
        assert len(client.get("/desk/").context["recent"]) == 3


def test_desk_list_names_no_card_that_was_not_shown(present: Callable[..., Any], card: TalentCard, code: str) -> None:
    Talent.objects.filter(pk=card.holder_id).update(is_secret=True)

    page = present(code=code).content.decode()

    assert "verdict--good" in page
    assert card.number not in page
    assert name_of(code) not in page


@pytest.fixture
def holder(card: TalentCard) -> User:
    user = UserFactory(username="holder")
    Talent.objects.filter(pk=card.holder_id).update(user=user)
    return user


def test_holder_reads_who_checked_the_card(
    login: Login, holder: User, code: str, system: PartnerSystem, purpose: Purpose
) -> None:
    verify_code(code=code, purpose=purpose, system=system, channel=Channel.API, nonce="n", at=timezone.now())

    page = login(holder).get("/checks/mine/", headers={"Accept-Language": "en"}).content.decode()

    assert "Binhai Airport" in page
    assert "Fast lane" in page
    assert "Saw: name, tier, card number, valid until" in page


def test_holders_log_takes_a_fixed_number_of_queries(
    login: Login,
    holder: User,
    code: str,
    system: PartnerSystem,
    purpose: Purpose,
    django_assert_num_queries: Any,
) -> None:
    client = login(holder)
    for count in (1, 3):
        while VerificationAttempt.objects.count() < count:
            verify_code(
                code=code,
                purpose=purpose,
                system=system,
                channel=Channel.API,
                nonce=uuid.uuid4().hex,
                at=timezone.now(),
            )
        # Session, user, talent, count, page, roles, unread messages.
        with django_assert_num_queries(7):
            assert len(client.get("/checks/mine/").context["items"]) == count


def test_holders_log_is_for_holders(login: Login, outsider: User, partner: User) -> None:
    assert Client().get("/checks/mine/").status_code == 302
    for user in (outsider, partner):
        assert login(user).get("/checks/mine/").status_code == 403
