from typing import Any

import factory

from cards.nominations.models import NominatorProfile
from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import Organisation, RoleAssignment, User


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    kind = OrganisationKind.EMPLOYER
    name_zh = factory.Sequence(lambda n: f"单位{n}")
    name_en = factory.Sequence(lambda n: f"Organisation {n}")
    district = "binhai"


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    display_name = factory.LazyAttribute(lambda user: user.username.title())
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    language = "en"


def give_role(user: User, role: Role, **scope: Any) -> User:
    """Give a user a role and return the user; a nominator's organisation gets a quota it does not use up."""
    RoleAssignment.objects.create(user=user, role=role, **scope)
    if role == Role.NOMINATOR and user.organisation is not None:
        profile = NominatorProfile(organisation=user.organisation, yearly_quota=1000, credit_class="B")
        NominatorProfile.objects.bulk_create([profile], ignore_conflicts=True)
    return user
