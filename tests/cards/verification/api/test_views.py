import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken
from rest_framework.test import APIClient

from cards.credentials.choices import StatusValue
from cards.credentials.models import StatusEntry
from cards.issuance.models import TalentCard
from cards.talents.models import Talent
from cards.verification.api import partners
from cards.verification.choices import Channel, Field, Reason
from cards.verification.models import Desk, Purpose, VerificationAttempt
from cards.verification.operations import verify_code
from talentcard.accounts.models import PartnerSystem, User
from talentcard.accounts.operations import register_partner_system
from tests.cards.verification.codes import REGISTER, SPELLINGS, code_of, entry_of
from tests.factories.accounts import UserFactory
from tests.factories.issuance import make_active_card
from tests.factories.verification import PurposeFactory, make_partner_system

URL = "/api/v1/verifications/"
PUBLIC_URL = "/api/v1/public-checks/"
LOG_URL = "/api/v1/cards/mine/checks/"

Ask = Callable[..., Any]


@pytest.fixture
def ask(token: str) -> Ask:
    """Return a function that asks as the partner's system does, from outside and with nothing but its token."""

    def post(code: str, *, bearer: str = token, language: str = "en", **changes: Any) -> Any:
        body = {"code": code, "purpose": "airport", "nonce": uuid.uuid4().hex, **changes}
        headers = {"Authorization": f"Bearer {bearer}", "Accept-Language": language}
        return Client(headers=headers).post(URL, body, content_type="application/json")

    return post


