import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.utils import timezone

from cards.issuance.models import TalentCard
from cards.issuance.operations import revoke_card
from services.perks import operations
from services.perks.choices import RATING_KIND, RequestStatus
from services.perks.models import PerkRequest, PerkTerms
from services.perks.operations import (
    PerkNotOpen,
    PerkNotRequested,
    RequestNotFound,
    TransitionNotAllowed,
)
from services.perks.registry import PerkUnknown
from services.schooling.models import SchoolingApplication, SchoolPlaces
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.casework.models import Rating, WorkItem
from talentcard.casework.operations import AlreadyRated
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.core.workdays import add_working_days
from talentcard.notifications.models import Message
from tests.factories.accounts import UserFactory, give_role
from tests.factories.perks import (
    FAST_LANE,
    SCHOOLING,
    cleaned_details,
    make_holder_card,
    make_places,
    make_request,
    make_season,
)


def events_of(user: User) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("created_at").values_list("event", flat=True))


def in_progress(request: PerkRequest, officer: User) -> PerkRequest:
    operations.accept_request(actor=officer, request_id=request.pk, at=timezone.now())
    return operations.start_request(actor=officer, request_id=request.pk, at=timezone.now())


def test_submit_request_files_it_and_tells_both_sides(
    card: TalentCard, holder: User, places: SchoolPlaces, schooling_officer: User, transport_officer: User
) -> None:
    at = timezone.now()

    request = make_request(card, places, at=at)

    assert (request.status, request.holder, request.card) == (RequestStatus.SUBMITTED, card.holder, card)
    assert request.due_at == add_working_days(at, 15)
    assert [(step.from_status, step.to_status) for step in request.transitions.all()] == [("", "submitted")]
    assert events_of(holder)[-1] == "perks.request_submitted"
    assert events_of(schooling_officer) == ["perks.request_waits"]
    assert events_of(transport_officer) == []
    assert AuditEvent.objects.filter(action="perk_request.submitted", target_id=str(request.pk)).count() == 1


def test_submit_request_takes_the_administrators_time_limit(card: TalentCard, places: SchoolPlaces) -> None:
    PerkTerms.objects.create(perk=SCHOOLING, working_days=3)
    at = timezone.now()

    assert make_request(card, places, at=at).due_at == add_working_days(at, 3)


def test_submit_request_names_every_reason_when_it_is_not_open(places: SchoolPlaces, issuer: User) -> None:
    card = make_holder_card(tier="C")
    revoke_card(actor=issuer, card=card, reason="Left the city", at=timezone.now())

    with pytest.raises(PerkNotOpen) as caught:
        make_request(card, places)

    assert str(caught.value) == (
        "This is not open to you: Your card is no longer valid. "
        "No season announced so far is for your tier, Outstanding young."
    )
    assert not PerkRequest.objects.exists()


def test_submit_request_refuses_what_is_not_asked_for(
    card: TalentCard, holder: User, places: SchoolPlaces, outsider: User
) -> None:
    now = timezone.now()
    with pytest.raises(PerkNotRequested):
        operations.submit_request(actor=holder, perk=FAST_LANE, details={}, at=now)
    with pytest.raises(PerkUnknown):
        operations.submit_request(actor=holder, perk="unknown", details={}, at=now)
    with pytest.raises(NotAllowed):
        operations.submit_request(actor=outsider, perk=SCHOOLING, details=cleaned_details(places), at=now)
    assert not PerkRequest.objects.exists()


def test_grant_request_goes_through_every_step(
    card: TalentCard, holder: User, places: SchoolPlaces, schooling_officer: User
) -> None:
    request = in_progress(make_request(card, places), schooling_officer)
    at = timezone.now()

    operations.grant_request(actor=schooling_officer, request_id=request.pk, details={"places": places}, at=at)

    request.refresh_from_db()
    assert (request.status, request.decided_at, request.officer) == (RequestStatus.GRANTED, at, schooling_officer)
    assert [step.to_status for step in request.transitions.all()] == ["submitted", "accepted", "in_progress", "granted"]
    assert events_of(holder)[-3:] == [
        "perks.request_accepted",
        "perks.request_in_progress",
        "perks.request_granted",
    ]


