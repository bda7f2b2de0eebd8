import datetime as dt
import uuid
from typing import Any

import factory
from django.utils import timezone

from cards.issuance.choices import Route
from cards.issuance.models import Basis, PolicyVersion, TalentCard, Tier
from cards.issuance.operations import award_card, produce_editions
from cards.talents.models import Talent
from tests.factories.talents import make_talent

LONG_AGO = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
TIERS = {"A": ("顶尖", "Top", 60), "B": ("领军", "Leading", 36), "C": ("青年拔尖", "Outstanding young", 24)}
BASES = {
    "laboratory": ("海河实验室", "Haihe laboratory", Route.RECOMMENDATION, 5),
    "craftsman": ("海河工匠", "Haihe craftsman", Route.DIRECT, 0),
    "postdoc": ("博士后", "Postdoctoral programme", Route.RECOMMENDATION_WITHOUT_NOTICE, 0),
    "tiankai": ("天开园", "Tiankai park", Route.RECOMMENDATION, 5),
    "overseas": ("海外人才", "Overseas talent", Route.RECOMMENDATION_WITHOUT_NOTICE, 0),
}


class PolicyVersionFactory(factory.django.DjangoModelFactory[PolicyVersion]):
    class Meta:
        model = PolicyVersion

    number = factory.Sequence(lambda n: n + 1)
    effective_from = LONG_AGO
    legal_ground_zh = "《天津市人才发展促进条例》"
    legal_ground_en = "Tianjin Regulation on Promoting Talent Development"
    is_sample = True


def make_policy() -> PolicyVersion:
    """Return the policy in force, made of sample tiers and bases if there is none."""
    policy = PolicyVersion.objects.order_by("-number").first()
    if policy is not None:
        return policy
    policy = PolicyVersionFactory()
    tiers = [
        Tier.objects.create(policy=policy, code=code, name_zh=zh, name_en=en, validity_months=months)
        for code, (zh, en, months) in TIERS.items()
    ]
    for code, (zh, en, route, days) in BASES.items():
        basis = Basis.objects.create(
            policy=policy, code=code, name_zh=zh, name_en=en, route=route, notice_working_days=days
        )
        basis.tiers.set(tiers)
    return policy


def make_award(*, tier: str = "A", holder: Talent | None = None, **details: Any) -> TalentCard:
    """Award a card, which waits for its production."""
    policy = make_policy()
    defaults: dict[str, Any] = {
        "actor": None,
        "case_id": uuid.uuid4(),
        "holder": holder or make_talent(),
        "tier": policy.tiers.get(code=tier),
        "route": Route.DIRECT,
        "basis": policy.bases.get(code="craftsman"),
        "evidence_hash": "0" * 64,
        "at": timezone.now(),
    }
    return award_card(**{**defaults, **details})


def make_active_card(
    *, tier: str = "A", holder: Talent | None = None, at: dt.datetime | None = None, **details: Any
) -> TalentCard:
    """Award a card and produce it, through the operations themselves."""
    moment = at or timezone.now()
    card = make_award(tier=tier, holder=holder, at=moment, **details)
    produce_editions(card_ids=[card.pk], at=moment)
    return TalentCard.objects.select_related("holder__user", "tier").get(pk=card.pk)
