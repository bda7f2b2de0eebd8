"""The journey of a nomination by API, and what an outsider can do about it: nothing."""

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from cards.issuance.models import Award, PolicyVersion, TalentCard
from cards.nominations import operations
from cards.nominations.choices import NominationStatus, ObjectionStatus
from cards.nominations.models import Evidence, Nomination, Objection, PublicNotice, Review, Transition
from cards.talents.models import Talent
from talentcard.accounts.models import User
from talentcard.documents.models import Document
from tests.cards.nominations.test_imports import archive as zip_of
from tests.cards.nominations.test_imports import row, sheet
from tests.factories.nominations import PDF, make_draft, make_submitted, make_under_notice, resident_number, upload

ApiFor = Callable[[User], APIClient]
DRAFT: dict[str, Any] = {
    "nominee": {
        "name": "示例甲",
        "identity_kind": "resident_id",
        "identity_number": resident_number(1),
        "email": "nominee@example.com",
        "phone": "16100000001",
        "employer_name": "海河实验室",
    },
    "basis": "laboratory",
    "tier": "B",
    "district": "binhai",
    "statement": "长期从事示例研究。",
}
RETURN = {
    "outcome": "return",
    "reason": "材料不全",
    "missing": [{"field": "evidence", "note": "缺聘书"}, {"field": "statement", "note": "写明成果"}],
}


def url(name: str, *args: object) -> str:
    return reverse(f"api-{name}", args=args)


def snapshot() -> list[object]:
    """Return everything that a request to these endpoints could change."""
    models = (Nomination, Evidence, Review, Transition, PublicNotice, Objection, Talent, Award, TalentCard)
    return [list(model.objects.order_by("pk").values()) for model in models] + [Document.objects.count()]


def test_a_nomination_goes_from_draft_to_card(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User, api_for: ApiFor
) -> None:
    theirs, first, second = (api_for(user) for user in (nominator, preliminary_reviewer, second_reviewer))

    created = theirs.post(url("nomination-list"), DRAFT)
    pk = created.data["id"]
    theirs.post(url("evidence-list", pk), {"file": upload(), "kind": "recommendation"}, format="multipart")
    submitted = theirs.post(url("nomination-submit", pk))
    passed = first.post(url("nomination-preliminary-review", pk), {"outcome": "pass"})
    agreed = second.post(url("nomination-second-review", pk), {"outcome": "pass", "agrees": True})
    released = second.post(url("release-list"), {"ids": [pk]})
    operations.close_due_notices(at=PublicNotice.objects.get().closes_at)

    assert [each.status_code for each in (created, submitted, passed, agreed, released)] == [201, 200, 200, 200, 201]
    assert [each.data["status"] for each in (created, submitted, passed, agreed)] == [
        "draft",
        "submitted",
        "second_review",
        "awaiting_notice",
    ]
    final = theirs.get(url("nomination-detail", pk)).data
    assert [step["status"] for step in final["timeline"]] == [
        "draft",
        "submitted",
        "second_review",
        "awaiting_notice",
        "public_notice",
        "approved",
    ]
    assert TalentCard.objects.get().award.case_id == uuid.UUID(pk)


def test_create_is_carried_out_once_for_one_key(policy: PolicyVersion, nominator: User, api_for: ApiFor) -> None:
    answers = [
        api_for(nominator).post(url("nomination-list"), DRAFT, headers={"Idempotency-Key": "k1"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].data["id"] == answers[1].data["id"]
    assert Nomination.objects.count() == 1


def test_create_twice_for_one_person_names_the_draft(policy: PolicyVersion, nominator: User, api_for: ApiFor) -> None:
    first = api_for(nominator).post(url("nomination-list"), DRAFT)

    second = api_for(nominator).post(url("nomination-list"), DRAFT)

    assert (second.status_code, second.data["code"]) == (409, "draft_exists")
    assert first.data["number"] in second.data["message"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"tier": "Z"}, "tier", "unknown_tier"),
        ({"basis": "astronaut"}, "basis", "unknown_basis"),
        ({"basis": "overseas"}, "basis", "unknown_basis"),
        ({"district": "atlantis"}, "district", "unknown_district"),
        (
            {"nominee": DRAFT["nominee"] | {"identity_number": resident_number(1)[:17] + "?"}},
            "identity_number",
            "identity_characters",
        ),
    ],
)
def test_create_names_the_field_at_fault(
    policy: PolicyVersion, nominator: User, api_for: ApiFor, changes: dict[str, Any], field: str, code: str
) -> None:
    answer = api_for(nominator).post(url("nomination-list"), DRAFT | changes)

    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.data["errors"]] == [(field, code)]
    assert (Nomination.objects.count(), Talent.objects.count()) == (0, 0)


