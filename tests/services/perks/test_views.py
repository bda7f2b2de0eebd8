from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cards.issuance.models import TalentCard
from cards.verification.models import Desk, VerificationAttempt
from services.perks import operations
from services.perks.models import LedgerEntry, PerkRequest
from services.schooling.models import SchoolPlaces
from talentcard.accounts.models import User
from talentcard.casework.models import Rating
from tests.factories.perks import FAST_LANE, SCHOOLING, child_details, code_of, make_request

Login = Callable[[User], Client]

# Every page with the method that would change something, if it changes anything.
OFFICERS_STEPS = ["accept", "start", "grant", "decline"]
HOLDERS_STEPS = ["withdraw", "rate"]


def step_url(request: PerkRequest, step: str) -> str:
    return reverse(f"perks:request-{step}", args=[request.pk])


def test_perk_list_shows_what_is_open_and_why_the_rest_is_not(card: TalentCard, holder: User, login: Login) -> None:
    page = login(holder).get("/perks/").content.decode()

    assert "Airport fast lane" in page
    assert "Your card&#x27;s tier has no uses of this service." in page
    assert "No season is announced yet." in page


def test_perk_pages_open_for_somebody_without_a_card(outsider: User, login: Login) -> None:
    client = login(outsider)

    assert "You have no card yet" in client.get("/perks/").content.decode()
    for slug in (FAST_LANE, SCHOOLING):
        page = client.get(f"/perks/{slug}/")
        assert "You have no talent card yet." in page.content.decode()


def test_perk_pages_ask_for_a_sign_in(client: Client, db: None) -> None:
    paths = ["", "requests/", "inbox/", "redeem/", "schooling/", "schooling/schools/"]
    for path in (f"/perks/{path}" for path in paths):
        assert client.get(path).headers["Location"].startswith("/accounts/login/")


def test_unknown_perk_is_not_found(outsider: User, login: Login) -> None:
    assert login(outsider).get("/perks/unknown/").status_code == 404
    assert login(outsider).get(f"/perks/{FAST_LANE}/request/").status_code == 404


def test_perk_detail_leads_to_the_form_where_it_is_open(
    holder: User, outsider: User, places: SchoolPlaces, login: Login
) -> None:
    assert 'href="/perks/schooling/request/"' in login(holder).get("/perks/schooling/").content.decode()
    assert 'href="/perks/schooling/request/"' not in login(outsider).get("/perks/schooling/").content.decode()


def test_request_create_files_a_request(holder: User, places: SchoolPlaces, login: Login) -> None:
    client = login(holder)
    assert client.get("/perks/schooling/request/").status_code == 200

    response = client.post("/perks/schooling/request/", child_details(places))

    entry = PerkRequest.objects.get()
    assert response.headers["Location"] == f"/perks/requests/{entry.pk}/"
    page = client.get(response.headers["Location"]).content.decode()
    assert all(text in page for text in (entry.number, "林小海", "1. Primary school no. 1", "Submitted"))


def test_request_create_says_what_is_wrong_beside_each_field(holder: User, places: SchoolPlaces, login: Login) -> None:
    data = child_details(places, identity_number="120116202103019991", school_2=str(places.pk))
    del data["guardian_consent"]

    response = login(holder).post("/perks/schooling/request/", data)

    form = response.context["form"]
    assert response.status_code == 400
    assert sorted(form.errors) == ["guardian_consent", "identity_number", "school_2"]
    assert not PerkRequest.objects.exists()


def test_request_create_says_that_the_child_was_applied_for(holder: User, places: SchoolPlaces, login: Login) -> None:
    data, client = child_details(places), login(holder)
    client.post("/perks/schooling/request/", data)

    response = client.post("/perks/schooling/request/", data)

    assert response.context["form"].non_field_errors() == [
        "There is a live request for this child in this season already."
    ]
    assert PerkRequest.objects.count() == 1


