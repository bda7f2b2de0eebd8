"""The sample policy. Whatever is policy in a city is data here, and says that it is sample data."""

import datetime as dt

from django.utils import timezone

from cards.issuance.choices import Route
from cards.issuance.models import Basis, PolicyVersion, RecognisedEntry, RecognisedList, Tier
from cards.issuance.operations import list_person
from cards.nominations.choices import EvidenceKind, LimitedStep
from cards.nominations.models import CreditClass, RecognisedExpert, RequiredDocument, StepLimit
from cards.nominations.operations import keep_expert, put_into_effect
from cards.talents.choices import IdentityKind
from cards.talents.operations import IdentityInput
from demo.people import ACADEMICIANS

# Name, months of validity, days before its end in which a card may be renewed.
TIERS = {"A": ("顶尖", "Top", 60, 90), "B": ("领军", "Leading", 36, 90), "C": ("青年拔尖", "Outstanding young", 36, 60)}
BASES = {
    "laboratory": ("海河实验室引进人才", "Recruited by a Haihe laboratory", Route.RECOMMENDATION, 5),
    "craftsman": ("海河工匠", "Haihe craftsman", Route.RECOMMENDATION_WITHOUT_NOTICE, 0),
    "postdoc": ("博士后项目", "Postdoctoral programme", Route.RECOMMENDATION_WITHOUT_NOTICE, 0),
    "tiankai": ("天开园创业人才", "Founder in the Tiankai park", Route.RECOMMENDATION, 5),
    "overseas": ("海外引进人才", "Recruited from overseas", Route.RECOMMENDATION, 5),
    "expert": ("专家举荐", "Expert recommendation", Route.RECOMMENDATION, 5),
    "academician": ("院士", "Academician", Route.DIRECT, 0),
    "professional": ("境外职业资格认可人才", "Recognised overseas professional", Route.DIRECT, 0),
    "green-card": ("人才绿卡换发", "Green Card upgrade", Route.DIRECT, 0),
}
# Who else has to speak, by e-mailed links.
ASKING = {"expert": {"experts_needed": 2, "needs_consent": True}}
EXPERTS = [
    ("示例专家甲", "教授", "示例大学", "材料科学", "expert-1@talentcard.example"),
    ("示例专家乙", "研究员", "示例研究院", "生物医药", "expert-2@talentcard.example"),
    ("示例专家丙", "高级工程师", "示例设计院", "智能制造", "expert-3@talentcard.example"),
]
REQUIRED = {"academician": [], "green-card": [], "professional": [EvidenceKind.QUALIFICATION]}
CREDIT_CLASSES = {
    "A": ("A级（示例）", "Class A (sample)", 150, True),
    "B": ("B级（示例）", "Class B (sample)", 100, True),
    "C": ("C级（示例）", "Class C (sample)", 0, False),
}
WORKING_DAYS = 10
REMEDIES_ZH = "对本决定不服的，可以自收到之日起60日内申请行政复议，也可以自收到之日起6个月内提起行政诉讼。（示例数据）"
REMEDIES_EN = (
    "You may apply for administrative reconsideration within 60 days of receiving this decision, or bring an action "
    "before the people's court within six months. (Sample data)"
)
LISTS = {
    "academician": ("academicians", "院士名单（示例）", "Academicians (sample)"),
    "professional": ("overseas-qualifications", "境外职业资格认可目录（示例）", "Overseas qualifications (sample)"),
    "green-card": ("green-cards", "人才绿卡持有人名册（示例）", "Holders of Green Cards (sample)"),
}
QUALIFICATIONS = [
    ("特许土木工程师（示例）", "Chartered civil engineer (sample)"),
    ("特许金融分析师（示例）", "Chartered financial analyst (sample)"),
]
SOURCE = "示例数据 sample data"


def make_policy(now: dt.datetime) -> None:
    """Make the first version and put it into effect, unless there is one."""
    if PolicyVersion.objects.exists():
        return
    policy = PolicyVersion.objects.create(
        number=1,
        legal_ground_zh="《天津市人才发展促进条例》（示例数据）",
        legal_ground_en="Tianjin Regulation on Promoting Talent Development (sample data)",
        remedies_zh=REMEDIES_ZH,
        remedies_en=REMEDIES_EN,
        is_sample=True,
    )
    tiers = [
        Tier.objects.create(policy=policy, code=code, name_zh=zh, name_en=en, validity_months=months, renewal_days=days)
        for code, (zh, en, months, days) in TIERS.items()
    ]
    lists = {basis: _make_list(*names) for basis, names in LISTS.items()}
    for code, (zh, en, route, days) in BASES.items():
        basis = Basis.objects.create(
            policy=policy,
            code=code,
            name_zh=zh,
            name_en=en,
            route=route,
            notice_working_days=days,
            recognised_list=lists.get(code),
            **ASKING.get(code, {}),
        )
        basis.tiers.set(tiers)
        for kind in REQUIRED.get(code, [EvidenceKind.RECOMMENDATION]):
            RequiredDocument.objects.create(basis=basis, kind=kind)
    for step in LimitedStep:
        StepLimit.objects.create(policy=policy, step=step, working_days=WORKING_DAYS)
    for code, (zh, en, percent, may_nominate) in CREDIT_CLASSES.items():
        CreditClass.objects.create(
            policy=policy, code=code, name_zh=zh, name_en=en, quota_percent=percent, may_nominate=may_nominate
        )
    _register_experts()
    _list_people(lists["academician"], now)
    _list_qualifications(lists["professional"], now)
    put_into_effect(actor=None, policy=policy, effective_from=now, at=now)


def _make_list(code: str, name_zh: str, name_en: str) -> RecognisedList:
    return RecognisedList.objects.create(code=code, name_zh=name_zh, name_en=name_en, is_sample=True)


def _register_experts() -> None:
    for name, title, organisation, field, email in EXPERTS:
        expert = RecognisedExpert(name=name, title=title, organisation_name=organisation, field=field, email=email)
        keep_expert(actor=None, expert=expert)


def _list_people(academicians: RecognisedList, now: dt.datetime) -> None:
    for person in ACADEMICIANS:
        list_person(
            actor=None,
            recognised_list=academicians,
            identity=IdentityInput(kind=IdentityKind.RESIDENT_ID, number=person["identity_number"]),
            name=person["name"],
            source=SOURCE,
            valid_from=timezone.localdate(now),
            at=now,
        )


def _list_qualifications(recognised: RecognisedList, now: dt.datetime) -> None:
    for zh, en in QUALIFICATIONS:
        RecognisedEntry.objects.create(
            recognised_list=recognised, title_zh=zh, title_en=en, source=SOURCE, valid_from=timezone.localdate(now)
        )
