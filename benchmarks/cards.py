"""The cards and the partner that are measured, made through the service's own operations."""

import itertools
from dataclasses import dataclass

from django.utils import timezone

from cards.issuance.models import CardEdition, TalentCard
from cards.verification.choices import Field
from cards.verification.models import Purpose
from talentcard.accounts.choices import OrganisationKind
from tests.factories.accounts import OrganisationFactory
from tests.factories.issuance import make_active_card, make_award
from tests.factories.talents import make_talent
from tests.factories.verification import DeskFactory, PurposeFactory, make_partner_system

NAMES = itertools.cycle(("林晓海", "欧阳海河", "Иван Петров", "María Fernanda López", "阿布都克里木·买买提"))
TIERS = itertools.cycle("ABC")
PARTNER_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Partner:
    """A partner's software: what it checks cards for, and the token it asks with."""

    purpose: Purpose
    token: str


def make_cards(number: int) -> list[CardEdition]:
    """Return the editions of new cards in force."""
    cards = [make_active_card(tier=next(TIERS), holder=make_talent(name=next(NAMES))) for _ in range(number)]
    return list(CardEdition.objects.filter(card__in=cards))


def award_cards(number: int) -> list[TalentCard]:
    """Return new cards that wait for their production."""
    now = timezone.now()
    return [make_award(tier=next(TIERS), holder=make_talent(name=next(NAMES)), at=now) for _ in range(number)]


def make_partner() -> Partner:
    """Return a partner with one desk and one purpose."""
    organisation = OrganisationFactory(kind=OrganisationKind.PARTNER)
    purpose = PurposeFactory(code="fast-lane", fields=[Field.NAME, Field.TIER, Field.VALID_UNTIL])
    DeskFactory(organisation=organisation, purposes=[purpose])
    _system, token = make_partner_system(organisation, scope="verify", expires_in=PARTNER_SECONDS)
    return Partner(purpose, token)
