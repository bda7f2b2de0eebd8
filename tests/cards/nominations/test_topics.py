"""What is to be corrected is said of a field or a document of the case, or of the case as a whole."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.nominations import operations, queries
from cards.nominations.choices import NominationStatus, Outcome
from cards.nominations.models import Nomination, Review
from cards.nominations.operations import MissingItem
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput
from tests.factories.nominations import make_submitted

Login = Callable[[User], Client]
ApiFor = Callable[[User], APIClient]


def give_back(actor: User, nomination: Nomination, *missing: tuple[str, str]) -> Nomination:
    return operations.review_preliminary(
        actor=actor,
        nomination=nomination,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=[MissingItem(field=field, note=note) for field, note in missing],
        at=timezone.now(),
    )


def test_unknown_topics_are_refused_by_row(submitted: Nomination, nominator: User, preliminary_reviewer: User) -> None:
    foreign = make_submitted(nominator).evidence.get()
    own = submitted.evidence.get()

    with pytest.raises(InvalidInput) as refused:
        give_back(
            preliminary_reviewer,
            submitted,
            ("statement", "写明成果"),
            ("salary", "?"),
            (str(own.pk), "不清晰"),
            (str(foreign.pk), "?"),
            (str(uuid.uuid4()), "?"),
            ("", "整体"),
        )

    assert [(error.field, error.code, error.row) for error in refused.value.errors] == [
        ("missing", "unknown_topic", 2),
        ("missing", "unknown_topic", 4),
        ("missing", "unknown_topic", 5),
    ]
    assert not Review.objects.exists()


def test_api_names_the_rows(submitted: Nomination, preliminary_reviewer: User, api_for: ApiFor) -> None:
    body = {"outcome": "return", "reason": "补正", "missing": [{"field": "salary", "note": "?"}]}
    path = reverse("api-nomination-preliminary-review", args=[submitted.pk])

    answer = api_for(preliminary_reviewer).post(path, body)

    assert answer.status_code == 400
    assert [(error["row"], error["code"]) for error in answer.data["errors"]] == [(1, "unknown_topic")]
    submitted.refresh_from_db()
    assert submitted.status == NominationStatus.SUBMITTED


def test_officer_says_it_beside_each_field_and_document(
    submitted: Nomination, preliminary_reviewer: User, login: Login
) -> None:
    evidence = submitted.evidence.get()
    client = login(preliminary_reviewer)
    page = client.get(submitted.get_absolute_url())
    data = {"step": "preliminary", "item": submitted.item_id, "outcome": "return", "reason": "补正"}
    written = {"missing": "缺封面", "missing_statement": "写明成果\n注明年份", f"missing_{evidence.pk}": "不清晰"}

    client.post(reverse("nominations:nomination-review", args=[submitted.pk]), {**data, **written})

    offered = [field.name for field in page.context["review_form"].topic_fields]
    assert offered[-2:] == ["missing_evidence", f"missing_{evidence.pk}"]
    assert [(item["field"], item["note"]) for item in Review.objects.get().missing] == [
        ("", "缺封面"),
        ("statement", "写明成果"),
        ("statement", "注明年份"),
        (str(evidence.pk), "不清晰"),
    ]


def test_nominator_reads_it_at_once_and_beside_what_it_is_about(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, login: Login
) -> None:
    evidence = submitted.evidence.get()
    missing = [("statement", "<b>年份</b>"), ("email", "有误"), (str(evidence.pk), "不清晰"), ("", "缺封面")]
    give_back(preliminary_reviewer, submitted, *missing)
    client = login(nominator)

    case = client.get(submitted.get_absolute_url())
    edit = client.get(reverse("nominations:nomination-update", args=[submitted.pk])).content.decode()
    contact = client.get(reverse("nominations:nomination-contact", args=[submitted.pk])).content.decode()

    returned = case.context["returned"]["missing"]
    assert len(returned) == 4
    assert evidence.document.original_name in returned[2]
    assert case.context["evidence"][0]["notes"] == ["不清晰"]
    assert "&lt;b&gt;年份&lt;/b&gt;" in edit
    assert "有误" in contact


def test_line_stays_when_the_document_goes(submitted: Nomination, nominator: User, preliminary_reviewer: User) -> None:
    evidence = submitted.evidence.get()
    give_back(preliminary_reviewer, submitted, (str(evidence.pk), "不清晰"))

    operations.remove_evidence(actor=nominator, evidence=evidence, at=timezone.now())

    lines = queries.topic_lines(submitted, Review.objects.get().missing)
    assert [line[-3:] for line in lines] == ["不清晰"]