def test_submit_says_everything_that_is_missing_at_once(
    policy: PolicyVersion, nominator: User, api_for: ApiFor
) -> None:
    bare = DRAFT | {"statement": "", "tier": "C"}
    bare["nominee"] = DRAFT["nominee"] | {"email": "", "employer_name": ""}
    pk = api_for(nominator).post(url("nomination-list"), bare).data["id"]

    answer = api_for(nominator).post(url("nomination-submit", pk))

    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.data["errors"]] == [
        ("statement", "required"),
        ("employer_name", "required"),
        ("email", "required"),
        ("evidence", "required"),
        ("tier", "tier_not_of_basis"),
    ]


def test_evidence_is_kept_private_and_can_be_taken_back(
    draft: Nomination, nominator: User, outsider: User, other_nominator: User, auditor: User, api_for: ApiFor
) -> None:
    evidence = draft.evidence.get()
    path = url("evidence-detail", draft.pk, evidence.pk)

    assert b"".join(api_for(nominator).get(path).streaming_content) == PDF
    assert api_for(auditor).get(path).status_code == 200
    assert [api_for(user).get(path).status_code for user in (outsider, other_nominator)] == [404, 404]
    assert api_for(nominator).delete(path).status_code == 204
    assert (Evidence.objects.count(), Document.objects.count()) == (0, 0)


def test_evidence_that_is_not_what_its_name_says_leaves_nothing(
    draft: Nomination, nominator: User, api_for: ApiFor
) -> None:
    before = snapshot()

    answer = api_for(nominator).post(
        url("evidence-list", draft.pk), {"file": upload(content=b"<html>")}, format="multipart"
    )

    assert (answer.status_code, answer.data["errors"][0]["code"]) == (400, "file_type_mismatch")
    assert snapshot() == before


def test_a_return_lists_everything_and_the_corrected_case_goes_on(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, api_for: ApiFor
) -> None:
    api_for(preliminary_reviewer).post(url("nomination-preliminary-review", submitted.pk), RETURN)
    returned = api_for(nominator).get(url("nomination-detail", submitted.pk)).data

    assert (returned["status"], returned["due_at"]) == ("returned", None)
    assert returned["timeline"][-1]["missing"] == RETURN["missing"]
    assert returned["actions"] == ["update_draft", "submit", "withdraw"]

    api_for(nominator).patch(url("nomination-detail", submitted.pk), {"statement": "补正后的理由"})
    again = api_for(nominator).post(url("nomination-submit", submitted.pk)).data
    passed = api_for(preliminary_reviewer).post(url("nomination-preliminary-review", submitted.pk), {"outcome": "pass"})

    assert (again["status"], again["statement"]) == ("submitted", "补正后的理由")
    assert passed.data["status"] == "second_review"
    assert list(Review.objects.values_list("round", "outcome")) == [(1, "return"), (2, "pass")]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"outcome": "reject"}, ["reason"]),
        ({"outcome": "return"}, ["reason", "missing"]),
        ({"outcome": "return", "reason": "材料不全"}, ["missing"]),
        ({"outcome": "perhaps"}, ["outcome"]),
    ],
)
def test_a_refusal_without_its_reason_is_refused(
    submitted: Nomination, preliminary_reviewer: User, api_for: ApiFor, body: dict[str, str], fields: list[str]
) -> None:
    answer = api_for(preliminary_reviewer).post(url("nomination-preliminary-review", submitted.pk), body)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.data["errors"]] == fields
    assert Review.objects.count() == 0