def test_request_create_sends_somebody_it_is_not_open_to_to_the_reasons(outsider: User, login: Login) -> None:
    response = login(outsider).get("/perks/schooling/request/")

    assert response.headers["Location"] == "/perks/schooling/"


def test_officer_decides_and_holder_rates(
    card: TalentCard, holder: User, places: SchoolPlaces, schooling_officer: User, login: Login
) -> None:
    entry = make_request(card, places)
    officer, own = login(schooling_officer), login(holder)
    assert entry.number in officer.get("/perks/inbox/").content.decode()

    officer.post(step_url(entry, "accept"))
    officer.post(step_url(entry, "start"))
    assert "Grant request" in officer.get(step_url(entry, "grant")).content.decode()
    officer.post(step_url(entry, "grant"), {"places": str(places.pk)})
    own.post(step_url(entry, "rate"), {"level": "5", "comment": "Fast"})

    page = own.get(f"/perks/requests/{entry.pk}/").content.decode()
    entry.refresh_from_db()
    assert (entry.status, Rating.objects.get().level) == ("granted", 5)
    assert all(text in page for text in ("School given", "Rated: very satisfied", "Fast"))
    assert schooling_officer.display_name not in page


def test_officer_declines_with_a_reason(
    card: TalentCard, places: SchoolPlaces, schooling_officer: User, login: Login
) -> None:
    entry, officer = make_request(card, places), login(schooling_officer)

    assert officer.post(step_url(entry, "decline"), {"reason": ""}).status_code == 400
    officer.post(step_url(entry, "decline"), {"reason": "The permit is missing."})

    entry.refresh_from_db()
    assert entry.status == "declined"


def test_grant_form_offers_no_full_school(
    card: TalentCard, places: SchoolPlaces, schooling_officer: User, login: Login
) -> None:
    entry = make_request(card, places)
    operations.accept_request(actor=schooling_officer, request_id=entry.pk, at=timezone.now())
    operations.start_request(actor=schooling_officer, request_id=entry.pk, at=timezone.now())
    SchoolPlaces.objects.update(taken=2)

    response = login(schooling_officer).post(step_url(entry, "grant"), {"places": str(places.pk)})

    entry.refresh_from_db()
    assert (response.status_code, entry.status) == (400, "in_progress")


@pytest.mark.parametrize("step", ["detail", *OFFICERS_STEPS, *HOLDERS_STEPS])
def test_request_pages_do_not_exist_for_others(
    card: TalentCard, places: SchoolPlaces, outsider: User, transport_officer: User, login: Login, step: str
) -> None:
    entry = make_request(card, places)

    for user in (outsider, transport_officer):
        client = login(user)
        data = {"reason": "No.", "level": "1", "places": str(places.pk)}
        response = client.get(step_url(entry, step)) if step == "detail" else client.post(step_url(entry, step), data)
        assert response.status_code == 404

    entry.refresh_from_db()
    assert (entry.status, entry.transitions.count()) == ("submitted", 1)


@pytest.mark.parametrize("step", OFFICERS_STEPS)
def test_holder_does_not_take_an_officers_step(
    card: TalentCard, holder: User, places: SchoolPlaces, login: Login, step: str
) -> None:
    entry = make_request(card, places)

    response = login(holder).post(step_url(entry, step), {"reason": "No.", "places": str(places.pk)})

    entry.refresh_from_db()
    assert (response.status_code, entry.status) == (403, "submitted")


@pytest.mark.parametrize("step", HOLDERS_STEPS)
def test_officer_does_not_take_a_holders_step(
    card: TalentCard, places: SchoolPlaces, schooling_officer: User, login: Login, step: str
) -> None:
    entry = make_request(card, places)

    response = login(schooling_officer).post(step_url(entry, step), {"level": "5"})

    entry.refresh_from_db()
    assert (response.status_code, entry.status) == (403, "submitted")


