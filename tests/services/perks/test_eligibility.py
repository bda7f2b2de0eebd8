import datetime as dt
import zoneinfo

import pytest
from django.utils import timezone, translation

from cards.issuance.choices import CardStatus
from cards.issuance.models import TalentCard
from cards.issuance.operations import revoke_card, suspend_card
from services.perks import ledger, queries, registry
from services.perks.eligibility import Eligibility, evaluate
from talentcard.accounts.models import User
from tests.factories.issuance import make_award
from tests.factories.perks import FAST_LANE, SCHOOLING, make_allowance, make_holder_card, make_places, make_season
from tests.factories.talents import make_talent

CITY = zoneinfo.ZoneInfo("Asia/Shanghai")


def judge(card: TalentCard | None, perk: str = FAST_LANE, *, at: dt.datetime | None = None) -> Eligibility:
    holder = card.holder if card else None
    return evaluate(perk=registry.get(perk), context=queries.context_of(holder, at=at or timezone.now()))


def reasons(eligibility: Eligibility) -> list[tuple[str, bool, str]]:
    return [(entry.code, entry.is_met, entry.reason) for entry in eligibility.conditions]


def test_evaluate_is_open_with_card_and_quota(card: TalentCard) -> None:
    make_allowance("A", 2)
    eligibility = judge(card)
    year = timezone.localtime().year

    assert eligibility.is_open
    assert reasons(eligibility) == [
        ("card", True, "Your card is active."),
        ("quota", True, f"2 of 2 uses are left in {year}."),
    ]


@pytest.mark.django_db
def test_evaluate_says_that_there_is_no_card() -> None:
    eligibility = judge(None)

    assert not eligibility.is_open
    assert eligibility.unmet[0].reason == "You have no talent card yet. This opens when one is issued to you."


@pytest.mark.django_db
def test_evaluate_says_that_the_card_is_being_made() -> None:
    make_allowance("A", 2)

    eligibility = judge(make_award(tier="A", holder=make_talent()))

    assert [entry.reason for entry in eligibility.unmet] == ["Your card is being made. This opens when it is active."]


def test_evaluate_says_that_the_card_is_suspended(card: TalentCard, issuer: User) -> None:
    make_allowance("A", 2)
    suspend_card(actor=issuer, card=card, reason="Lost", at=timezone.now())

    assert [entry.reason for entry in judge(card).unmet] == [
        "Your card is suspended. This opens again when the suspension is lifted."
    ]


def test_evaluate_says_that_the_card_is_revoked(card: TalentCard, issuer: User) -> None:
    make_allowance("A", 2)
    revoke_card(actor=issuer, card=card, reason="Left the city", at=timezone.now())

    assert [entry.reason for entry in judge(card).unmet] == ["Your card is no longer valid."]


def test_evaluate_looks_at_the_date_before_anybody_marks_the_card_expired(card: TalentCard) -> None:
    make_allowance("A", 2)
    TalentCard.objects.filter(pk=card.pk).update(valid_until=timezone.now())
    card.refresh_from_db()

    eligibility = judge(card)

    assert card.status == CardStatus.ACTIVE
    assert [entry.code for entry in eligibility.unmet] == ["card"]
    assert eligibility.unmet[0].reason.startswith("Your card expired on ")


def test_evaluate_says_that_the_tier_has_no_allowance(card: TalentCard) -> None:
    eligibility = judge(card)

    assert [entry.reason for entry in eligibility.unmet] == ["Your card's tier has no uses of this service."]
    assert eligibility.opens_at is None


def test_evaluate_says_when_a_used_up_quota_opens_again(card: TalentCard, partner: User) -> None:
    make_allowance("A", 2)
    at = dt.datetime(2026, 12, 31, 23, 59, tzinfo=CITY)
    TalentCard.objects.filter(pk=card.pk).update(valid_until=at + dt.timedelta(days=400))
    quota = judge(card, at=at).quota
    assert quota is not None
    ledger.charge_use(
        actor=partner,
        card=card,
        perk=FAST_LANE,
        quota=quota,
        quantity=2,
        organisation=partner.organisation,
        nonce="a",
        at=at,
    )

    before, after = judge(card, at=at), judge(card, at=at + dt.timedelta(minutes=1))

    assert [entry.reason for entry in before.unmet] == ["All 2 uses of 2026 are taken. New ones open on Jan. 1, 2027."]
    assert before.opens_at == dt.datetime(2027, 1, 1, tzinfo=CITY)
    assert (after.is_open, after.remaining) == (True, 2)


def test_evaluate_gives_reasons_in_the_readers_language(card: TalentCard) -> None:
    make_allowance("A", 2)
    with translation.override("zh-hans"):
        assert judge(card).conditions[0].reason == "您的卡有效。"


def test_schooling_says_when_its_season_opens(card: TalentCard) -> None:
    season = make_season(opens_in=10, name_en="Primary school 2027")

    eligibility = judge(card, SCHOOLING)

    assert [(entry.code, entry.opens_at) for entry in eligibility.unmet] == [("season", season.opens_at)]
    assert eligibility.unmet[0].reason.startswith("Primary school 2027 opens on ")
    assert eligibility.opens_at == season.opens_at


def test_schooling_is_open_in_its_season(card: TalentCard) -> None:
    make_places(make_season())

    eligibility = judge(card, SCHOOLING)

    assert eligibility.is_open
    assert [entry.code for entry in eligibility.conditions] == ["card", "tier", "season"]


def test_schooling_says_that_no_season_is_announced(card: TalentCard) -> None:
    make_season(opens_in=-60, days=30)

    assert [entry.reason for entry in judge(card, SCHOOLING).unmet] == [
        "No season is announced yet. The education department announces the next one here."
    ]


@pytest.mark.django_db
def test_schooling_says_that_the_tier_is_not_admitted() -> None:
    make_season(tiers="AB")

    eligibility = judge(make_holder_card(tier="C"), SCHOOLING)

    assert [entry.reason for entry in eligibility.unmet] == [
        "No season announced so far is for your tier, Outstanding young."
    ]


def test_catalogue_asks_for_a_persons_quotas_once(card: TalentCard, django_assert_num_queries: object) -> None:
    make_allowance("A", 2)
    make_season()
    context = queries.context_of(card.holder, at=timezone.now())

    # The seasons, their tiers, the allowance, the accounts.
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert [entry.is_open for entry in queries.catalogue(context)] == [True, True]