def test_a_nominee_sees_the_steps_and_no_more(
    submitted: Nomination, preliminary_reviewer: User, api_for: ApiFor
) -> None:
    api_for(preliminary_reviewer).post(url("nomination-preliminary-review", submitted.pk), RETURN)
    nominee = Talent.objects.get().user
    assert nominee is not None

    seen = api_for(nominee).get(url("nomination-detail", submitted.pk)).data

    assert [(step["status"], step["actor"], step["reason"], step["missing"]) for step in seen["timeline"]] == [
        ("submitted", "", "", []),
        ("returned", "", "", []),
    ]
    assert (seen["evidence"], seen["contact"], seen["actions"]) == ([], None, [])


def test_contact_is_for_officers_and_numbers_are_masked(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, api_for: ApiFor
) -> None:
    officer = api_for(preliminary_reviewer).get(url("nomination-detail", submitted.pk)).data
    own = api_for(nominator).get(url("nomination-detail", submitted.pk)).data

    assert officer["contact"]["email"] == submitted.email
    assert own["contact"] is None
    assert "*" in own["identity_documents"][0]["number"]


def test_the_nominator_corrects_the_contact_until_it_is_submitted(
    draft: Nomination, nominator: User, api_for: ApiFor
) -> None:
    path, body = url("nomination-contact", draft.pk), {"phone": "1", "email": "right@example.com", "address": ""}

    assert api_for(nominator).put(path, body).status_code == 204
    api_for(nominator).post(url("nomination-submit", draft.pk))
    refused = api_for(nominator).put(path, body | {"email": "other@example.com"})

    assert refused.status_code == 409
    assert Talent.objects.get().email == "right@example.com"


def test_bulk_review_answers_for_each_case(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, api_for: ApiFor
) -> None:
    good, elsewhere, done = (make_submitted(nominator, district=each) for each in ("binhai", "hexi", "binhai"))
    operations.withdraw(actor=nominator, nomination=done, at=dt.datetime.now(dt.UTC))
    body = {"step": "preliminary", "outcome": "pass", "ids": [good.pk, elsewhere.pk, done.pk]}

    rows = api_for(preliminary_reviewer).post(url("nomination-bulk-review"), body).data

    assert [(row["number"], row["ok"], (row["error"] or {}).get("code")) for row in rows] == [
        (good.number, True, None),
        ("", False, "not_found"),
        (done.number, False, "transition_not_allowed"),
    ]
    good.refresh_from_db()
    assert good.status == NominationStatus.SECOND_REVIEW


def hand_in(client: APIClient, *rows: dict[str, object]) -> Any:
    book, files = sheet(*rows), zip_of(letter=PDF)
    book.name, files.name = "rows.xlsx", "evidence.zip"
    return client.post(url("nomination-import"), {"sheet": book, "evidence": files}, format="multipart")


def test_import_is_checked_then_applied(
    policy: PolicyVersion, nominator: User, api_for: ApiFor, run_outbox: Callable[[], int]
) -> None:
    client = api_for(nominator)

    answer = hand_in(client, row(), row(name="示例乙", identity_number=resident_number(2), tier="Z", email="nobody"))

    assert (answer.status_code, answer["Location"], answer.data["status"]) == (202, answer.data["url"], "checking")
    assert not Nomination.objects.exists()
    run_outbox()
    batch = client.get(answer.data["url"]).data
    assert (batch["status"], batch["row_count"], batch["rows"]["valid"], batch["rows"]["invalid"]) == (
        "checked",
        2,
        1,
        1,
    )
    rows = client.get(f"{batch['url']}rows/", {"status": "invalid"}).data["results"]
    assert [(each["number"], [(error["field"], error["code"]) for error in each["faults"]]) for each in rows] == [
        (3, [("email", "invalid_email"), ("tier", "unknown_tier")])
    ]
    assert client.post(f"{batch['url']}apply/").status_code == 202
    run_outbox()
    batch = client.get(batch["url"]).data
    assert (batch["status"], batch["rows"]["applied"]) == ("applied", 1)
    (applied,) = client.get(f"{batch['url']}rows/", {"status": "applied"}).data["results"]
    assert applied["nomination_number"] == Nomination.objects.get().number


