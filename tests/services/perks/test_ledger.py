import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cards.issuance.models import TalentCard
from services.perks import ledger
from services.perks.eligibility import Quota
from services.perks.ledger import NonceReused, QuotaUsed, UseAlreadyReversed
from services.perks.models import LedgerEntry, QuotaAccount
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, NotAllowed
from tests.factories.accounts import OrganisationFactory
from tests.factories.perks import FAST_LANE

RENEWS = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


def quota(limit: int, period: str = "2026") -> Quota:
    return Quota(period=period, limit=limit, renews_at=RENEWS)


def charge(card: TalentCard, actor: User, *, nonce: str, limit: int = 2, quantity: int = 1) -> LedgerEntry:
    return ledger.charge_use(
        actor=actor,
        card=card,
        perk=FAST_LANE,
        quota=quota(limit),
        quantity=quantity,
        organisation=actor.organisation,
        nonce=nonce,
        at=timezone.now(),
    )


def totals() -> tuple[int, int]:
    account = QuotaAccount.objects.get()
    return account.used, account.entries.aggregate(total=Sum("quantity"))["total"]


def test_charge_use_counts_what_is_used(card: TalentCard, partner: User) -> None:
    entry = charge(card, partner, nonce="a")

    assert (entry.account.holder, entry.account.perk, entry.account.period) == (card.holder, FAST_LANE, "2026")
    assert totals() == (1, 1)


def test_charge_use_refuses_more_than_is_left(card: TalentCard, partner: User) -> None:
    charge(card, partner, nonce="a")

    with pytest.raises(QuotaUsed) as caught:
        charge(card, partner, nonce="b", quantity=2)

    assert str(caught.value) == "Only 1 of 2 uses are left in 2026."
    assert totals() == (1, 1)


def test_charge_use_refuses_everything_without_an_allowance(card: TalentCard, partner: User) -> None:
    with pytest.raises(QuotaUsed):
        charge(card, partner, nonce="a", limit=0)

    assert not LedgerEntry.objects.exists()


def test_charge_use_keeps_what_was_used_when_policy_lowers_the_limit(card: TalentCard, partner: User) -> None:
    charge(card, partner, nonce="a", quantity=2)

    with pytest.raises(QuotaUsed) as caught:
        charge(card, partner, nonce="b", limit=1)

    assert caught.value.params == {"left": 0, "limit": 1, "period": "2026"}
    assert totals() == (2, 2)


def test_charge_use_returns_the_first_entry_for_the_same_nonce(card: TalentCard, partner: User) -> None:
    first = charge(card, partner, nonce="a", quantity=2)

    assert charge(card, partner, nonce="a", quantity=2) == first
    assert totals() == (2, 2)


def test_charge_use_refuses_a_nonce_of_another_use(card: TalentCard, partner: User) -> None:
    charge(card, partner, nonce="a")

    with pytest.raises(NonceReused):
        charge(card, partner, nonce="a", quantity=2)

    assert totals() == (1, 1)


def test_charge_use_lets_two_organisations_choose_the_same_nonce(card: TalentCard, partner: User) -> None:
    charge(card, partner, nonce="a")
    partner.organisation = OrganisationFactory()

    charge(card, partner, nonce="a")

    assert totals() == (2, 2)


def test_quota_account_refuses_to_be_overspent_in_the_database(card: TalentCard, partner: User) -> None:
    charge(card, partner, nonce="a")

    with pytest.raises(IntegrityError), transaction.atomic():
        QuotaAccount.objects.update(used=3)


def test_reverse_use_gives_the_use_back(card: TalentCard, partner: User) -> None:
    entry = charge(card, partner, nonce="a", quantity=2)

    reversal = ledger.reverse_use(actor=partner, entry=entry, nonce="r", at=timezone.now())

    assert (reversal.quantity, reversal.reverses) == (-2, entry)
    assert totals() == (0, 0)


def test_reverse_use_happens_once(card: TalentCard, partner: User) -> None:
    entry = charge(card, partner, nonce="a")
    first = ledger.reverse_use(actor=partner, entry=entry, nonce="r", at=timezone.now())

    assert ledger.reverse_use(actor=partner, entry=entry, nonce="r", at=timezone.now()) == first
    with pytest.raises(UseAlreadyReversed):
        ledger.reverse_use(actor=partner, entry=entry, nonce="s", at=timezone.now())
    with pytest.raises(NotAllowed):
        ledger.reverse_use(actor=partner, entry=first, nonce="t", at=timezone.now())
    assert totals() == (0, 0)


def test_reverse_use_is_open_to_the_desk_for_a_quarter_of_an_hour(
    card: TalentCard, partner: User, transport_officer: User, schooling_officer: User, outsider: User
) -> None:
    entry = charge(card, partner, nonce="a")
    later = entry.at + dt.timedelta(minutes=16)

    for actor in (partner, schooling_officer, outsider):
        with pytest.raises(NotAllowed):
            ledger.reverse_use(actor=actor, entry=entry, nonce="r", at=later)
    assert totals() == (1, 1)
    ledger.reverse_use(actor=transport_officer, entry=entry, nonce="r", at=later)
    assert totals() == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_charge_use_never_overspends_whoever_redeems_at_once(card: TalentCard, partner: User) -> None:
    start, outcomes = threading.Barrier(20), Counter[str]()

    def redeem(number: int) -> None:
        start.wait()
        try:
            charge(card, partner, nonce=f"n{number}")
            outcomes["redeemed"] += 1
        except QuotaUsed:
            outcomes["refused"] += 1
        finally:
            connection.close()

    run([threading.Thread(target=redeem, args=(number,)) for number in range(20)])

    assert outcomes == {"redeemed": 2, "refused": 18}
    assert totals() == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_charge_use_counts_one_nonce_once_however_often_it_arrives(card: TalentCard, partner: User) -> None:
    start, entries = threading.Barrier(8), []

    def redeem() -> None:
        start.wait()
        try:
            entries.append(charge(card, partner, nonce="same", limit=5).pk)
        finally:
            connection.close()

    run([threading.Thread(target=redeem) for _ in range(8)])

    assert (len(entries), len(set(entries))) == (8, 1)
    assert totals() == (1, 1)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["charge", "reverse"]),
            st.integers(min_value=1, max_value=3),
            st.integers(min_value=0, max_value=6),
            st.integers(min_value=0, max_value=5),
        ),
        max_size=15,
    )
)
def test_ledger_sums_to_what_is_used_and_never_beyond_the_limit(
    card: TalentCard, partner: User, steps: list[tuple[str, int, int, int]]
) -> None:
    point = transaction.savepoint()
    for number, (action, quantity, limit, chosen) in enumerate(steps):
        try:
            if action == "charge":
                charge(card, partner, nonce=f"n{chosen}", limit=limit, quantity=quantity)
            elif (entry := LedgerEntry.objects.filter(nonce=f"n{chosen}").first()) is not None:
                ledger.reverse_use(actor=partner, entry=entry, nonce=f"r{number}", at=timezone.now())
        except DomainError:
            continue
        finally:
            for account in QuotaAccount.objects.all():
                total = account.entries.aggregate(total=Sum("quantity"))["total"] or 0
                assert total == account.used <= account.limit
    transaction.savepoint_rollback(point)


def run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
