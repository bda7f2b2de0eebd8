import datetime as dt
import secrets
from typing import Any

import factory
from django.utils import timezone
from oauth2_provider.models import AccessToken

from cards.verification.choices import Field
from cards.verification.models import Desk, Purpose
from talentcard.accounts.choices import OrganisationKind
from talentcard.accounts.models import Organisation, PartnerSystem
from talentcard.accounts.operations import register_partner_system
from tests.factories.accounts import OrganisationFactory


class PurposeFactory(factory.django.DjangoModelFactory[Purpose]):
    class Meta:
        model = Purpose

    code = factory.Sequence(lambda n: f"purpose-{n}")
    name_zh = factory.Sequence(lambda n: f"用途{n}")
    name_en = factory.Sequence(lambda n: f"Purpose {n}")
    fields = factory.LazyFunction(lambda: [Field.NAME, Field.TIER, Field.CARD_NUMBER, Field.VALID_UNTIL])


class DeskFactory(factory.django.DjangoModelFactory[Desk]):
    class Meta:
        model = Desk
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory, kind=OrganisationKind.PARTNER)
    name_zh = factory.Sequence(lambda n: f"柜台{n}")
    name_en = factory.Sequence(lambda n: f"Desk {n}")

    @factory.post_generation
    def purposes(self, create: bool, extracted: list[Purpose] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.purposes.set(extracted)


def make_partner_system(
    organisation: Organisation, *, scope: str = "verify redeem", expires_in: int = 3600
) -> tuple[PartnerSystem, str]:
    """Register a partner's software and return it with a bearer token."""
    name = f"system-{secrets.token_hex(4)}"
    system = register_partner_system(
        actor=None, organisation=organisation, name=name, client_id=name, client_secret=secrets.token_hex(8)
    )
    token = secrets.token_urlsafe(24)
    AccessToken.objects.create(
        application=system.application,
        token=token,
        scope=scope,
        expires=timezone.now() + dt.timedelta(seconds=expires_in),
    )
    return system, token
