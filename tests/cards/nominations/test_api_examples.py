"""The examples that the API's documentation shows are requests it takes."""

from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations.api import serializers as shapes
from cards.nominations.api.serializers import examples
from cards.nominations.api.serializers.appeals import AppealDecisionInput
from cards.nominations.api.serializers.notices import ObjectionInput
from cards.nominations.api.serializers.questions import CaseQuestionInput
from cards.nominations.api.serializers.reviews import SecondReviewInput
from cards.nominations.models import Nomination
from talentcard.accounts.models import User

SHOWN = [
    (shapes.DraftInput, examples.DRAFT),
    (shapes.ReviewInput, examples.PASS),
    (shapes.ReviewInput, examples.RETURN),
    (SecondReviewInput, examples.AGREED),
    (CaseQuestionInput, examples.QUESTION),
    (ObjectionInput, examples.OBJECTION),
    (AppealDecisionInput, examples.APPEAL_DECISION),
]


@pytest.mark.parametrize(("shape", "example"), SHOWN)
def test_an_example_is_in_the_schema_and_has_its_shape(
    shape: type[serializers.Serializer], example: dict[str, Any], api: APIClient, db: None
) -> None:
    given = shape(data=example)

    assert given.is_valid(), given.errors
    assert set(example) <= set(given.fields)
    schema = api.get("/api/v1/schema/?format=json").json()
    shown = [
        each["value"]
        for path in schema["paths"].values()
        for operation in path.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for each in content.get("examples", {}).values()
    ]
    assert example in shown


def test_the_example_of_a_nomination_begins_one(policy: PolicyVersion, nominator: User, api: APIClient) -> None:
    api.force_login(nominator)

    made: Any = api.post("/api/v1/nominations/", examples.DRAFT, format="json")

    assert made.status_code == 201, made.json()
    assert Nomination.objects.get().talent.name == examples.DRAFT["nominee"]["name"]
