import datetime as dt
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from cards.issuance.models import TalentCard
from cards.issuance.operations import reinstate_card, suspend_card
from cards.verification.choices import Reason
from cards.verification.models import Desk, VerificationAttempt
from services.perks import redemption
from services.perks.choices import RedemptionStatus, RefusalReason
from services.perks.ledger import NonceReused
from services.perks.models import LedgerEntry, QuotaAccount
from services.perks.redemption import PerkNotRedeemable, Redeemer, Redemption
from services.transport.models import AnnualAllowance
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from tests.factories.perks import FAST_LANE, SCHOOLING, code_of, make_holder_card, make_transport_desk
from tests.factories.verification import DeskFactory, make_partner_system

pytestmark = pytest.mark.usefixtures("allowance")


def redeem(card: TalentCard, desk: Desk, actor: User, nonce: str = "n1", **details: Any) -> Redemption:
    values = {
        "redeemer": Redeemer(actor=actor, desk=desk),
        "code": code_of(card),
        "perk": FAST_LANE,
        "quantity": 1,
        "nonce": nonce,
        "at": timezone.now(),
    }
    return redemption.redeem(**{**values, **details})


def answer(found: Redemption) -> tuple[str, str | None]:
    return found.status, found.reason


def used() -> int:
    return sum(QuotaAccount.objects.values_list("used", flat=True))


def test_redeem_verifies_and_uses(card: TalentCard, desk: Desk, partner: User) -> None:
    found = redeem(card, desk, partner)

    entry = LedgerEntry.objects.get()
    assert answer(found) == (RedemptionStatus.REDEEMED, None)
    assert (found.entry, found.remaining) == (entry, 1)
    assert (entry.organisation, entry.recorded_by, entry.card) == (desk.organisation, partner, card)
    assert VerificationAttempt.objects.get().pk == entry.attempt_id


def test_preview_shows_and_uses_nothing(card: TalentCard, desk: Desk, partner: User) -> None:
    found = redemption.preview_redemption(
        redeemer=Redeemer(actor=partner, desk=desk),
        code=code_of(card),
        perk=FAST_LANE,
        quantity=1,
        nonce="n1",
        at=timezone.now(),
    )

    assert (found.status, found.remaining, found.entry) == (RedemptionStatus.READY, 2, None)
    assert dict(found.shown)["name"] == card.holder.name
    assert not QuotaAccount.objects.exists()
    assert redeem(card, desk, partner).status == RedemptionStatus.REDEEMED


def test_redeem_refuses_when_the_quota_is_used_and_keeps_the_check_on_record(
    card: TalentCard, desk: Desk, partner: User
) -> None:
    redeem(card, desk, partner, "n1", quantity=2)

    found = redeem(card, desk, partner, "n2")

    year = timezone.localtime().year
    assert answer(found) == (RedemptionStatus.REFUSED, RefusalReason.QUOTA_USED)
    assert found.message == f"Only 0 of 2 uses are left in {year}."
    assert (used(), VerificationAttempt.objects.count()) == (2, 2)


def test_redeem_refuses_more_than_is_left(card: TalentCard, desk: Desk, partner: User) -> None:
    assert answer(redeem(card, desk, partner, quantity=3)) == (RedemptionStatus.REFUSED, RefusalReason.QUOTA_USED)
    assert used() == 0


def test_redeem_refuses_a_tier_without_an_allowance(desk: Desk, partner: User) -> None:
    found = redeem(make_holder_card(tier="C"), desk, partner)

    assert answer(found) == (RedemptionStatus.REFUSED, RefusalReason.QUOTA_USED)


def test_redeem_refuses_a_card_that_does_not_count(card: TalentCard, desk: Desk, partner: User, issuer: User) -> None:
    suspend_card(actor=issuer, card=card, reason="Lost", at=timezone.now())

    found = redeem(card, desk, partner)

    assert answer(found) == (RedemptionStatus.REFUSED, RefusalReason.CARD_NOT_VALID)
    assert VerificationAttempt.objects.get().reason == Reason.SUSPENDED
    assert used() == 0


def test_redeem_refuses_rubbish(desk: Desk, partner: User, card: TalentCard) -> None:
    found = redeem(card, desk, partner, code="RUBBISH")

    assert answer(found) == (RedemptionStatus.REFUSED, RefusalReason.CARD_NOT_VALID)


