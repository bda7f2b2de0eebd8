import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from talentcard_verifier.statuslist import StatusList as PublishedList

from cards.credentials import publishing
from cards.credentials.choices import StatusValue
from cards.issuance import operations
from cards.issuance.choices import LIVE, TRANSITIONS, CardStatus
from cards.issuance.models import CardTransition, TalentCard
from cards.issuance.operations import CardTransitionNotAllowed
from cards.issuance.signals import card_ended
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import InvalidInput
from talentcard.notifications.models import Message
from tests.factories.credentials import published_keys
from tests.factories.issuance import make_active_card, make_award

AT = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db

CHANGES = [
    (operations.suspend_card, CardStatus.SUSPENDED, StatusValue.SUSPENDED, "card.suspended"),
    (operations.revoke_card, CardStatus.REVOKED, StatusValue.REVOKED, "card.revoked"),
    (operations.return_card, CardStatus.RETURNED, StatusValue.REVOKED, "card.returned"),
]


def list_value(card: TalentCard) -> int:
    return card.editions.get().status_entry.value


@pytest.mark.parametrize(("operation", "status", "value", "action"), CHANGES)
def test_change_is_recorded_told_and_marked_in_the_list(
    issuer: User, operation: Callable[..., TalentCard], status: CardStatus, value: StatusValue, action: str
) -> None:
    card = make_active_card(at=AT)

    changed = operation(actor=issuer, card=card, reason=" moved away ", at=AT)

    assert (changed.status, changed.status_reason) == (status, "moved away")
    assert list_value(card) == value
    step = card.transitions.last()
    assert step is not None
    assert (step.from_status, step.to_status, step.reason, step.actor, step.at) == (
        CardStatus.ACTIVE,
        status,
        "moved away",
        issuer,
        AT,
    )
    assert AuditEvent.objects.get(action=action).data == {"from": "active", "to": status, "step": str(step.pk)}
    assert Message.objects.get(event=action).recipient == card.holder.user


def test_reinstated_card_counts_again_with_the_same_code(issuer: User) -> None:
    card = make_active_card(at=AT)
    code = card.editions.get().code
    operations.suspend_card(actor=issuer, card=card, reason="under review", at=AT)

    operations.reinstate_card(actor=issuer, card=card, reason="cleared", at=AT)

    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE
    assert list_value(card) == StatusValue.VALID
    assert card.editions.get().code == code


def test_reinstate_is_not_a_way_around_production(issuer: User) -> None:
    card = make_award(at=AT)

    with pytest.raises(CardTransitionNotAllowed):
        operations.reinstate_card(actor=issuer, card=card, reason="hurry", at=AT)

    card.refresh_from_db()
    assert card.status == CardStatus.IN_PRODUCTION


def test_report_loss_suspends_the_card_for_that_reason() -> None:
    card = make_active_card(at=AT)
    assert card.holder.user is not None

    changed = operations.report_loss(actor=card.holder.user, card=card, at=AT)

    assert (changed.status, changed.status_reason) == (CardStatus.SUSPENDED, "lost")
    assert changed.reason_text in ("reported lost by the holder", "持卡人挂失")
    assert list_value(card) == StatusValue.SUSPENDED
    assert Message.objects.filter(event="card.reported_lost").count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_change_needs_a_reason_of_some_words(issuer: User, reason: str) -> None:
    card = make_active_card(at=AT)

    with pytest.raises(InvalidInput):
        operations.revoke_card(actor=issuer, card=card, reason=reason, at=AT)

    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE
    assert list_value(card) == StatusValue.VALID


@pytest.mark.parametrize("ended", [operations.revoke_card, operations.return_card])
@pytest.mark.parametrize(
    "operation",
    [operations.suspend_card, operations.reinstate_card, operations.revoke_card, operations.return_card],
)
def test_card_that_has_ended_stays_ended(
    issuer: User, ended: Callable[..., TalentCard], operation: Callable[..., TalentCard]
) -> None:
    card = make_active_card(at=AT)
    ended(actor=issuer, card=card, reason="over", at=AT)
    steps = CardTransition.objects.count()

    with pytest.raises(CardTransitionNotAllowed):
        operation(actor=issuer, card=card, reason="again", at=AT)

    assert CardTransition.objects.count() == steps


def test_only_cards_that_are_not_live_have_no_way_on() -> None:
    assert {status for status, onward in TRANSITIONS.items() if onward} == set(LIVE)


def test_end_is_heard_once(issuer: User) -> None:
    heard: list[TalentCard] = []

    def hear(cards: list[TalentCard], **_: Any) -> None:
        heard.extend(cards)

    card_ended.connect(hear)
    card = make_active_card(at=AT)
    operations.suspend_card(actor=issuer, card=card, reason="under review", at=AT)
    operations.revoke_card(actor=issuer, card=card, reason="confirmed", at=AT)
    card_ended.disconnect(hear)

    assert heard == [card]


def test_expire_due_cards_ends_what_is_over_and_nothing_else(issuer: User) -> None:
    over, suspended, valid = (make_active_card(tier="C", at=at) for at in (AT, AT, AT + dt.timedelta(days=40)))
    operations.suspend_card(actor=issuer, card=suspended, reason="under review", at=AT)
    assert over.valid_until is not None

    assert operations.expire_due_cards(at=over.valid_until - dt.timedelta(seconds=1)) == 0
    assert operations.expire_due_cards(at=over.valid_until) == 2
    assert operations.expire_due_cards(at=over.valid_until) == 0

    statuses = [TalentCard.objects.get(pk=card.pk).status for card in (over, suspended, valid)]
    assert statuses == [CardStatus.EXPIRED, CardStatus.EXPIRED, CardStatus.ACTIVE]
    assert [list_value(over), list_value(suspended)] == [StatusValue.VALID, StatusValue.SUSPENDED]
    assert Message.objects.filter(event="card.expired").count() == 2


def test_published_list_shows_a_revocation_after_the_outbox_ran(
    issuer: User, run_outbox: Callable[[], int], settings: Any, tmp_path: Path
) -> None:
    settings.PUBLIC_DIR = tmp_path
    revoked, valid = make_active_card(), make_active_card()
    run_outbox()

    operations.revoke_card(actor=issuer, card=revoked, reason="left the city", at=timezone.now())
    run_outbox()

    published = PublishedList.parse(publishing.status_list_path(1).read_bytes(), published_keys())
    values = [published.value(card.editions.get().status_entry.index) for card in (revoked, valid)]
    assert values == [StatusValue.REVOKED, StatusValue.VALID]
