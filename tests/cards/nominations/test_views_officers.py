"""The pages of officers and of the public."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cards.nominations import operations
from cards.nominations.choices import NominationStatus, ObjectionStatus, Step
from cards.nominations.models import Nomination, Objection, PublicNotice, Review
from cards.talents.models import Talent
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.casework.models import WorkItem
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_second_review, make_submitted, make_under_notice

Login = Callable[[User], Client]
PASS = {"step": "preliminary", "outcome": "pass"}

# Session, user, roles; districts, policy, bases, tiers; count and rows; own record, two counts in the navigation.
INBOX_QUERIES = 13

OBJECTION = {"name": "反对者", "contact": "objector@example.com", "text": "The paper is by somebody else."}


def url(name: str, *args: Any) -> str:
    return reverse(f"nominations:{name}", args=args)


def key(nomination: Nomination, step: Step = Step.PRELIMINARY) -> str:
    return f"{step}:{nomination.pk}"


@pytest.fixture
def objection(under_notice: Nomination) -> Objection:
    return operations.lodge_objection(notice=under_notice.notice, at=timezone.now(), **OBJECTION)


def test_inbox_lists_by_deadline_and_marks_what_is_late(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, login: Login
) -> None:
    late = make_submitted(nominator)
    WorkItem.objects.filter(subject_id=late.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))

    response = login(preliminary_reviewer).get(url("nomination-inbox"))

    rows = [(row["number"], row["is_overdue"]) for row in response.context["rows"]]
    assert rows == [(late.number, True), (submitted.number, False)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"step": "preliminary"}, 1),
        ({"step": "second"}, 0),
        ({"basis": "laboratory"}, 1),
        ({"basis": "postdoc"}, 0),
        ({"tier": "B"}, 1),
        ({"tier": "A"}, 0),
        ({"district": "binhai"}, 1),
        ({"district": "hexi"}, 0),
    ],
)
def test_inbox_filters(
    query: dict[str, str], found: int, submitted: Nomination, preliminary_reviewer: User, login: Login
) -> None:
    response = login(preliminary_reviewer).get(url("nomination-inbox"), query)

    assert len(response.context["rows"]) == found


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_asks_the_same_number_of_queries(
    count: int,
    nominator: User,
    preliminary_reviewer: User,
    login: Login,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(count):
        make_submitted(nominator)
    client = login(preliminary_reviewer)

    with django_assert_num_queries(INBOX_QUERIES):
        response = client.get(url("nomination-inbox"))

    assert len(response.context["rows"]) == count


def test_inbox_names_nobody_under_secrecy(submitted: Nomination, preliminary_reviewer: User, login: Login) -> None:
    Talent.objects.update(is_secret=True)

    page = login(preliminary_reviewer).get(url("nomination-inbox")).content.decode()

    assert submitted.number in page
    assert submitted.talent.name not in page


def test_review_passes_the_case_on(submitted: Nomination, preliminary_reviewer: User, login: Login) -> None:
    data = {"step": "preliminary", "item": submitted.item_id, "outcome": "pass"}

    response = login(preliminary_reviewer).post(url("nomination-review", submitted.pk), data)

    submitted.refresh_from_db()
    assert response["Location"] == url("nomination-inbox")
    assert submitted.status == NominationStatus.SECOND_REVIEW


def test_review_returns_with_everything_to_correct(
    submitted: Nomination, preliminary_reviewer: User, login: Login
) -> None:
    data = {
        "step": "preliminary",
        "item": submitted.item_id,
        "outcome": "return",
        "reason": "Not complete.",
        "missing": "letter\r\n\r\n stamp ",
    }

    login(preliminary_reviewer).post(url("nomination-review", submitted.pk), data)

    assert [item["note"] for item in Review.objects.get().missing] == ["letter", "stamp"]
    submitted.refresh_from_db()
    assert submitted.status == NominationStatus.RETURNED


def test_review_refused_keeps_what_was_typed(submitted: Nomination, preliminary_reviewer: User, login: Login) -> None:
    data = {
        "step": "preliminary",
        "item": submitted.item_id,
        "outcome": "return",
        "reason": "A reason worth keeping.",
    }

    response = login(preliminary_reviewer).post(url("nomination-review", submitted.pk), data)

    assert response.status_code == 400
    assert list(response.context["review_form"].errors) == ["missing"]
    assert "A reason worth keeping." in response.content.decode()
    assert not Review.objects.exists()


def test_review_of_a_step_that_is_over_says_so(
    in_second_review: Nomination, preliminary_reviewer: User, login: Login
) -> None:
    data = {"step": "preliminary", "item": uuid.uuid4(), "outcome": "reject", "reason": "Too late."}

    response = login(preliminary_reviewer).post(url("nomination-review", in_second_review.pk), data)

    assert response.status_code == 409
    assert Review.objects.count() == 1


def test_second_reviewer_reads_the_first_opinion(
    in_second_review: Nomination, second_reviewer: User, preliminary_reviewer: User, login: Login
) -> None:
    response = login(second_reviewer).get(in_second_review.get_absolute_url())

    assert [opinion["reviewer"] for opinion in response.context["opinions"]] == [str(preliminary_reviewer)]
    assert response.context["review_form"].initial == {
        "step": Step.SECOND,
        "item": in_second_review.item_id,
    }


def test_one_person_is_not_offered_both_reviews(
    in_second_review: Nomination, preliminary_reviewer: User, login: Login
) -> None:
    give_role(preliminary_reviewer, Role.SECOND_REVIEWER)
    client = login(preliminary_reviewer)

    page = client.get(in_second_review.get_absolute_url())
    data = {**PASS, "step": "second", "item": in_second_review.item_id, "agrees": "yes"}
    answer = client.post(url("nomination-review", in_second_review.pk), data)

    assert page.context["review_form"] is None
    assert page.context["obstacle"]
    assert answer.status_code == 403
    in_second_review.refresh_from_db()
    assert in_second_review.status == NominationStatus.SECOND_REVIEW


def test_bulk_asks_for_the_reason_before_anything_is_decided(
    submitted: Nomination, preliminary_reviewer: User, login: Login
) -> None:
    data = {"selected": [key(submitted)], "outcome": "reject"}

    response = login(preliminary_reviewer).post(url("nomination-decide-many"), data)

    assert [item["title"] for item in response.context["items"]] == [submitted.number]
    assert not Review.objects.exists()


def test_bulk_says_of_each_case_what_became_of_it(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, login: Login
) -> None:
    moved_on = make_second_review(nominator, preliminary_reviewer)
    data = {"selected": [key(submitted), key(moved_on)], "outcome": "pass", "confirmed": "1"}

    response = login(preliminary_reviewer).post(url("nomination-decide-many"), data)

    rows = [(item["title"], item["status_tone"]) for item in response.context["items"]]
    assert rows == [(moved_on.number, "bad"), (submitted.number, "good")]
    assert (response.context["decided"], response.context["failed"]) == (1, 1)


def test_bulk_without_a_reason_decides_nothing(submitted: Nomination, preliminary_reviewer: User, login: Login) -> None:
    data = {"selected": [key(submitted)], "outcome": "return", "confirmed": "1", "reason": "", "missing": "letter"}

    response = login(preliminary_reviewer).post(url("nomination-decide-many"), data)

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["reason"]
    assert "letter" in response.content.decode()
    assert not Review.objects.exists()


@pytest.mark.parametrize("selected", [[], ["nonsense"], ["preliminary:1"]])
def test_bulk_of_nothing_goes_back(
    selected: list[str], submitted: Nomination, preliminary_reviewer: User, login: Login
) -> None:
    data = {"selected": selected, "outcome": "pass", "confirmed": "1"}

    response = login(preliminary_reviewer).post(url("nomination-decide-many"), data)

    assert response["Location"] == url("nomination-inbox")
    assert not Review.objects.exists()


@pytest.mark.parametrize("who", ["outsider", "nominator", "auditor", "partner"])
def test_only_reviewers_decide(who: str, submitted: Nomination, login: Login, request: pytest.FixtureRequest) -> None:
    client = login(request.getfixturevalue(who))
    bulk = {"selected": [key(submitted)], "outcome": "pass", "confirmed": "1"}

    answers = [
        client.get(url("nomination-inbox")),
        client.post(url("nomination-decide-many"), bulk),
        client.post(url("nomination-review", submitted.pk), {**PASS, "item": submitted.item_id}),
    ]

    assert [answer.status_code for answer in answers[:2]] == [403, 403]
    assert answers[2].status_code in (403, 404)
    assert not Review.objects.exists()


def test_reviewer_of_another_district_finds_nothing(submitted: Nomination, login: Login) -> None:
    client = login(give_role(UserFactory(), Role.PRELIMINARY_REVIEWER, district="hexi"))
    bulk = {"selected": [key(submitted)], "outcome": "pass", "confirmed": "1"}

    answers = [
        client.get(submitted.get_absolute_url()),
        client.get(url("evidence-download", submitted.evidence.get().pk)),
        client.post(url("nomination-review", submitted.pk), {**PASS, "item": submitted.item_id}),
    ]
    result = client.post(url("nomination-decide-many"), bulk)

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (result.context["decided"], result.context["failed"]) == (0, 1)
    assert submitted.number not in result.content.decode()
    assert not Review.objects.exists()


def test_nobody_decides_without_signing_in(submitted: Nomination, client: Client) -> None:
    data = {"selected": [key(submitted)], "outcome": "pass", "confirmed": "1", "step": "preliminary"}

    answers = [
        client.post(url("nomination-decide-many"), data),
        client.post(url("nomination-review", submitted.pk), data),
        client.get(url("nomination-inbox")),
        client.get(url("evidence-download", submitted.evidence.get().pk)),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 302]
    assert not Review.objects.exists()


def test_notice_shows_name_employer_and_basis_and_nothing_private(under_notice: Nomination, client: Client) -> None:
    talent = under_notice.talent
    pages = [client.get(url("notice-list")), client.get(url("notice-detail", under_notice.notice.pk))]

    for page in pages:
        text = page.content.decode()
        assert talent.name in text
        assert under_notice.employer_display in text
        private = [talent.phone, talent.email, talent.identity_documents.get().number, under_notice.number]
        assert [secret for secret in private if secret in text] == []


def test_notice_of_somebody_under_secrecy_does_not_exist(under_notice: Nomination, client: Client) -> None:
    Talent.objects.update(is_secret=True)
    notice = under_notice.notice

    assert under_notice.talent.name not in client.get(url("notice-list")).content.decode()
    assert client.get(url("notice-detail", notice.pk)).status_code == 404
    assert client.post(url("objection-create", notice.pk), OBJECTION).status_code == 404
    assert not Objection.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_notice_list_asks_the_same_number_of_queries(
    count: int,
    nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
    client: Client,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(count):
        make_under_notice(nominator, preliminary_reviewer, second_reviewer)

    with django_assert_num_queries(2):
        response = client.get(url("notice-list"))

    assert sum(len(group["items"]) for group in response.context["groups"]) == count


def test_anybody_may_object_and_the_clock_stops(under_notice: Nomination, client: Client) -> None:
    response = client.post(url("objection-create", under_notice.notice.pk), OBJECTION)

    notice = PublicNotice.objects.get()
    assert response["Location"] == url("objection-thanks")
    assert client.get(response["Location"]).status_code == 200
    assert notice.paused_at is not None
    assert Objection.objects.get().text == OBJECTION["text"]


def test_objection_without_a_contact_is_not_taken(under_notice: Nomination, client: Client) -> None:
    response = client.post(url("objection-create", under_notice.notice.pk), {**OBJECTION, "contact": ""})

    assert response.status_code == 400
    assert OBJECTION["text"] in response.content.decode()
    assert not Objection.objects.exists()


def test_objections_from_one_address_are_limited(under_notice: Nomination, client: Client) -> None:
    cache.clear()
    answers = [client.post(url("objection-create", under_notice.notice.pk), OBJECTION) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert answers[-1]["Retry-After"]
    assert Objection.objects.count() == 10


def test_objection_after_the_end_is_not_taken(under_notice: Nomination, client: Client) -> None:
    PublicNotice.objects.update(closes_at=timezone.now(), opened_at=timezone.now() - dt.timedelta(days=9))

    response = client.post(url("objection-create", under_notice.notice.pk), OBJECTION)

    assert response["Location"] == url("notice-detail", under_notice.notice.pk)
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    ("decision", "status"),
    [("dismiss", NominationStatus.PUBLIC_NOTICE), ("uphold", NominationStatus.REJECTED)],
)
def test_officer_resolves_an_objection(
    decision: str, status: str, objection: Objection, second_reviewer: User, login: Login
) -> None:
    prefix = f"objection-{objection.pk}"
    data = {f"{prefix}-decision": decision, f"{prefix}-reason": "Looked into."}

    login(second_reviewer).post(url("objection-resolve", objection.pk), data)

    objection.refresh_from_db()
    assert objection.status == {"dismiss": ObjectionStatus.DISMISSED, "uphold": ObjectionStatus.UPHELD}[decision]
    assert Nomination.objects.get().status == status


def test_resolution_without_a_reason_is_refused_on_the_case(
    objection: Objection, second_reviewer: User, login: Login
) -> None:
    data = {f"objection-{objection.pk}-decision": "uphold"}

    response = login(second_reviewer).post(url("objection-resolve", objection.pk), data)

    assert response.status_code == 400
    assert list(response.context["objections"][0]["form"].errors) == ["reason"]
    objection.refresh_from_db()
    assert objection.status == ObjectionStatus.OPEN


@pytest.mark.parametrize("who", ["nominator", "outsider", "preliminary_reviewer", "auditor", "nominee"])
def test_objections_are_confidential_and_others_resolve_none(
    who: str, objection: Objection, login: Login, request: pytest.FixtureRequest
) -> None:
    user = Talent.objects.get().user if who == "nominee" else request.getfixturevalue(who)
    client = login(user)
    prefix = f"objection-{objection.pk}"
    data = {f"{prefix}-decision": "uphold", f"{prefix}-reason": "Looked into."}
    page = client.get(objection.notice.nomination.get_absolute_url()).content.decode()

    response = client.post(url("objection-resolve", objection.pk), data)

    assert response.status_code in (403, 404)
    assert (OBJECTION["text"] in page) is (who == "auditor")
    objection.refresh_from_db()
    assert objection.status == ObjectionStatus.OPEN