@pytest.mark.parametrize("step", ["start", "grant"])
def test_steps_happen_in_order(card: TalentCard, places: SchoolPlaces, schooling_officer: User, step: str) -> None:
    request = make_request(card, places)
    act = {
        "start": lambda: operations.start_request(actor=schooling_officer, request_id=request.pk, at=timezone.now()),
        "grant": lambda: operations.grant_request(
            actor=schooling_officer, request_id=request.pk, details={"places": places}, at=timezone.now()
        ),
    }

    with pytest.raises(TransitionNotAllowed):
        act[step]()

    request.refresh_from_db()
    assert (request.status, request.transitions.count()) == (RequestStatus.SUBMITTED, 1)


def test_decline_request_needs_a_reason_and_lets_the_holder_ask_again(
    card: TalentCard, places: SchoolPlaces, schooling_officer: User
) -> None:
    details = cleaned_details(places)
    request = operations.submit_request(actor=card.holder.user, perk=SCHOOLING, details=details, at=timezone.now())

    with pytest.raises(InvalidInput):
        operations.decline_request(actor=schooling_officer, request_id=request.pk, reason=" ", at=timezone.now())
    operations.decline_request(
        actor=schooling_officer, request_id=request.pk, reason="The permit is missing.", at=timezone.now()
    )

    assert request.transitions.last().reason == "The permit is missing."
    again = operations.submit_request(actor=card.holder.user, perk=SCHOOLING, details=details, at=timezone.now())
    assert again.status == RequestStatus.SUBMITTED


def test_withdraw_request_is_the_holders_alone(
    card: TalentCard, holder: User, places: SchoolPlaces, outsider: User, schooling_officer: User
) -> None:
    request = make_request(card, places)

    with pytest.raises(RequestNotFound):
        operations.withdraw_request(actor=outsider, request_id=request.pk, at=timezone.now())
    with pytest.raises(NotAllowed):
        operations.withdraw_request(actor=schooling_officer, request_id=request.pk, at=timezone.now())
    operations.withdraw_request(actor=holder, request_id=request.pk, at=timezone.now())

    request.refresh_from_db()
    assert request.status == RequestStatus.WITHDRAWN
    assert not SchoolingApplication.objects.get(request=request).is_live


def test_a_decided_request_is_decided_once(
    card: TalentCard, holder: User, places: SchoolPlaces, schooling_officer: User
) -> None:
    request = make_request(card, places)
    operations.decline_request(actor=schooling_officer, request_id=request.pk, reason="No.", at=timezone.now())

    with pytest.raises(TransitionNotAllowed):
        operations.withdraw_request(actor=holder, request_id=request.pk, at=timezone.now())
    with pytest.raises(TransitionNotAllowed):
        operations.accept_request(actor=schooling_officer, request_id=request.pk, at=timezone.now())


def officer_elsewhere(card: TalentCard, **scope: str) -> User:
    return give_role(UserFactory(), Role.PERK_OFFICER, **scope)


@pytest.mark.parametrize(
    "scope",
    [
        {"department": "transport"},
        {"department": "schooling", "district": "nankai"},
        {"department": "schooling", "tier": "B"},
    ],
)
def test_an_officer_of_another_scope_finds_nothing(
    card: TalentCard, places: SchoolPlaces, scope: dict[str, str]
) -> None:
    request = make_request(card, places)
    officer = officer_elsewhere(card, **scope)

    with pytest.raises(RequestNotFound):
        operations.accept_request(actor=officer, request_id=request.pk, at=timezone.now())
    with pytest.raises(RequestNotFound):
        operations.decline_request(actor=officer, request_id=request.pk, reason="No.", at=timezone.now())

    request.refresh_from_db()
    assert request.status == RequestStatus.SUBMITTED