def test_import_answers_400_for_what_is_no_sheet(policy: PolicyVersion, nominator: User, api_for: ApiFor) -> None:
    before = snapshot()

    answer = api_for(nominator).post(url("nomination-import"), {"sheet": upload("rows.csv")}, format="multipart")

    assert (answer.status_code, answer.data["errors"][0]["field"]) == (400, "sheet")
    assert snapshot() == before


def test_import_rows_ask_as_much_for_three_as_for_one(
    policy: PolicyVersion,
    nominator: User,
    api_for: ApiFor,
    run_outbox: Callable[[], int],
    django_assert_num_queries: Any,
) -> None:
    client = api_for(nominator)
    for size in (1, 3):
        batch = hand_in(client, *[row(identity_number=resident_number(each), tier="Z") for each in range(size)]).data
        run_outbox()
        # Session, user, roles; the batch; count and rows.
        with django_assert_num_queries(6):
            answer = client.get(f"{batch['url']}rows/")
        assert answer.data["count"] == size


def test_import_rows_know_their_statuses(policy: PolicyVersion, nominator: User, api_for: ApiFor) -> None:
    client = api_for(nominator)

    answer = client.get(f"{hand_in(client, row()).data['url']}rows/", {"status": "lost"})

    assert (answer.status_code, answer.data["errors"][0]["code"]) == (400, "unknown_status")


@pytest.mark.parametrize("who", ["outsider", "other_nominator", "partner", "auditor"])
def test_import_is_its_organisations_own(
    policy: PolicyVersion,
    nominator: User,
    api_for: ApiFor,
    run_outbox: Callable[[], int],
    request: pytest.FixtureRequest,
    who: str,
) -> None:
    path = hand_in(api_for(nominator), row()).data["url"]
    run_outbox()
    stranger = api_for(request.getfixturevalue(who))

    answers = [stranger.get(path), stranger.get(f"{path}rows/"), stranger.get(f"{path}report/")]
    answers.append(stranger.post(f"{path}apply/"))

    assert {answer.status_code for answer in answers} == {404 if who == "other_nominator" else 403}
    assert run_outbox() == 0
    assert not Nomination.objects.exists()


def test_notices_show_no_contact_or_identity(under_notice: Nomination, api: APIClient) -> None:
    answer = api.get(url("notice-list"))

    (notice,) = answer.data["results"]
    shown = {"id", "release", "name", "employer", "nominator", "basis", "tier", "opened_at", "closes_at"}
    assert set(notice) == shown
    assert notice["name"] == under_notice.talent.name
    assert under_notice.talent.phone not in str(answer.content)


def test_people_under_secrecy_never_come_under_notice(
    in_second_review: Nomination, second_reviewer: User, api: APIClient, api_for: ApiFor
) -> None:
    Talent.objects.update(is_secret=True)

    body = {"outcome": "pass", "agrees": True}
    answer = api_for(second_reviewer).post(url("nomination-second-review", in_second_review.pk), body)

    assert answer.data["status"] == "approved"
    assert (PublicNotice.objects.count(), api.get(url("notice-list")).data["count"]) == (0, 0)


