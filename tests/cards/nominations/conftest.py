"""The cases that tests of nominations begin with."""

import pytest

from cards.issuance.models import Basis, PolicyVersion
from cards.nominations.models import Nomination, RequiredDocument
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import (
    complete,
    make_draft,
    make_policy,
    make_second_review,
    make_submitted,
    make_under_notice,
)


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    return make_policy()


@pytest.fixture
def other_nominator(db: None) -> User:
    """Somebody who nominates for another organisation."""
    return give_role(UserFactory(username="other", organisation=OrganisationFactory()), Role.NOMINATOR)


@pytest.fixture
def draft(policy: PolicyVersion, nominator: User) -> Nomination:
    return make_draft(nominator)


@pytest.fixture
def submitted(policy: PolicyVersion, nominator: User) -> Nomination:
    return make_submitted(nominator)


@pytest.fixture
def in_second_review(policy: PolicyVersion, nominator: User, preliminary_reviewer: User) -> Nomination:
    return make_second_review(nominator, preliminary_reviewer)


@pytest.fixture
def under_notice(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> Nomination:
    return make_under_notice(nominator, preliminary_reviewer, second_reviewer)


@pytest.fixture
def basis(policy: PolicyVersion) -> Basis:
    """A basis on which cards are given directly to whoever is on its list; it asks for no documents."""
    complete(policy)
    RequiredDocument.objects.all().delete()
    return policy.bases.get(code="overseas")


@pytest.fixture
def second_issuer(db: None) -> User:
    return give_role(UserFactory(username="second_issuer"), Role.ISSUER)
