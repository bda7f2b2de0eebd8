import pytest

from cards.issuance.models import TalentCard
from cards.verification.choices import Field
from cards.verification.models import Desk, Purpose
from talentcard.accounts.models import PartnerSystem, User
from tests.cards.verification.codes import code_of
from tests.factories.issuance import make_active_card
from tests.factories.verification import DeskFactory, PurposeFactory, make_partner_system


@pytest.fixture
def purpose(db: None) -> Purpose:
    return PurposeFactory(
        code="airport", fields=[Field.NAME, Field.TIER, Field.CARD_NUMBER, Field.VALID_UNTIL], name_en="Fast lane"
    )


@pytest.fixture
def desk(partner: User, purpose: Purpose) -> Desk:
    return DeskFactory(organisation=partner.organisation, purposes=[purpose], name_en="Departures")


@pytest.fixture
def foreign_desk(purpose: Purpose) -> Desk:
    """A desk of an organisation that nobody in the cast works for."""
    return DeskFactory(purposes=[purpose, PurposeFactory(code="clinic")])


@pytest.fixture
def partner_system(desk: Desk) -> tuple[PartnerSystem, str]:
    return make_partner_system(desk.organisation)


@pytest.fixture
def system(partner_system: tuple[PartnerSystem, str]) -> PartnerSystem:
    return partner_system[0]


@pytest.fixture
def token(partner_system: tuple[PartnerSystem, str]) -> str:
    return partner_system[1]


@pytest.fixture
def card(db: None) -> TalentCard:
    return make_active_card()


@pytest.fixture
def code(card: TalentCard) -> str:
    return code_of(card)