def test_an_objection_from_the_public_stops_the_clock_and_is_read_by_officers_alone(
    under_notice: Nomination, nominator: User, second_reviewer: User, api: APIClient, api_for: ApiFor
) -> None:
    notice = PublicNotice.objects.get()
    body = {"name": "路人甲", "contact": "13900000000", "text": "论文有问题。"}

    lodged = api.post(url("objection-create", notice.pk), body)
    listed = api_for(second_reviewer).get(url("objection-list", under_notice.pk)).data

    assert lodged.status_code == 201
    assert (listed[0]["name"], listed[0]["contact"]) == ("路人甲", "13900000000")
    assert api_for(nominator).get(url("objection-list", under_notice.pk)).status_code == 403
    assert operations.close_due_notices(at=notice.closes_at + dt.timedelta(days=30)) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nominations_objection")
        assert "13900000000" not in repr(cursor.fetchall())


def test_objections_from_one_address_are_limited(under_notice: Nomination, api: APIClient) -> None:
    path = url("objection-create", PublicNotice.objects.get().pk)
    body = {"name": "路人", "contact": "here", "text": "不同意"}

    codes = [api.post(path, body).status_code for _ in range(11)]

    assert codes == [201] * 10 + [429]


def test_an_objection_resolved_by_an_officer_ends_or_goes_on(
    under_notice: Nomination, second_reviewer: User, api: APIClient, api_for: ApiFor
) -> None:
    notice = PublicNotice.objects.get()
    api.post(url("objection-create", notice.pk), {"name": "路人", "contact": "here", "text": "不同意"})
    path = url("objection-resolve", Objection.objects.get().pk)

    answer = api_for(second_reviewer).post(path, {"is_upheld": True, "reason": "属实"})
    again = api_for(second_reviewer).post(path, {"is_upheld": False, "reason": "不属实"})

    under_notice.refresh_from_db()
    assert (answer.data["status"], under_notice.status) == (ObjectionStatus.UPHELD, NominationStatus.REJECTED)
    assert (again.status_code, again.data["code"]) == (409, "objection_resolved")
    assert TalentCard.objects.count() == 0


def test_policy_lists_what_can_be_nominated(policy: PolicyVersion, outsider: User, api_for: ApiFor) -> None:
    answer = api_for(outsider).get(url("nomination-policy")).data

    assert (answer["version"], answer["is_sample"]) == (1, True)
    assert {basis["code"] for basis in answer["bases"]} == {"laboratory", "craftsman", "postdoc", "tiankai"}
    assert {"binhai", "tiankai"} <= {each["code"] for each in answer["districts"]}


def test_policy_that_is_missing_is_said_to_be(db: None, outsider: User, api_for: ApiFor) -> None:
    answer = api_for(outsider).get(url("nomination-policy"))

    assert (answer.status_code, answer.data["code"]) == (404, "policy_missing")


def test_lists_show_each_role_its_own(
    policy: PolicyVersion,
    nominator: User,
    other_nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
    auditor: User,
    outsider: User,
    api_for: ApiFor,
) -> None:
    make_draft(nominator)
    here, there = (make_submitted(nominator, district=each) for each in ("binhai", "hexi"))
    passed = make_under_notice(nominator, preliminary_reviewer, second_reviewer)

    def numbers(user: User, **query: str) -> set[str]:
        return {row["number"] for row in api_for(user).get(url("nomination-list"), query).data["results"]}

    assert len(numbers(nominator)) == len(numbers(auditor)) == 4
    assert numbers(preliminary_reviewer) == {here.number, passed.number}
    assert numbers(preliminary_reviewer, mine="true") == {here.number}
    assert numbers(second_reviewer) == {passed.number}
    assert numbers(nominator, status="submitted") == {here.number, there.number}
    assert numbers(other_nominator) == numbers(outsider) == set()


def test_an_unknown_status_is_refused(nominator: User, api_for: ApiFor) -> None:
    assert api_for(nominator).get(url("nomination-list"), {"status": "asleep"}).status_code == 400


