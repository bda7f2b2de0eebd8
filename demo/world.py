"""The sample city: organisations, people and desks, and the policy. It says of itself that it is sample data."""

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from cards.credentials.operations import ensure_signing_key
from cards.nominations.models import NominatorProfile
from cards.talents.models import District
from cards.verification.models import Desk, Purpose
from demo import cast
from demo.policy import TIERS, make_policy
from services.schooling.choices import Stage
from services.schooling.models import School, SchoolPlaces, SchoolSeason, SeasonTier
from services.transport.models import AnnualAllowance
from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import Organisation, PartnerSystem, User
from talentcard.accounts.operations import assign_role, register_partner_system
from talentcard.core.transactions import atomic_operation

ORGANISATIONS = {
    "laboratory": ("海河实验室（示例）", "Haihe Laboratory (sample)", OrganisationKind.EMPLOYER, "binhai"),
    "window": ("人才窗口（示例）", "Talent Window (sample)", OrganisationKind.DISTRICT_OFFICE, "binhai"),
    "bureau": ("市人社局（示例）", "Municipal Bureau (sample)", OrganisationKind.BUREAU, ""),
    "airport": ("滨海国际机场（示例）", "Binhai Airport (sample)", OrganisationKind.PARTNER, "binhai"),
    "school": ("海河小学（示例）", "Haihe Primary School (sample)", OrganisationKind.PARTNER, "binhai"),
}
ROLES = {
    cast.NOMINATOR: ("laboratory", Role.NOMINATOR, ""),
    cast.CLERK: ("window", Role.WINDOW_CLERK, ""),
    cast.PRELIMINARY: ("bureau", Role.PRELIMINARY_REVIEWER, ""),
    cast.SECOND: ("bureau", Role.SECOND_REVIEWER, ""),
    cast.HEAD: ("bureau", Role.HEAD, ""),
    cast.ISSUER: ("bureau", Role.ISSUER, ""),
    cast.SECOND_ISSUER: ("bureau", Role.ISSUER, ""),
    cast.SCHOOLING: ("bureau", Role.PERK_OFFICER, "schooling"),
    cast.AIRPORT: ("airport", Role.PARTNER, ""),
    cast.SCHOOL: ("school", Role.PARTNER, ""),
    cast.AUDITOR: ("bureau", Role.AUDITOR, ""),
    cast.ADMINISTRATOR: ("bureau", Role.ADMINISTRATOR, ""),
}
YEARLY_QUOTA = 200
PURPOSES = {
    "airport-fast-lane": ("机场快速通道", "Airport fast lane", ["name", "tier"], "offline_stale"),
    "school-enrolment": ("入学核验", "School enrolment", ["name", "tier", "valid_until"], "offline_fresh"),
}
DESKS = {
    "airport": ("机场贵宾通道服务台", "Fast lane counter", "airport-fast-lane"),
    "school": ("招生办公室", "Enrolment office", "school-enrolment"),
}
DISTRICTS = {
    "binhai": ("滨海新区", "Binhai New Area"),
    "heping": ("和平区", "Heping District"),
    "hexi": ("河西区", "Hexi District"),
    "nankai": ("南开区", "Nankai District"),
    "tiankai": ("天开高教科创园", "Tiankai Park"),
}
SCHOOLS = [
    ("海河小学", "Haihe Primary School", "binhai", 3),
    ("水上公园小学", "Water Park Primary School", "nankai", 2),
    ("五大道小学", "Five Avenues Primary School", "heping", 1),
]


@atomic_operation
def make() -> None:
    """Make what is not there yet; a second call changes nothing."""
    now = timezone.now()
    ensure_signing_key(at=now)
    make_policy(now)
    for code, (zh, en) in DISTRICTS.items():
        District.objects.get_or_create(code=code, defaults={"name_zh": zh, "name_en": en})
    organisations = {key: _organisation(*fields) for key, fields in ORGANISATIONS.items()}
    NominatorProfile.objects.get_or_create(
        organisation=organisations["laboratory"], defaults={"yearly_quota": YEARLY_QUOTA, "credit_class": "A"}
    )
    _make_people(organisations)
    _make_desks(organisations)
    _make_perks(now)


def _organisation(name_zh: str, name_en: str, kind: OrganisationKind, district: str) -> Organisation:
    organisation, _created = Organisation.objects.get_or_create(
        name_en=name_en, defaults={"name_zh": name_zh, "kind": kind, "district": district}
    )
    return organisation


def _make_people(organisations: dict[str, Organisation]) -> None:
    # Everybody's is the same, and hashing is slow on purpose.
    password = make_password(cast.PASSWORD)
    for player in cast.STAFF:
        organisation, role, department = ROLES[player]
        user = User.objects.filter(username=player.username).first()
        if user is None:
            is_administrator = player is cast.ADMINISTRATOR
            user = User.objects.create(
                username=player.username,
                password=password,
                display_name=player.name,
                email=f"{player.username}@talentcard.example",
                organisation=organisations[organisation],
                is_staff=is_administrator,
                is_superuser=is_administrator,
            )
            assign_role(actor=None, user=user, role=role, department=department)


def _make_desks(organisations: dict[str, Organisation]) -> None:
    for code, (zh, en, fields, grade) in PURPOSES.items():
        Purpose.objects.get_or_create(
            code=code, defaults={"name_zh": zh, "name_en": en, "fields": fields, "minimum_grade": grade}
        )
    for key, (zh, en, purpose) in DESKS.items():
        desk, created = Desk.objects.get_or_create(
            name_en=en, organisation=organisations[key], defaults={"name_zh": zh}
        )
        if created:
            desk.purposes.set(Purpose.objects.filter(code=purpose))
    if not PartnerSystem.objects.filter(application__client_id=cast.PARTNER_CLIENT_ID).exists():
        register_partner_system(
            actor=None,
            organisation=organisations["airport"],
            name="Airport gate system (sample)",
            client_id=cast.PARTNER_CLIENT_ID,
            client_secret=cast.PARTNER_CLIENT_SECRET,
        )


def _make_perks(now: dt.datetime) -> None:
    for tier, uses in {"A": 6, "B": 4, "C": 2}.items():
        AnnualAllowance.objects.get_or_create(tier_code=tier, defaults={"uses": uses})
    if SchoolSeason.objects.exists():
        return
    year = timezone.localdate(now).year
    season = SchoolSeason.objects.create(
        name_zh=f"{year + 1}年小学入学（示例）",
        name_en=f"Primary school {year + 1} (sample)",
        stage=Stage.PRIMARY,
        opens_at=now - dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=180),
        born_from=dt.date(year - 6, 9, 1),
        born_until=dt.date(year - 5, 8, 31),
    )
    for tier in TIERS:
        SeasonTier.objects.create(season=season, tier_code=tier)
    for zh, en, district, places in SCHOOLS:
        school = School.objects.create(name_zh=zh, name_en=en, stage=Stage.PRIMARY, district=district)
        SchoolPlaces.objects.create(season=season, school=school, places=places)
