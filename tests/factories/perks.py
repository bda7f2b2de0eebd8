import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from cards.issuance.models import CardEdition, TalentCard
from cards.talents.choices import IdentityKind
from cards.verification.choices import Field
from cards.verification.models import Desk, Purpose
from services.perks import operations
from services.perks.models import PerkRequest
from services.schooling.choices import Stage
from services.schooling.models import School, SchoolPlaces, SchoolSeason, SeasonTier
from services.transport.models import AnnualAllowance
from talentcard.accounts.models import Organisation
from tests.factories.accounts import UserFactory
from tests.factories.issuance import make_active_card
from tests.factories.nominations import resident_number
from tests.factories.talents import make_talent
from tests.factories.verification import DeskFactory, PurposeFactory

FAST_LANE = "airport-fast-lane"
SCHOOLING = "schooling"

_children = itertools.count(1)


def make_holder_card(*, tier: str = "A", **details: Any) -> TalentCard:
    """Return an active card whose holder has an account."""
    holder = make_talent(**details)
    if holder.user is None:
        holder.user = UserFactory()
        holder.save()
    return make_active_card(tier=tier, holder=holder)


def code_of(card: TalentCard) -> str:
    """Return the code on a card's latest printing."""
    edition = CardEdition.objects.filter(card=card).order_by("-sequence").first()
    assert edition is not None
    return edition.code


def make_allowance(tier: str = "A", uses: int = 2) -> AnnualAllowance:
    """Let a tier use the fast lane so often a year."""
    return AnnualAllowance.objects.create(tier_code=tier, uses=uses)


def make_transport_desk(organisation: Organisation) -> Desk:
    """Open a desk that redeems the fast lane."""
    purpose = Purpose.objects.filter(code=FAST_LANE).first() or PurposeFactory(
        code=FAST_LANE, fields=[Field.NAME, Field.TIER]
    )
    return DeskFactory(organisation=organisation, purposes=[purpose])


def make_season(*, tiers: str = "AB", opens_in: int = -10, days: int = 40, **details: Any) -> SchoolSeason:
    """Announce a season for primary schools; by default it is open."""
    opens_at = timezone.now() + dt.timedelta(days=opens_in)
    season = SchoolSeason.objects.create(
        **{
            "stage": Stage.PRIMARY,
            "name_zh": "2027年小学入学",
            "name_en": "Primary school 2027",
            "opens_at": opens_at,
            "closes_at": opens_at + dt.timedelta(days=days),
            "born_from": dt.date(2020, 9, 1),
            "born_until": dt.date(2021, 8, 31),
            **details,
        }
    )
    for tier in tiers:
        SeasonTier.objects.create(season=season, tier_code=tier)
    return season


def make_places(season: SchoolSeason, *, places: int = 2, district: str = "binhai") -> SchoolPlaces:
    """Let a school keep places in a season."""
    count = School.objects.count() + 1
    school = School.objects.create(
        stage=season.stage, name_zh=f"第{count}小学", name_en=f"Primary school no. {count}", district=district
    )
    return SchoolPlaces.objects.create(season=season, school=school, places=places)


def child_details(*schools: SchoolPlaces, born: dt.date = dt.date(2021, 3, 1), **details: Any) -> dict[str, Any]:
    """Return what the schooling form asks, as a browser sends it, for a child nobody else has."""
    number = resident_number(next(_children) % 90, birth=born.strftime("%Y%m%d"))
    data = {
        "season": str(schools[0].season_id),
        "name": "林小海",
        "birth_date": born.isoformat(),
        "identity_kind": IdentityKind.RESIDENT_ID.value,
        "identity_number": number,
        "guardian_consent": "on",
    }
    wishes = {f"school_{rank}": str(places.pk) for rank, places in enumerate(schools, start=1)}
    return {**data, **wishes, **details}


def cleaned_details(*schools: SchoolPlaces, **details: Any) -> dict[str, Any]:
    """Return what the schooling form hands on, for a child nobody else has."""
    raw = child_details(*schools, **details)
    return {
        **raw,
        "season": schools[0].season,
        "birth_date": dt.date.fromisoformat(raw["birth_date"]),
        "guardian_consent": True,
        "schools": list(schools),
    }


def make_request(
    card: TalentCard, *schools: SchoolPlaces, at: dt.datetime | None = None, **details: Any
) -> PerkRequest:
    """File a schooling request for a child of a card's holder."""
    assert card.holder.user is not None
    return operations.submit_request(
        actor=card.holder.user,
        perk=SCHOOLING,
        details=cleaned_details(*schools, **details),
        at=at or timezone.now(),
    )