def test_lists_ask_as_much_for_three_cases_as_for_one(
    policy: PolicyVersion,
    nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
    auditor: User,
    api_for: ApiFor,
) -> None:
    clients = {user: api_for(user) for user in (nominator, preliminary_reviewer, second_reviewer, auditor)}
    counts: list[dict[tuple[str, str], int]] = []
    for more in (1, 2):
        for _ in range(more):
            make_submitted(nominator)
            make_under_notice(nominator, preliminary_reviewer, second_reviewer)
        counts.append({})
        for (user, client), mine in itertools.product(clients.items(), ("false", "true")):
            with CaptureQueriesContext(connection) as context:
                assert client.get(url("nomination-list"), {"mine": mine}).status_code == 200
            counts[-1][user.username, mine] = len(context)

    assert counts[0] == counts[1]
    # Session, user, roles, what is delegated, count, page.
    assert max(counts[0].values()) <= 6


def test_the_notice_list_asks_as_much_for_three_as_for_one(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User, api: APIClient
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_under_notice(nominator, preliminary_reviewer, second_reviewer)
        with CaptureQueriesContext(connection) as context:
            api.get(url("notice-list"))
        counts.append(len(context))

    assert counts == [2, 2]


def _requests(
    nomination: Nomination, evidence: Evidence, objection: Objection
) -> list[tuple[str, str, dict[str, Any]]]:
    review = {"outcome": "reject", "reason": "不同意"}
    ids = [str(nomination.pk)]
    return [
        ("post", url("nomination-list"), DRAFT),
        ("get", url("nomination-detail", nomination.pk), {}),
        ("patch", url("nomination-detail", nomination.pk), {"statement": "改"}),
        ("put", url("nomination-contact", nomination.pk), {"phone": "", "email": "a@example.com", "address": ""}),
        ("post", url("nomination-submit", nomination.pk), {}),
        ("post", url("nomination-withdraw", nomination.pk), {}),
        ("post", url("evidence-list", nomination.pk), {"file": upload()}),
        ("get", url("evidence-detail", nomination.pk, evidence.pk), {}),
        ("delete", url("evidence-detail", nomination.pk, evidence.pk), {}),
        ("post", url("nomination-preliminary-review", nomination.pk), review),
        ("post", url("nomination-second-review", nomination.pk), review),
        ("post", url("nomination-bulk-review"), review | {"step": "preliminary", "ids": ids}),
        ("post", url("nomination-bulk-review"), review | {"step": "second", "ids": ids}),
        ("post", url("nomination-import"), {"sheet": upload("rows.xlsx"), "evidence": upload("letters.zip")}),
        ("post", url("release-list"), {"ids": ids}),
        ("get", url("objection-list", nomination.pk), {}),
        ("post", url("objection-resolve", objection.pk), {"is_upheld": True, "reason": "属实"}),
    ]


@pytest.mark.parametrize("who", ["outsider", "other_nominator", "partner", "auditor", "nobody"])
def test_nobody_else_changes_anything(
    under_notice: Nomination, request: pytest.FixtureRequest, api: APIClient, api_for: ApiFor, who: str
) -> None:
    notice = PublicNotice.objects.get()
    objection = operations.lodge_objection(
        notice=notice, name="路人", contact="here", text="不同意", at=notice.opened_at
    )
    client = api if who == "nobody" else api_for(request.getfixturevalue(who))
    evidence = under_notice.evidence.get()
    before = snapshot()
    for method, path, body in _requests(under_notice, evidence, objection):
        if who == "other_nominator" and path in (url("nomination-list"), url("nomination-import")):
            continue
        form = {"format": "multipart"} if any(hasattr(value, "read") for value in body.values()) else {}
        answer = getattr(client, method)(path, body, **form) if method != "get" else client.get(path)

        may_read = who == "auditor" and method == "get"
        # A bulk decision is for reviewers, who are told of each case; nobody else gets that far.
        assert (answer.status_code == 200) is may_read, (method, path, answer.status_code)
        assert answer.status_code < 500
        assert may_read or under_notice.number not in str(getattr(answer, "data", ""))
    assert snapshot() == before
