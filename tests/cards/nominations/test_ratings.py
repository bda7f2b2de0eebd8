"""A case's parties rate its handling once it has ended; the head of the deciding office answers a low rating."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.nominations import operations
from cards.nominations.choices import Outcome
from cards.nominations.models import Nomination
from cards.nominations.operations.transitions import TransitionNotAllowed
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.casework.models import Rating
from talentcard.core.errors import NotAllowed
from tests.factories.accounts import UserFactory, give_role

NOW = timezone.now()


@pytest.fixture
def rejected(in_second_review: Nomination, second_reviewer: User) -> Nomination:
    return operations.review_second(
        actor=second_reviewer,
        nomination=in_second_review,
        outcome=Outcome.REJECT,
        agrees=False,
        reason="业绩与依据不符。",
        at=timezone.now(),
    )


@pytest.fixture
def nominee(rejected: Nomination) -> User:
    rejected.talent.refresh_from_db()
    user: User = rejected.talent.user
    return user


def page_of(nomination: Nomination) -> str:
    return reverse("nominations:nomination-rate", args=[nomination.pk])


def api_path(nomination: Nomination) -> str:
    return reverse("api-nomination-rating", args=[nomination.pk])


def test_both_parties_rate_it_once_and_the_deciding_office_is_rated(
    rejected: Nomination, nominator: User, nominee: User, second_reviewer: User, api_for: Any
) -> None:
    first = api_for(nominator).post(api_path(rejected), {"level": 4})
    second = api_for(nominee).post(api_path(rejected), {"level": 1, "comment": "没有说明理由"})
    again = api_for(nominee).post(api_path(rejected), {"level": 5})

    assert [answer.status_code for answer in (first, second, again)] == [201, 201, 409]
    assert again.json()["code"] == "already_rated"
    assert {rating.office for rating in Rating.objects.all()} == {second_reviewer.organisation}
    shown = api_for(nominee).get(api_path(rejected)).json()
    assert (shown["level"], shown["comment"], shown["number"]) == (1, "没有说明理由", rejected.number)


def test_the_head_answers_a_low_rating_through_the_api(
    rejected: Nomination, nominee: User, second_reviewer: User, api_for: Any
) -> None:
    head = give_role(UserFactory(organisation=second_reviewer.organisation), Role.HEAD)
    rating = operations.rate_nomination(actor=nominee, nomination=rejected, level=2, at=NOW)
    path = reverse("api-rating-answer", args=[rating.pk])

    refused = [api_for(user).post(path, {"text": "x"}).status_code for user in (nominee, second_reviewer)]
    done = api_for(head).post(path, {"text": "已电话说明"})

    assert (refused, done.status_code) == ([403, 404], 200)
    assert api_for(nominee).get(reverse("api-rating-detail", args=[rating.pk])).json()["answer"] == "已电话说明"


def test_nothing_is_rated_before_its_end(submitted: Nomination, nominator: User, login: Any) -> None:
    with pytest.raises(TransitionNotAllowed):
        operations.rate_nomination(actor=nominator, nomination=submitted, level=5, at=NOW)

    assert login(nominator).post(page_of(submitted), {"level": 5}).status_code == 403
    assert not Rating.objects.exists()


def test_nobody_rates_who_was_not_served(
    rejected: Nomination, outsider: User, other_nominator: User, second_reviewer: User, login: Any, api_for: Any
) -> None:
    assert Client().post(page_of(rejected), {"level": 1}).status_code == 302
    assert APIClient().post(api_path(rejected), {"level": 1}).status_code == 403
    for user, code in ((outsider, 404), (other_nominator, 404), (second_reviewer, 403)):
        assert login(user).post(page_of(rejected), {"level": 1}).status_code == code
        assert api_for(user).post(api_path(rejected), {"level": 1}).status_code == code
        with pytest.raises(NotAllowed):
            operations.rate_nomination(actor=user, nomination=rejected, level=1, at=NOW)
    assert not Rating.objects.exists()


def test_pages_offer_it_take_it_and_show_it(rejected: Nomination, nominator: User, nominee: User, login: Any) -> None:
    for user, where in (
        (nominator, rejected.get_absolute_url()),
        (nominee, reverse("nominations:nomination-mine")),
    ):
        browser = login(user)
        assert page_of(rejected) in browser.get(where).content.decode()
        assert browser.post(page_of(rejected), {}).status_code == 400
        assert browser.post(page_of(rejected), {"level": 5}, follow=True).status_code == 200
        assert page_of(rejected) not in browser.get(where).content.decode()

    assert Rating.objects.count() == 2


def test_an_appeal_that_is_open_is_not_rated(rejected: Nomination, nominator: User) -> None:
    operations.lodge_appeal(actor=nominator, nomination=rejected, text="理由不实。", at=timezone.now())

    with pytest.raises(TransitionNotAllowed):
        operations.rate_nomination(actor=nominator, nomination=rejected, level=3, at=NOW)
