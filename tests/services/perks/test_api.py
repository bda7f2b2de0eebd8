from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from cards.issuance.models import TalentCard
from cards.verification.api import partners
from cards.verification.models import Desk, VerificationAttempt
from services.perks.models import LedgerEntry, PerkRequest
from services.schooling.models import SchoolPlaces
from talentcard.accounts.models import User
from tests.factories.perks import FAST_LANE, SCHOOLING, child_details, code_of, make_request, make_transport_desk
from tests.factories.verification import make_partner_system

ApiFor = Callable[[User], APIClient]
REQUESTS = "/api/v1/perks/requests/"
REDEMPTIONS = "/api/v1/perks/redemptions/"
STEPS = ["accept", "start", "grant", "decline", "withdraw", "rate"]
BODY: dict[str, Any] = {"reason": "No.", "level": 1}


def details_of(places: SchoolPlaces, **details: Any) -> dict[str, Any]:
    return {**child_details(places, **details), "guardian_consent": True}


def use_of(card: TalentCard, **values: Any) -> dict[str, Any]:
    return {"code": code_of(card), "perk": FAST_LANE, "nonce": "n1", "confirm": True, **values}


def test_catalogue_gives_reasons_and_quota(card: TalentCard, holder: User, allowance: object, api_for: ApiFor) -> None:
    lane, schooling = api_for(holder).get("/api/v1/perks/").json()

    assert (lane["slug"], lane["is_open"], lane["is_redeemable"], lane["quota"]["remaining"]) == (
        FAST_LANE,
        True,
        True,
        2,
    )
    assert (schooling["slug"], schooling["is_open"], schooling["is_requestable"]) == (SCHOOLING, False, True)
    assert schooling["quota"] is None
    assert [entry["code"] for entry in schooling["conditions"] if not entry["is_met"]] == ["season"]
    assert api_for(holder).get(f"/api/v1/perks/catalogue/{FAST_LANE}/").json() == lane
    assert api_for(holder).get("/api/v1/perks/catalogue/unknown/").status_code == 404


