import datetime as dt
import uuid

import pytest

from cards.issuance import numbers
from cards.issuance.choices import CardStatus
from cards.issuance.models import Award, CardNumberCounter, TalentCard
from cards.issuance.operations import HolderHasLiveCard, revoke_card
from cards.talents.models import Talent
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import DomainError
from talentcard.outbox.models import Entry
from tests.concurrency import at_once
from tests.factories.issuance import make_active_card, make_award, make_policy
from tests.factories.talents import make_talent

AT = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_award_card_gives_a_numbered_card_in_production(issuer: User) -> None:
    case_id = uuid.uuid4()

    card = make_award(actor=issuer, case_id=case_id, evidence_hash="ab" * 32, at=AT)

    assert card.status == CardStatus.IN_PRODUCTION
    assert card.number == numbers.compose(year=2026, serial=1)
    assert (card.award.case_id, card.award.evidence_hash, card.award.decided_at) == (case_id, "ab" * 32, AT)
    assert Entry.objects.get(task="issuance.produce_edition").kwargs == {"card_id": str(card.pk)}
    event = AuditEvent.objects.get(action="card.awarded")
    assert (event.actor_id, event.target_id) == (issuer.pk, str(card.pk))
    assert [(step.to_status, step.actor) for step in card.transitions.all()] == [(CardStatus.IN_PRODUCTION, issuer)]


@pytest.mark.django_db
def test_award_card_twice_for_one_case_gives_the_same_card() -> None:
    case_id, holder = uuid.uuid4(), make_talent()
    card = make_award(case_id=case_id, holder=holder)

    assert make_award(case_id=case_id, holder=holder) == card
    assert Award.objects.count() == 1
    assert Entry.objects.filter(task="issuance.produce_edition").count() == 1


@pytest.mark.django_db
def test_award_card_again_for_a_case_whose_card_has_ended_gives_that_card(issuer: User) -> None:
    case_id, holder = uuid.uuid4(), make_talent()
    card = make_active_card(case_id=case_id, holder=holder)
    revoke_card(actor=issuer, card=card, reason="left the city", at=AT)

    assert make_award(case_id=case_id, holder=holder).status == CardStatus.REVOKED
    assert TalentCard.objects.count() == 1


@pytest.mark.django_db
def test_award_card_refuses_a_second_live_card() -> None:
    holder = make_talent()
    make_award(holder=holder)

    with pytest.raises(HolderHasLiveCard):
        make_award(holder=holder)

    assert Award.objects.count() == 1
    assert CardNumberCounter.objects.get().last == 1


@pytest.mark.django_db
def test_award_card_numbers_each_year_from_the_start() -> None:
    late = dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC)  # the new year has begun in the city

    cards = [make_award(at=AT), make_award(at=AT), make_award(at=late)]

    assert [card.number for card in cards] == [
        numbers.compose(year=2026, serial=1),
        numbers.compose(year=2026, serial=2),
        numbers.compose(year=2027, serial=1),
    ]


@pytest.mark.django_db
def test_award_card_passes_over_a_serial_that_has_a_twin() -> None:
    serial = next(serial for serial in range(2, 5000) if numbers.compose(year=2026, serial=serial) is None)
    CardNumberCounter.objects.create(year=2026, last=serial - 1)

    assert numbers.is_valid(make_award(at=AT).number)
    assert CardNumberCounter.objects.get().last > serial


@pytest.mark.django_db(transaction=True)
def test_two_awards_for_one_person_at_once_give_one_card() -> None:
    make_policy()
    holder = make_talent()

    results = at_once([lambda: _award_or_error(holder) for _ in range(4)])

    assert sorted(str(result) for result in results).count("holder_has_live_card") == 3
    assert TalentCard.objects.get().holder == holder


@pytest.mark.django_db(transaction=True)
def test_awards_at_once_have_different_numbers() -> None:
    make_policy()
    holders = [make_talent() for _ in range(4)]

    cards = at_once([lambda holder=holder: make_award(holder=holder, at=AT) for holder in holders])  # type: ignore[misc]

    assert {card.number for card in cards} == {numbers.compose(year=2026, serial=serial) for serial in range(1, 5)}


def _award_or_error(holder: Talent) -> str:
    try:
        return make_award(holder=holder).number
    except DomainError as error:
        return error.code
