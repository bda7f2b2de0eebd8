"""The second reviewer says whether they agree with the first opinion."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.nominations import operations, queries
from cards.nominations.choices import NominationStatus, Outcome, Step
from cards.nominations.models import Nomination, Review
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput

Login = Callable[[User], Client]
ApiFor = Callable[[User], APIClient]
NOW = timezone.now()


def faults(error: InvalidInput) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in error.errors]


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.REJECT])
def test_second_review_does_not_pass_over_the_first_opinion(
    in_second_review: Nomination, second_reviewer: User, outcome: Outcome
) -> None:
    with pytest.raises(InvalidInput) as refused:
        operations.review_second(
            actor=second_reviewer, nomination=in_second_review, outcome=outcome, reason="经审核", at=NOW
        )

    assert faults(refused.value) == [("agrees", "required")]
    in_second_review.refresh_from_db()
    assert in_second_review.status == NominationStatus.SECOND_REVIEW
    assert not Review.objects.filter(step=Step.SECOND).exists()


def test_who_disagrees_says_why(in_second_review: Nomination, second_reviewer: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        operations.review_second(
            actor=second_reviewer, nomination=in_second_review, outcome=Outcome.PASS, agrees=False, reason=" ", at=NOW
        )

    assert faults(refused.value) == [("reason", "required")]
    assert not Review.objects.filter(step=Step.SECOND).exists()


def test_who_refuses_does_not_agree_with_who_passed_it(
    in_second_review: Nomination, second_reviewer: User, api_for: ApiFor
) -> None:
    path = reverse("api-nomination-second-review", args=[in_second_review.pk])
    refused = api_for(second_reviewer).post(path, {"outcome": "reject", "reason": "聘期已满", "agrees": True})

    assert refused.status_code == 400
    assert [(fault["field"], fault["code"]) for fault in refused.data["errors"]] == [("agrees", "contradictory")]
    in_second_review.refresh_from_db()
    assert in_second_review.status == NominationStatus.SECOND_REVIEW
    assert not Review.objects.filter(step=Step.SECOND).exists()


def test_officers_read_the_disagreement_and_the_nominator_does_not(
    in_second_review: Nomination, second_reviewer: User, nominator: User, api_for: ApiFor
) -> None:
    body = {"outcome": "reject", "reason": "聘期已满", "agrees": False}
    api_for(second_reviewer).post(reverse("api-nomination-second-review", args=[in_second_review.pk]), body)
    detail = reverse("api-nomination-detail", args=[in_second_review.pk])

    def agreements(user: User) -> list[bool | None]:
        return [step["agrees"] for step in api_for(user).get(detail).data["timeline"]]

    assert agreements(second_reviewer) == [None, None, None, False]
    assert agreements(nominator) == [None, None, None, None]
    assert [entry.agrees for entry in queries.timeline(in_second_review, second_reviewer)][-1] is False


def test_page_asks_for_it_at_the_second_review_alone(
    in_second_review: Nomination, second_reviewer: User, login: Login
) -> None:
    data = {"step": "second", "item": in_second_review.item_id, "outcome": "pass"}
    client = login(second_reviewer)

    refused = client.post(reverse("nominations:nomination-review", args=[in_second_review.pk]), data)
    page = client.post(reverse("nominations:nomination-review", args=[in_second_review.pk]), data | {"agrees": "no"})
    client.post(
        reverse("nominations:nomination-review", args=[in_second_review.pk]),
        data | {"agrees": "no", "reason": "层次偏高"},
    )

    assert (refused.status_code, list(refused.context["review_form"].errors)) == (400, ["agrees"])
    assert list(page.context["review_form"].errors) == ["reason"]
    review = Review.objects.get(step=Step.SECOND)
    assert (review.agrees, review.outcome) == (False, Outcome.PASS)
    assert "agrees" not in client.get(in_second_review.get_absolute_url()).content.decode().partition("<form")[2]


@pytest.mark.parametrize(
    ("step", "agrees", "faulty"), [("second", None, ["agrees"]), ("preliminary", True, ["agrees"])]
)
def test_bulk_says_it_once_for_all(
    in_second_review: Nomination, second_reviewer: User, api_for: ApiFor, step: str, agrees: Any, faulty: list[str]
) -> None:
    client = api_for(second_reviewer)
    body = {"step": step, "ids": [str(in_second_review.pk)], "outcome": "pass", "agrees": agrees}

    refused = client.post(reverse("api-nomination-bulk-review"), body)
    rows = client.post(reverse("api-nomination-bulk-review"), body | {"step": "second", "agrees": True})

    assert [fault["field"] for fault in refused.data["errors"]] == faulty
    assert [row["ok"] for row in rows.data] == [True]
    assert Review.objects.get(step=Step.SECOND).agrees is True


def test_bulk_page_asks_for_it(in_second_review: Nomination, second_reviewer: User, login: Login) -> None:
    path = reverse("nominations:nomination-decide-many")
    data = {"selected": f"second:{in_second_review.pk}", "outcome": "pass", "confirmed": "1"}
    client = login(second_reviewer)

    refused = client.post(path, data)
    client.post(path, data | {"agrees": "yes"})

    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["agrees"])
    assert Review.objects.get(step=Step.SECOND).agrees is True


def test_database_keeps_it_to_the_second_review(in_second_review: Nomination) -> None:
    first = Review.objects.filter(nomination=in_second_review, step=Step.PRELIMINARY)

    with pytest.raises(IntegrityError), transaction.atomic():
        first.update(agrees=True)