def test_holder_withdraws(card: TalentCard, holder: User, places: SchoolPlaces, login: Login) -> None:
    entry, own = make_request(card, places), login(holder)

    assert entry.number in own.get(step_url(entry, "withdraw")).content.decode()
    own.post(step_url(entry, "withdraw"))

    entry.refresh_from_db()
    assert entry.status == "withdrawn"


def test_inbox_is_for_officers_and_holds_their_scope(
    card: TalentCard, places: SchoolPlaces, outsider: User, transport_officer: User, login: Login
) -> None:
    entry = make_request(card, places)

    assert login(outsider).get("/perks/inbox/").status_code == 403
    assert entry.number not in login(transport_officer).get("/perks/inbox/").content.decode()


def test_inbox_does_not_name_a_holder_under_secrecy(
    card: TalentCard, places: SchoolPlaces, schooling_officer: User, login: Login
) -> None:
    make_request(card, places)
    officer = login(schooling_officer)
    assert card.holder.name in officer.get("/perks/inbox/").content.decode()

    card.holder.is_secret = True
    card.holder.save()

    assert card.holder.name not in officer.get("/perks/inbox/").content.decode()


@pytest.mark.parametrize("path", ["/perks/inbox/", "/perks/requests/"])
def test_lists_ask_the_same_number_of_queries_for_one_and_three(
    card: TalentCard,
    holder: User,
    places: SchoolPlaces,
    schooling_officer: User,
    login: Login,
    path: str,
    django_assert_max_num_queries: Callable,
) -> None:
    client = login(schooling_officer if "inbox" in path else holder)
    make_request(card, places)
    with django_assert_max_num_queries(10) as first:
        client.get(path)
    for name in ("林二海", "林三海"):
        make_request(card, places, name=name)

    with django_assert_max_num_queries(len(first)):
        client.get(path)


@pytest.mark.usefixtures("allowance")
def test_redeem_shows_then_confirms(card: TalentCard, desk: Desk, partner: User, login: Login) -> None:
    client = login(partner)
    form = client.get("/perks/redeem/").context["form"]
    data = {
        "place": f"{desk.pk}:{FAST_LANE}",
        "code": code_of(card),
        "quantity": "1",
        "nonce": form["nonce"].value(),
    }

    shown = client.post("/perks/redeem/", data)

    page = shown.content.decode()
    assert all(text in page for text in ("Can be redeemed", card.holder.name, "Redeem 1 use?"))
    assert not LedgerEntry.objects.exists()

    hidden = {item["name"]: item["value"] for item in shown.context["hidden"]}
    for _reload in range(2):
        done = client.post("/perks/redeem/", {**hidden, "confirm": "yes"})
        assert "Redeemed" in done.content.decode()
    assert LedgerEntry.objects.get().quantity == 1


@pytest.mark.usefixtures("allowance")
def test_redeem_page_refuses_outsiders_and_other_desks(
    card: TalentCard, desk: Desk, outsider: User, holder: User, partner: User, login: Login
) -> None:
    data = {
        "place": f"{desk.pk}:{FAST_LANE}",
        "code": code_of(card),
        "quantity": "1",
        "nonce": "0" * 32,
        "confirm": "y",
    }
    for user in (outsider, holder):
        assert login(user).get("/perks/redeem/").status_code == 403
        assert login(user).post("/perks/redeem/", data).status_code == 403
    assert login(partner).post("/perks/redeem/", {**data, "place": "elsewhere"}).status_code == 400

    assert not LedgerEntry.objects.exists()
    assert not VerificationAttempt.objects.exists()


def test_school_list_shows_places_left(outsider: User, places: SchoolPlaces, login: Login) -> None:
    page = login(outsider).get("/perks/schooling/schools/").content.decode()

    assert "2 places, 2 left" in page


def test_pages_speak_chinese(card: TalentCard, holder: User, places: SchoolPlaces, login: Login) -> None:
    client = login(holder)
    client.cookies["django_language"] = "zh-hans"

    assert "子女入学" in client.get("/perks/").content.decode()
    assert "监护人" in client.get("/perks/schooling/request/").content.decode()
