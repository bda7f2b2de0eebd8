import datetime as dt
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cards.issuance.models import TalentCard
from cards.talents.models import FamilyMember
from services.perks import operations
from services.perks.models import PerkRequest
from services.schooling.models import SchoolingApplication, SchoolPlaces
from services.schooling.operations import ChildAlreadyApplied, NoPlaceLeft, SchoolNotInSeason, SeasonNotOpen
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, InvalidInput
from tests.factories.perks import SCHOOLING, cleaned_details, make_holder_card, make_places, make_request, make_season


def submit(card: TalentCard, details: dict[str, Any]) -> PerkRequest:
    assert card.holder.user is not None
    return operations.submit_request(actor=card.holder.user, perk=SCHOOLING, details=details, at=timezone.now())


def in_progress(request: PerkRequest, officer: User) -> PerkRequest:
    operations.accept_request(actor=officer, request_id=request.pk, at=timezone.now())
    return operations.start_request(actor=officer, request_id=request.pk, at=timezone.now())


def grant(request: PerkRequest, places: SchoolPlaces, officer: User) -> None:
    operations.grant_request(actor=officer, request_id=request.pk, details={"places": places}, at=timezone.now())


def test_file_application_keeps_child_wishes_and_consent(card: TalentCard, places: SchoolPlaces) -> None:
    other = make_places(places.season, district="nankai")

    request = make_request(card, other, places)

    application = SchoolingApplication.objects.get(request=request)
    assert application.child.talent == card.holder
    assert application.guardian_consent_at == request.submitted_at
    assert [(wish.rank, wish.places) for wish in application.preferences.all()] == [(1, other), (2, places)]
    assert PerkRequest.objects.get().district == "nankai"


def test_file_application_encrypts_the_child(card: TalentCard, places: SchoolPlaces) -> None:
    details = cleaned_details(places)
    submit(card, details)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM talents_familymember")
        stored = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
    for secret in (details["name"], details["identity_number"], details["birth_date"].isoformat()):
        assert secret not in stored
        assert secret.encode() not in stored.encode()


def test_file_application_refuses_the_same_child_twice_in_a_season(card: TalentCard, places: SchoolPlaces) -> None:
    details = cleaned_details(places)
    submit(card, details)

    with pytest.raises(ChildAlreadyApplied):
        submit(card, details)

    assert PerkRequest.objects.count() == 1


def test_file_application_refuses_the_same_child_from_the_other_parent(card: TalentCard, places: SchoolPlaces) -> None:
    details = cleaned_details(places)
    submit(card, details)

    with pytest.raises(ChildAlreadyApplied):
        submit(make_holder_card(tier="B"), details)

    assert (PerkRequest.objects.count(), FamilyMember.objects.count()) == (1, 1)


def test_file_application_takes_each_child(card: TalentCard, places: SchoolPlaces) -> None:
    make_request(card, places)
    make_request(card, places, name="林大海")

    assert SchoolingApplication.objects.filter(is_live=True).count() == 2


def test_file_application_names_every_fault(card: TalentCard, places: SchoolPlaces) -> None:
    elsewhere = make_places(make_season(name_en="Kindergarten 2027", stage="kindergarten"))
    details = {
        **cleaned_details(places, elsewhere, born=dt.date(2015, 1, 1)),
        "guardian_consent": False,
    }

    with pytest.raises(InvalidInput) as caught:
        submit(card, details)

    assert [(fault.field, fault.code) for fault in caught.value.errors] == [
        ("birth_date", "age"),
        ("school_1", "season"),
        ("guardian_consent", "required"),
    ]
    assert not FamilyMember.objects.exists()


def test_file_application_refuses_a_document_of_another_birth_date(card: TalentCard, places: SchoolPlaces) -> None:
    details = {**cleaned_details(places), "birth_date": dt.date(2021, 3, 2)}

    with pytest.raises(InvalidInput) as caught:
        submit(card, details)

    assert [fault.field for fault in caught.value.errors] == ["birth_date"]
    assert not PerkRequest.objects.exists()


def test_file_application_refuses_a_season_that_is_closed_or_not_for_the_tier(
    card: TalentCard, places: SchoolPlaces
) -> None:
    for season in (make_season(opens_in=5), make_season(tiers="B")):
        with pytest.raises(SeasonNotOpen):
            submit(card, cleaned_details(make_places(season)))

    assert not PerkRequest.objects.exists()


def test_place_child_gives_a_place(card: TalentCard, places: SchoolPlaces, schooling_officer: User) -> None:
    request = in_progress(make_request(card, places), schooling_officer)

    grant(request, places, schooling_officer)

    places.refresh_from_db()
    assert (places.taken, places.left) == (1, 1)
    assert SchoolingApplication.objects.get(request=request).placed_at == places


def test_place_child_refuses_a_full_school(schooling_officer: User) -> None:
    full = make_places(make_season(), places=1)
    first, second = (in_progress(make_request(make_holder_card(), full), schooling_officer) for _ in range(2))
    grant(first, full, schooling_officer)

    with pytest.raises(NoPlaceLeft):
        grant(second, full, schooling_officer)

    second.refresh_from_db()
    full.refresh_from_db()
    assert (second.status, full.taken) == ("in_progress", 1)


def test_place_child_refuses_a_school_of_another_season(
    card: TalentCard, places: SchoolPlaces, schooling_officer: User
) -> None:
    request = in_progress(make_request(card, places), schooling_officer)

    with pytest.raises(SchoolNotInSeason):
        grant(request, make_places(make_season()), schooling_officer)

    request.refresh_from_db()
    assert request.status == "in_progress"


def test_the_database_refuses_more_children_than_places(places: SchoolPlaces) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolPlaces.objects.filter(pk=places.pk).update(taken=3)


@pytest.mark.django_db(transaction=True)
def test_place_child_never_exceeds_the_places_whoever_grants_at_once(schooling_officer: User) -> None:
    places = make_places(make_season(), places=2)
    requests = [in_progress(make_request(make_holder_card(), places), schooling_officer) for _ in range(8)]
    start, outcomes = threading.Barrier(len(requests)), Counter[str]()

    def place(request: PerkRequest) -> None:
        start.wait()
        try:
            grant(request, places, schooling_officer)
            outcomes["placed"] += 1
        except DomainError as error:
            outcomes[error.code] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=place, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    places.refresh_from_db()
    assert outcomes == {"placed": 2, "no_place_left": 6}
    assert (places.taken, SchoolingApplication.objects.filter(placed_at=places).count()) == (2, 2)