def test_nobody_handles_their_own_request(card: TalentCard, holder: User, places: SchoolPlaces) -> None:
    give_role(holder, Role.PERK_OFFICER)
    request = make_request(card, places)

    with pytest.raises(NotAllowed):
        operations.accept_request(actor=holder, request_id=request.pk, at=timezone.now())

    assert events_of(holder)[-1] == "perks.request_submitted"


def test_an_auditor_reads_and_changes_nothing(card: TalentCard, places: SchoolPlaces, auditor: User) -> None:
    request = make_request(card, places)

    with pytest.raises(NotAllowed):
        operations.accept_request(actor=auditor, request_id=request.pk, at=timezone.now())

    request.refresh_from_db()
    assert request.status == RequestStatus.SUBMITTED


def test_steps_of_an_unknown_request_find_nothing(schooling_officer: User) -> None:
    with pytest.raises(RequestNotFound):
        operations.accept_request(actor=schooling_officer, request_id=uuid4(), at=timezone.now())


def test_rate_request_keeps_one_rating_and_follows_up_a_low_one(
    card: TalentCard, holder: User, places: SchoolPlaces, schooling_officer: User
) -> None:
    request = make_request(card, places)
    with pytest.raises(TransitionNotAllowed):
        operations.rate_request(actor=holder, request_id=request.pk, level=5, at=timezone.now())
    operations.decline_request(actor=schooling_officer, request_id=request.pk, reason="No.", at=timezone.now())

    with pytest.raises(InvalidInput):
        operations.rate_request(actor=holder, request_id=request.pk, level=6, at=timezone.now())
    operations.rate_request(actor=holder, request_id=request.pk, level=2, comment="Slow", at=timezone.now())
    with pytest.raises(AlreadyRated):
        operations.rate_request(actor=holder, request_id=request.pk, level=5, at=timezone.now())

    rating = Rating.objects.get()
    assert (rating.level, rating.comment, rating.kind, rating.number) == (2, "Slow", RATING_KIND, request.number)
    assert (rating.rated_by, rating.office) == (holder, schooling_officer.organisation)
    assert WorkItem.objects.open().get().subject_id == rating.pk
    assert events_of(schooling_officer)[-1] == "perks.rated_low"


def test_rate_request_leaves_a_good_rating_alone(
    card: TalentCard, holder: User, places: SchoolPlaces, schooling_officer: User
) -> None:
    request = make_request(card, places)
    operations.decline_request(actor=schooling_officer, request_id=request.pk, reason="No.", at=timezone.now())

    operations.rate_request(actor=holder, request_id=request.pk, level=3, at=timezone.now())

    assert Rating.objects.get().item is None
    assert "perks.rated_low" not in events_of(schooling_officer)


@pytest.mark.django_db
def test_an_activated_card_tells_its_holder_once_what_opens(run_outbox: Callable[[], int]) -> None:
    make_places(make_season())
    card = make_holder_card()
    assert card.holder.user is not None

    run_outbox()
    run_outbox()

    message = Message.objects.get(recipient=card.holder.user, event="perks.opened")
    assert message.params == {"number": card.number, "count": "1"}


def test_an_ended_card_closes_what_was_asked_for_with_it(
    card: TalentCard, holder: User, places: SchoolPlaces, issuer: User, run_outbox: Callable[[], int]
) -> None:
    request = make_request(card, places)

    revoke_card(actor=issuer, card=card, reason="Left the city", at=timezone.now())
    run_outbox()

    request.refresh_from_db()
    assert request.status == RequestStatus.CLOSED
    assert events_of(holder)[-1] == "perks.request_closed"
    assert operations.close_open_requests(card=card, at=timezone.now() + dt.timedelta(days=1)) == 0