def test_redeem_returns_the_same_use_for_the_same_nonce_whatever_has_happened_since(
    card: TalentCard, desk: Desk, partner: User, issuer: User
) -> None:
    first = redeem(card, desk, partner, quantity=2)
    suspend_card(actor=issuer, card=card, reason="Lost", at=timezone.now())

    second = redeem(card, desk, partner, quantity=2)

    assert (second.status, second.entry) == (RedemptionStatus.REDEEMED, first.entry)
    assert (used(), VerificationAttempt.objects.count()) == (2, 1)


def test_redeem_refuses_a_nonce_of_another_use(card: TalentCard, desk: Desk, partner: User) -> None:
    redeem(card, desk, partner)

    with pytest.raises(NonceReused):
        redeem(card, desk, partner, quantity=2)
    with pytest.raises(DomainError, match="used for another check"):
        redeem(make_holder_card(), desk, partner)
    assert used() == 1


def test_redeem_does_not_trust_an_old_check_that_redeemed_nothing(
    card: TalentCard, desk: Desk, partner: User, issuer: User, allowance: AnnualAllowance
) -> None:
    AnnualAllowance.objects.update(uses=0)
    redeem(card, desk, partner)
    AnnualAllowance.objects.update(uses=2)
    suspend_card(actor=issuer, card=card, reason="Lost", at=timezone.now())

    found = redeem(card, desk, partner)

    assert found.verification.is_replay
    assert answer(found) == (RedemptionStatus.REFUSED, RefusalReason.CARD_NOT_VALID)
    reinstate_card(actor=issuer, card=card, reason="Found", at=timezone.now())
    assert redeem(card, desk, partner, "n2").status == RedemptionStatus.REDEEMED


def test_redeem_is_refused_where_the_desk_has_another_purpose(card: TalentCard, partner: User) -> None:
    found = redeem(card, DeskFactory(organisation=partner.organisation), partner)

    assert answer(found) == (RedemptionStatus.REFUSED, RefusalReason.CARD_NOT_VALID)
    assert found.verification.reason == Reason.PURPOSE_NOT_ALLOWED
    assert used() == 0


def test_redeem_refuses_strangers(card: TalentCard, desk: Desk, outsider: User, holder: User) -> None:
    for actor in (outsider, holder):
        with pytest.raises(NotAllowed):
            redeem(card, desk, actor)

    assert not VerificationAttempt.objects.exists()
    assert used() == 0


def test_redeem_says_what_is_wrong_with_the_request(card: TalentCard, desk: Desk, partner: User) -> None:
    with pytest.raises(PerkNotRedeemable):
        redeem(card, desk, partner, perk=SCHOOLING)
    with pytest.raises(InvalidInput):
        redeem(card, desk, partner, quantity=0)
    with pytest.raises(InvalidInput):
        redeem(card, desk, partner, nonce="n" * 49)
    assert used() == 0


def test_a_new_years_first_use_counts_in_the_new_year(card: TalentCard, desk: Desk, partner: User) -> None:
    now = timezone.localtime()
    redeem(card, desk, partner, quantity=2)
    next_year = now.replace(year=now.year + 1, month=1, day=1, hour=0, minute=0) + dt.timedelta(minutes=1)

    redeem(card, desk, partner, "n2", at=next_year)

    assert list(QuotaAccount.objects.order_by("period").values_list("period", "used")) == [
        (str(now.year), 2),
        (str(now.year + 1), 1),
    ]


@pytest.mark.django_db(transaction=True)
def test_redeem_never_overspends_whoever_redeems_at_once(card: TalentCard, partner: User, desk: Desk) -> None:
    system, _token = make_partner_system(desk.organisation)
    second = make_transport_desk(desk.organisation)
    redeemers = [Redeemer(system=system), Redeemer(actor=partner, desk=desk), Redeemer(actor=partner, desk=second)]
    code, start, outcomes = code_of(card), threading.Barrier(20), Counter[str]()

    def scan(number: int) -> None:
        start.wait()
        try:
            found = redemption.redeem(
                redeemer=redeemers[number % 3],
                code=code,
                perk=FAST_LANE,
                quantity=1,
                nonce=f"n{number}",
                at=timezone.now(),
            )
            outcomes[found.status] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=scan, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == {"redeemed": 2, "refused": 18}
    assert (used(), LedgerEntry.objects.count(), VerificationAttempt.objects.count()) == (2, 2, 20)
