"""A decision in writing, and an appeal against it, in a real browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from cards.nominations import operations
from cards.nominations.choices import Outcome, Paper
from cards.nominations.models import Nomination
from talentcard.accounts.choices import Role
from talentcard.accounts.models import Organisation, User
from talentcard.casework.models import DecisionDocument
from tests.browser.conftest import Visit, faulty_pages
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_policy, make_submitted, upload


@pytest.fixture
def rejected(nominator: User, preliminary_reviewer: User) -> Nomination:
    make_policy()
    return operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=make_submitted(nominator),
        outcome=Outcome.REJECT,
        reason="聘用合同已于上年届满，\n不符合认定条件。",
        at=timezone.now(),
    )


def test_pages_of_a_decision_are_sound(visit: Callable[..., Visit], rejected: Nomination, nominator: User) -> None:
    nominee = User.objects.get(talent__nominations=rejected)
    decision = DecisionDocument.objects.get(subject_id=rejected.pk, kind=Paper.REJECTION)
    paths = [rejected.get_absolute_url(), decision.get_absolute_url()]

    assert faulty_pages(visit, {nominator: paths, nominee: paths}) == []


def test_pages_of_an_appeal_are_sound(
    visit: Callable[..., Visit], rejected: Nomination, nominator: User, bureau: Organisation
) -> None:
    officer = give_role(UserFactory(organisation=bureau), Role.SECOND_REVIEWER)
    assert faulty_pages(visit, {nominator: [reverse("nominations:appeal-create", args=[rejected.pk])]}) == []
    operations.lodge_appeal(
        actor=nominator, nomination=rejected, text="聘用合同已续签，见附件。", uploads=[upload()], at=timezone.now()
    )

    paths = [rejected.get_absolute_url(), reverse("nominations:appeal-decide", args=[rejected.pk])]
    assert faulty_pages(visit, {officer: paths}) == []
