"""The cases that tests of nominations begin with."""

import pytest

from cards.issuance.models import PolicyVersion
from cards.nominations.models import Nomination
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import make_draft, make_policy, make_second_review, make_submitted, make_under_notice


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