def test_verification_answers_with_the_verdict_and_the_fields(ask: Ask, card: TalentCard, code: str) -> None:
    response = ask(code, nonce="n-1")

    attempt = VerificationAttempt.objects.get()
    body = response.json()
    assert response.status_code == 200
    assert body.pop("checked_at").startswith(attempt.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    assert body.pop("fields")["card_number"] == card.number
    assert body == {
        "id": str(attempt.pk),
        "is_replay": False,
        "outcome": "valid",
        "reason": "valid",
        "explanation": "The card is valid.",
        "advice": "Compare the name with the person in front of you.",
    }


@pytest.mark.parametrize(("language", "explanation"), [("en", "The card is valid."), ("zh-CN", "该卡有效。")])
def test_verification_explains_in_the_language_asked_for(
    language: str, explanation: str, ask: Ask, card: TalentCard, code: str
) -> None:
    body = ask(code, language=language).json()

    assert body["explanation"] == explanation
    assert body["fields"]["tier_name"] == (card.tier.name_en if language == "en" else card.tier.name_zh)


@pytest.mark.parametrize(("happens", "reason"), REGISTER)
def test_verification_follows_the_register(
    happens: Callable[[TalentCard], None], reason: Reason, ask: Ask, card: TalentCard, code: str
) -> None:
    assert ask(code).json()["reason"] == "valid"

    happens(card)
    response = ask(code)

    assert (response.status_code, response.json()["reason"]) == (200, reason)
    assert VerificationAttempt.objects.filter(reason=reason).exists()


@pytest.mark.parametrize(("spell", "reason"), SPELLINGS)
def test_verification_refuses_and_records_what_is_no_code_of_ours(
    spell: Callable[[str], str], reason: Reason, ask: Ask, code: str
) -> None:
    response = ask(spell(code))

    assert (response.status_code, response.json()["reason"]) == (200, reason)
    assert response.json()["fields"] == {}
    assert VerificationAttempt.objects.get().reason == reason


def test_verification_repeated_is_one_record(ask: Ask, code: str) -> None:
    first, second = ask(code, nonce="n-1").json(), ask(code, nonce="n-1").json()

    assert (first["is_replay"], second["is_replay"]) == (False, True)
    assert (second["id"], second["fields"]) == (first["id"], first["fields"])
    assert VerificationAttempt.objects.count() == 1


def test_verification_refuses_a_nonce_of_another_check(ask: Ask, code: str) -> None:
    ask(code, nonce="n-1")

    response = ask(code + "A", nonce="n-1")

    assert (response.status_code, response.json()["code"]) == (409, "nonce_reused")
    assert VerificationAttempt.objects.count() == 1


def test_verification_refuses_a_purpose_of_others(ask: Ask, code: str, foreign_desk: Desk) -> None:
    reasons = [ask(code, purpose=purpose).json()["reason"] for purpose in ("clinic", "no such purpose", "\x00")]

    # One answer for both: what exists elsewhere is nobody's business.
    assert reasons == [Reason.PURPOSE_NOT_ALLOWED] * 3
    assert VerificationAttempt.objects.filter(reason=Reason.PURPOSE_NOT_ALLOWED).count() == 3


def test_verification_at_a_desk_follows_that_desks_purposes(ask: Ask, code: str, desk: Desk) -> None:
    other = Desk.objects.create(organisation=desk.organisation, name_zh="二号", name_en="Second")

    assert ask(code, desk=str(desk.pk)).json()["reason"] == Reason.VALID
    assert ask(code, desk=str(other.pk)).json()["reason"] == Reason.PURPOSE_NOT_ALLOWED


def test_verification_refuses_another_organisations_desk(ask: Ask, code: str, foreign_desk: Desk) -> None:
    for desk in (foreign_desk.pk, uuid.uuid4()):
        response = ask(code, desk=str(desk))

        assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert not VerificationAttempt.objects.exists()


def test_verification_sees_a_purpose_closed_at_once(ask: Ask, code: str, purpose: Purpose) -> None:
    assert ask(code).json()["reason"] == Reason.VALID

    purpose.is_active = False
    purpose.save()

    assert ask(code).json()["reason"] == Reason.PURPOSE_NOT_ALLOWED


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", [""]),
        (b"{", [""]),
        (b"[]", [""]),
        (b"[" * 8000, [""]),
        (b"\xff\xfe", [""]),
        (b"{}", ["code", "purpose", "nonce"]),
        (b'{"code": 1, "purpose": "", "nonce": null}', ["code", "purpose", "nonce"]),
        (b'{"code": "A", "purpose": "p", "nonce": "a b"}', ["nonce"]),
        (b'{"code": "A", "purpose": "p", "nonce": "\\u0000"}', ["nonce"]),
        (json.dumps({"code": "A", "purpose": "p", "nonce": "n" * 65}).encode(), ["nonce"]),
        (b'{"code": "A", "purpose": "p", "nonce": "n", "desk": "x"}', ["desk"]),
        (b'{"code": "A", "purpose": "p", "nonce": "n", "desk": 5}', ["desk"]),
    ],
)
def test_verification_names_what_is_wrong_with_a_request(body: bytes, fields: list[str], token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}

    response = Client(headers=headers).post(URL, body, content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")
    assert [error["field"] for error in response.json()["errors"]] == fields
    assert not VerificationAttempt.objects.exists()


def test_verification_bounds_the_request(ask: Ask) -> None:
    response = ask("A" * 10_000_000)

    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert not VerificationAttempt.objects.exists()


def test_verification_records_a_code_that_is_too_long(ask: Ask) -> None:
    assert ask("A" * 4000).json()["reason"] == Reason.UNREADABLE
    assert VerificationAttempt.objects.count() == 1


def test_verification_is_a_post(token: str) -> None:
    response = Client(headers={"Authorization": f"Bearer {token}"}).get(URL)

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer unknown", "Basic dXNlcjpwYXNz", "Bearer é"])
def test_verification_needs_a_token(header: str, code: str, system: PartnerSystem) -> None:
    response = Client(headers={"Authorization": header}).post(URL, {"code": code}, content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert not VerificationAttempt.objects.exists()


def test_verification_does_not_know_a_signed_in_person(
    api_for: Callable[[User], APIClient], partner: User, outsider: User, code: str
) -> None:
    for user in (partner, outsider):
        response = api_for(user).post(URL, {"code": code, "purpose": "airport", "nonce": "n"})

        assert response.status_code == 401
    assert not VerificationAttempt.objects.exists()


def test_verification_needs_its_scope(ask: Ask, code: str, desk: Desk) -> None:
    _system, narrow = make_partner_system(desk.organisation, scope="redeem")

    response = ask(code, bearer=narrow)

    assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")
    assert not VerificationAttempt.objects.exists()


def test_verification_refuses_a_revoked_token_at_once(ask: Ask, code: str) -> None:
    assert ask(code).status_code == 200

    AccessToken.objects.get().revoke()

    assert ask(code).status_code == 401


def test_verification_refuses_an_expired_token(ask: Ask, code: str, desk: Desk) -> None:
    _system, old = make_partner_system(desk.organisation, expires_in=-1)

    assert ask(code, bearer=old).status_code == 401


def test_verification_refuses_a_token_that_expires_while_it_is_kept(ask: Ask, code: str, token: str) -> None:
    assert ask(code).status_code == 200

    # A change that no signal tells of, as in another process; the kept grant knows its own end.
    kept = dict(partners._grants._entries)
    for key, (when, grant) in kept.items():
        ended = partners.Grant(grant.system, grant.scopes, timezone.now())
        partners._grants._entries[key] = (when, ended)

    assert ask(code).status_code == 401


def test_verification_refuses_a_token_bound_to_another_resource(ask: Ask, code: str) -> None:
    token = AccessToken.objects.get()
    token.resource = ["https://elsewhere.example/"]
    token.save()

    assert ask(code).status_code == 401


def test_verification_refuses_a_system_that_was_closed(ask: Ask, code: str, system: PartnerSystem) -> None:
    assert ask(code).status_code == 200

    system.is_active = False
    system.save()

    assert ask(code).status_code == 401


def test_verification_works_with_client_credentials_end_to_end(code: str, desk: Desk) -> None:
    register_partner_system(
        actor=None, organisation=desk.organisation, name="gate", client_id="gate", client_secret="secret"
    )
    grant = {"grant_type": "client_credentials", "client_id": "gate", "client_secret": "secret", "scope": "verify"}
    answer = Client().post("/oauth2/token/", grant).json()

    response = Client(headers={"Authorization": f"Bearer {answer['access_token']}"}).post(
        URL, {"code": code, "purpose": "airport", "nonce": "n"}, content_type="application/json"
    )

    assert response.json()["outcome"] == "valid"


def test_verification_takes_one_statement_once_warm(ask: Ask, code: str, django_assert_num_queries: Any) -> None:
    ask(code)

    with django_assert_num_queries(1):
        ask(code)
    with django_assert_num_queries(1):
        ask(code.lower())
    with django_assert_num_queries(1):
        ask(code, purpose="unknown")


def test_verification_repeated_takes_two_statements(ask: Ask, code: str, django_assert_num_queries: Any) -> None:
    ask(code, nonce="n-1")

    with django_assert_num_queries(2):
        ask(code, nonce="n-1")


def test_verification_is_limited_by_system(ask: Ask, code: str, desk: Desk, settings: Any) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "verify": "3/hour"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    _system, other = make_partner_system(desk.organisation)

    statuses = [ask(code).status_code for _ in range(5)]
    refused = ask(code)

    assert statuses == [200, 200, 200, 429, 429]
    assert refused.json()["code"] == "throttled"
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert ask(code, bearer=other).status_code == 200
    assert VerificationAttempt.objects.count() == 4


def test_public_check_needs_no_sign_in_and_masks(card: TalentCard, code: str) -> None:
    response = APIClient(headers={"Accept-Language": "en"}).post(PUBLIC_URL, {"code": code})

    body = response.json()
    assert response.status_code == 200
    assert (body["outcome"], body["reason"]) == ("valid", "valid")
    assert set(body["fields"]) == {"masked_name", "tier", "tier_name", "valid_until"}
    assert card.holder.name not in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert VerificationAttempt.objects.get().channel == Channel.PUBLIC


@pytest.mark.parametrize(("spell", "reason"), SPELLINGS)
def test_public_check_says_why_not(spell: Callable[[str], str], reason: Reason, code: str) -> None:
    response = APIClient().post(PUBLIC_URL, json.dumps({"code": spell(code)}), content_type="application/json")

    if response.status_code == 200:
        assert response.json()["reason"] == reason
        assert VerificationAttempt.objects.get().reason == reason
    else:
        # No text at all by JSON's or the form's own rules: refused as input, before it is a check.
        assert response.json()["code"] == "invalid_input"
        assert reason == Reason.UNREADABLE


def test_public_check_refuses_what_is_too_long(db: None) -> None:
    assert APIClient().post(PUBLIC_URL, {"code": "A" * 2049}).status_code == 400
    assert not VerificationAttempt.objects.exists()


def test_public_check_is_limited_by_address(code: str, settings: Any) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "public_check": "2/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}

    statuses = [APIClient().post(PUBLIC_URL, {"code": code}).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert VerificationAttempt.objects.count() == 2


@pytest.fixture
def holder(card: TalentCard) -> User:
    user = UserFactory(username="holder")
    Talent.objects.filter(pk=card.holder_id).update(user=user)
    return user


def checked(code: str, system: PartnerSystem, purpose: Purpose | None, **changes: Any) -> None:
    fields: dict[str, Any] = {"channel": Channel.API, "system": system, "nonce": uuid.uuid4().hex, **changes}
    verify_code(code=code, purpose=purpose, at=timezone.now(), **fields)


def test_holder_sees_who_checked_what(
    api_for: Callable[[User], APIClient],
    holder: User,
    card: TalentCard,
    code: str,
    system: PartnerSystem,
    purpose: Purpose,
    desk: Desk,
) -> None:
    checked(code, system, purpose)
    checked(code, system, PurposeFactory(code="other", name_en="Other"), desk=desk)
    verify_code(code=code, purpose=None, channel=Channel.PUBLIC, nonce="n", at=timezone.now())

    client = api_for(holder)
    rows = client.get(LOG_URL, headers={"Accept-Language": "en"}).json()["results"]

    assert [(row["organisation"], row["desk"], row["purpose"], row["reason"]) for row in rows] == [
        (None, None, None, "valid"),
        ("Binhai Airport", "Departures", "Other", "purpose_not_allowed"),
        ("Binhai Airport", None, "Fast lane", "valid"),
    ]
    assert rows[2]["fields_shown"] == ["name", "tier", "card_number", "valid_until"]
    assert rows[1]["fields_shown"] == []


def test_holder_does_not_see_other_peoples_checks(
    api_for: Callable[[User], APIClient], holder: User, system: PartnerSystem, purpose: Purpose
) -> None:
    checked(code_of(make_active_card()), system, purpose)

    assert api_for(holder).get(LOG_URL).json()["results"] == []


def test_log_is_for_holders(
    api: APIClient, api_for: Callable[[User], APIClient], outsider: User, partner: User
) -> None:
    assert api.get(LOG_URL).status_code in (401, 403)
    for user in (outsider, partner):
        assert api_for(user).get(LOG_URL).status_code == 403


def test_log_takes_as_many_queries_for_one_check_as_for_many(
    api_for: Callable[[User], APIClient],
    holder: User,
    code: str,
    system: PartnerSystem,
    purpose: Purpose,
    django_assert_num_queries: Any,
) -> None:
    client = api_for(holder)
    for count in (1, 3):
        while VerificationAttempt.objects.count() < count:
            checked(code, system, purpose)
        # Session, user, talent, count, page.
        with django_assert_num_queries(5):
            assert len(client.get(LOG_URL).json()["results"]) == count


def test_suspension_changes_the_next_answer(ask: Ask, card: TalentCard, code: str) -> None:
    assert ask(code).json()["fields"][Field.CARD_NUMBER] == card.number

    StatusEntry.objects.filter(pk=entry_of(card).pk).update(value=StatusValue.SUSPENDED)

    body = ask(code).json()
    assert (body["outcome"], body["reason"], body["fields"]) == ("invalid", "suspended", {})