def test_request_create_is_carried_out_once_for_a_key(holder: User, places: SchoolPlaces, api_for: ApiFor) -> None:
    body = {"perk": SCHOOLING, "details": details_of(places)}
    client = api_for(holder)

    answers = [client.post(REQUESTS, body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"] == str(PerkRequest.objects.get().pk)
    assert [step["to_status"] for step in answers[0].json()["timeline"]] == ["submitted"]


def test_request_create_names_every_field_at_fault(holder: User, places: SchoolPlaces, api_for: ApiFor) -> None:
    body = {"perk": SCHOOLING, "details": {"birth_date": "yesterday", "school_1": str(places.pk)}}

    answer = api_for(holder).post(REQUESTS, body)

    assert answer.status_code == 400
    assert {fault["field"]: fault["code"] for fault in answer.json()["errors"]} == {
        "season": "required",
        "name": "required",
        "birth_date": "invalid",
        "identity_kind": "required",
        "identity_number": "required",
        "guardian_consent": "required",
    }


def test_request_create_says_why_it_is_not_open(card: TalentCard, holder: User, api_for: ApiFor) -> None:
    answer = api_for(holder).post(REQUESTS, {"perk": SCHOOLING, "details": {}})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_open")
    assert "No season is announced yet." in answer.json()["message"]


def test_request_create_refuses_an_outsider(outsider: User, places: SchoolPlaces, api_for: ApiFor) -> None:
    answer = api_for(outsider).post(REQUESTS, {"perk": SCHOOLING, "details": details_of(places)})

    assert answer.status_code == 403
    assert not PerkRequest.objects.exists()


def test_officer_takes_a_request_through_its_steps(
    card: TalentCard, holder: User, places: SchoolPlaces, schooling_officer: User, api_for: ApiFor
) -> None:
    entry = make_request(card, places)
    officer, own = api_for(schooling_officer), api_for(holder)
    path = f"{REQUESTS}{entry.pk}/"

    assert [row["id"] for row in officer.get(f"{REQUESTS}inbox/").json()["results"]] == [str(entry.pk)]
    assert officer.post(f"{path}start/").status_code == 409
    assert officer.post(f"{path}accept/").json()["status"] == "accepted"
    assert officer.post(f"{path}start/").json()["status"] == "in_progress"
    assert officer.post(f"{path}grant/", {"details": {}}).status_code == 400
    granted = officer.post(f"{path}grant/", {"details": {"places": str(places.pk)}}).json()
    rated = own.post(f"{path}rate/", {"level": 5})

    assert granted["status"] == "granted"
    assert {"label": "School given", "value": places.school.name} in granted["facts"]
    assert (rated.status_code, rated.json()["rating"]["level"]) == (201, 5)
    assert own.post(f"{path}rate/", {"level": 5}).json()["code"] == "already_rated"


@pytest.mark.parametrize("step", STEPS)
def test_request_steps_do_not_exist_for_others(
    card: TalentCard, places: SchoolPlaces, outsider: User, transport_officer: User, api_for: ApiFor, step: str
) -> None:
    entry = make_request(card, places)

    for user in (outsider, transport_officer):
        assert api_for(user).get(f"{REQUESTS}{entry.pk}/").status_code == 404
        assert api_for(user).post(f"{REQUESTS}{entry.pk}/{step}/", BODY).status_code == 404

    entry.refresh_from_db()
    assert (entry.status, entry.transitions.count()) == ("submitted", 1)


@pytest.mark.parametrize("step", STEPS)
def test_an_auditor_reads_and_takes_no_step(
    card: TalentCard, places: SchoolPlaces, auditor: User, api_for: ApiFor, step: str
) -> None:
    entry = make_request(card, places)

    assert api_for(auditor).get(f"{REQUESTS}{entry.pk}/").status_code == 200
    assert api_for(auditor).post(f"{REQUESTS}{entry.pk}/{step}/", BODY).status_code == 403

    entry.refresh_from_db()
    assert entry.status == "submitted"


def test_lists_hold_ones_own(card: TalentCard, places: SchoolPlaces, outsider: User, api_for: ApiFor) -> None:
    make_request(card, places)

    assert api_for(outsider).get(REQUESTS).json()["results"] == []
    assert api_for(outsider).get(f"{REQUESTS}inbox/").status_code == 403


def test_everything_asks_for_a_sign_in(card: TalentCard, places: SchoolPlaces, api: APIClient) -> None:
    entry = make_request(card, places)
    paths = ["/api/v1/perks/", f"/api/v1/perks/catalogue/{SCHOOLING}/", REQUESTS, f"{REQUESTS}{entry.pk}/"]

    assert {api.get(path).status_code for path in paths} == {403}
    assert {api.post(f"{REQUESTS}{entry.pk}/{step}/", BODY).status_code for step in STEPS} == {403}


@pytest.mark.parametrize("path", [REQUESTS, f"{REQUESTS}inbox/"])
def test_lists_ask_the_same_number_of_queries_for_one_and_three(
    card: TalentCard,
    holder: User,
    places: SchoolPlaces,
    schooling_officer: User,
    api_for: ApiFor,
    path: str,
    django_assert_max_num_queries: Callable,
) -> None:
    client = api_for(schooling_officer if "inbox" in path else holder)
    make_request(card, places)
    with django_assert_max_num_queries(6) as first:
        client.get(path)
    for name in ("林二海", "林三海"):
        make_request(card, places, name=name)

    with django_assert_max_num_queries(len(first)):
        assert client.get(path).json()["count"] == 3


@pytest.mark.usefixtures("allowance")
def test_redemption_by_a_partners_system(card: TalentCard, desk: Desk, api: APIClient) -> None:
    partners.forget()
    system, token = make_partner_system(desk.organisation)
    headers = {"Authorization": f"Bearer {token}"}

    shown = api.post(REDEMPTIONS, use_of(card, confirm=False), headers=headers)
    done = [api.post(REDEMPTIONS, use_of(card), headers=headers) for _ in range(2)]
    refused = api.post(REDEMPTIONS, use_of(card, nonce="n2", quantity=2), headers=headers)

    entry = LedgerEntry.objects.get()
    assert (shown.status_code, shown.json()["status"], shown.json()["remaining"]) == (200, "ready", 2)
    assert shown.json()["fields_shown"]["name"] == card.holder.name
    assert [(answer.status_code, answer.json()["id"]) for answer in done] == [(201, str(entry.pk))] * 2
    assert (refused.status_code, refused.json()["status"], refused.json()["reason"]) == (409, "refused", "quota_used")
    assert (entry.organisation, entry.recorded_by) == (system.organisation, None)


@pytest.mark.usefixtures("allowance")
def test_redemption_needs_the_scope(card: TalentCard, desk: Desk, api: APIClient) -> None:
    partners.forget()
    _system, token = make_partner_system(desk.organisation, scope="verify")

    assert api.post(REDEMPTIONS, use_of(card), headers={"Authorization": f"Bearer {token}"}).status_code == 403
    assert api.post(REDEMPTIONS, use_of(card), headers={"Authorization": "Bearer unknown"}).status_code == 401
    assert api.post(REDEMPTIONS, use_of(card)).status_code == 401
    assert not VerificationAttempt.objects.exists()


@pytest.mark.usefixtures("allowance")
def test_redemption_by_a_person_at_a_desk(card: TalentCard, desk: Desk, partner: User, api_for: ApiFor) -> None:
    client = api_for(partner)

    assert client.post(REDEMPTIONS, use_of(card)).status_code == 201
    make_transport_desk(desk.organisation)
    several = client.post(REDEMPTIONS, use_of(card, nonce="n2"))
    assert several.json()["errors"][0]["field"] == "desk"
    assert client.post(REDEMPTIONS, use_of(card, nonce="n2", desk=str(desk.pk))).status_code == 201


@pytest.mark.usefixtures("allowance")
def test_redemption_refuses_outsiders_and_other_desks(
    card: TalentCard, desk: Desk, outsider: User, holder: User, partner: User, employer: Any, api_for: ApiFor
) -> None:
    foreign = make_transport_desk(employer)

    assert api_for(outsider).post(REDEMPTIONS, use_of(card)).status_code == 403
    assert api_for(holder).post(REDEMPTIONS, use_of(card)).status_code == 403
    assert api_for(partner).post(REDEMPTIONS, use_of(card, desk=str(foreign.pk))).status_code == 403
    assert not VerificationAttempt.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_redemption_says_what_is_wrong_with_the_request(partner: User, desk: Desk, api_for: ApiFor) -> None:
    answer = api_for(partner).post(REDEMPTIONS, {"perk": FAST_LANE, "nonce": "a b", "quantity": 0})

    assert answer.status_code == 400
    assert sorted(fault["field"] for fault in answer.json()["errors"]) == ["code", "nonce", "quantity"]
