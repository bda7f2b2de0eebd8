"""The pages of nominators, nominees and those who only read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cards.issuance.models import PolicyVersion
from cards.nominations import operations
from cards.nominations.choices import NominationStatus, Outcome
from cards.nominations.models import Evidence, ImportBatch, Nomination, Transition
from cards.nominations.operations import MissingItem
from cards.talents.models import Talent
from samples.evidence import archive as pack
from samples.workbook import COLUMNS, workbook
from talentcard.accounts.models import User
from tests.factories.nominations import PDF, make_draft, make_submitted, nominee_input, resident_number, upload

Login = Callable[[User], Client]

# Session, user, roles; districts, count and rows; own record and unread messages in the navigation.
LIST_QUERIES = 12


def url(name: str, *args: Any) -> str:
    return reverse(f"nominations:{name}", args=args)


def form_data(policy: PolicyVersion, **changes: str) -> dict[str, str]:
    basis, tier = policy.bases.get(code="laboratory"), policy.tiers.get(code="B")
    data = {
        "name": "示例研究员",
        "identity_kind": "resident_id",
        "identity_number": resident_number(7),
        "district": "binhai",
        "basis_and_tier": f"{basis.pk}:{tier.pk}",
    }
    return data | changes


def return_to_nominator(nomination: Nomination, reviewer: User) -> None:
    operations.review_preliminary(
        actor=reviewer,
        nomination=nomination,
        outcome=Outcome.RETURN,
        reason="The file is not complete.",
        missing=[MissingItem(field="", note="the appointment letter"), MissingItem(field="", note="the signature")],
        at=timezone.now(),
    )


def test_nomination_create_keeps_an_incomplete_draft(policy: PolicyVersion, nominator: User, login: Login) -> None:
    response = login(nominator).post(url("nomination-create"), form_data(policy))

    draft = Nomination.objects.get()
    assert response["Location"] == draft.get_absolute_url()
    assert (draft.status, draft.statement, draft.talent.name) == (NominationStatus.DRAFT, "", "示例研究员")


def test_nomination_create_keeps_what_was_typed_and_says_what_is_wrong(
    policy: PolicyVersion, nominator: User, login: Login
) -> None:
    wrong = resident_number(7)[:-1] + ("0" if resident_number(7)[-1] != "0" else "1")

    response = login(nominator).post(url("nomination-create"), form_data(policy, identity_number=wrong))

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["identity_number"]
    assert wrong in response.content.decode()
    assert not Nomination.objects.exists()
    assert not Talent.objects.exists()


def test_nomination_create_offers_no_tier_its_basis_does_not_lead_to(
    policy: PolicyVersion, nominator: User, login: Login
) -> None:
    pair = f"{policy.bases.get(code='laboratory').pk}:{policy.tiers.get(code='C').pk}"

    response = login(nominator).post(url("nomination-create"), form_data(policy, basis_and_tier=pair))

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["basis_and_tier"]


def test_nomination_create_points_to_the_draft_there_is(policy: PolicyVersion, nominator: User, login: Login) -> None:
    client = login(nominator)
    client.post(url("nomination-create"), form_data(policy))

    response = client.post(url("nomination-create"), form_data(policy))

    assert response.status_code == 400
    assert Nomination.objects.get().number in response.content.decode()


def test_nomination_update_changes_the_draft(draft: Nomination, nominator: User, login: Login) -> None:
    data = form_data(draft.policy, statement="更新后的理由", employer_name="新单位")

    response = login(nominator).post(url("nomination-update", draft.pk), data)

    draft.refresh_from_db()
    assert response["Location"] == draft.get_absolute_url()
    assert (draft.statement, draft.employer_name) == ("更新后的理由", "新单位")


def test_nomination_contact_shows_nothing_and_keeps_what_is_left_empty(
    draft: Nomination, nominator: User, login: Login
) -> None:
    client = login(nominator)
    phone, email = draft.phone, draft.email

    page = client.get(url("nomination-contact", draft.pk)).content.decode()
    client.post(url("nomination-contact", draft.pk), {"email": "other@example.com", "phone": "", "address": ""})

    draft.refresh_from_db()
    assert phone not in page
    assert email not in page
    assert (draft.phone, draft.email) == (phone, "other@example.com")


def test_evidence_is_added_handed_out_and_removed(policy: PolicyVersion, nominator: User, login: Login) -> None:
    draft = make_draft(nominator, with_evidence=False)
    client = login(nominator)

    client.post(url("evidence-create", draft.pk), {"kind": "achievement", "file": upload("奖状.pdf")})
    evidence = Evidence.objects.get()
    download = client.get(url("evidence-download", evidence.pk))
    content = b"".join(download.streaming_content)  # type: ignore[attr-defined]
    client.post(url("evidence-remove", evidence.pk))

    assert (evidence.kind, content) == ("achievement", PDF)
    assert download["Content-Disposition"].startswith("attachment")
    assert download["X-Content-Type-Options"] == "nosniff"
    assert not Evidence.objects.exists()


def test_evidence_create_refuses_what_is_no_document(draft: Nomination, nominator: User, login: Login) -> None:
    file = SimpleUploadedFile("evidence.pdf", b"<script>alert(1)</script>")

    response = login(nominator).post(url("evidence-create", draft.pk), {"kind": "other", "file": file})

    assert response.status_code == 400
    assert list(response.context["evidence_form"].errors) == ["file"]
    assert draft.evidence.count() == 1


def test_nomination_submit_asks_then_submits(draft: Nomination, nominator: User, login: Login) -> None:
    client = login(nominator)

    asked = client.get(url("nomination-submit", draft.pk))
    draft.refresh_from_db()
    status_before = draft.status
    client.post(url("nomination-submit", draft.pk))

    draft.refresh_from_db()
    assert asked.status_code == 200
    assert (status_before, draft.status) == (NominationStatus.DRAFT, NominationStatus.SUBMITTED)


def test_nomination_submit_says_everything_that_is_missing_with_the_way_there(
    policy: PolicyVersion, nominator: User, login: Login
) -> None:
    nominee = nominee_input(email="", employer_name="")
    draft = make_draft(nominator, nominee=nominee, with_evidence=False, statement="")

    response = login(nominator).post(url("nomination-submit", draft.pk))

    assert response.status_code == 400
    assert [fault["url"] for fault in response.context["faults"]] == [
        f"{url('nomination-update', draft.pk)}#id_statement",
        f"{url('nomination-update', draft.pk)}#id_employer_name",
        f"{url('nomination-contact', draft.pk)}#id_email",
        f"{url('nomination-detail', draft.pk)}#evidence",
    ]
    draft.refresh_from_db()
    assert draft.status == NominationStatus.DRAFT


def test_nomination_submit_never_tells_who_else_nominates(
    policy: PolicyVersion, nominator: User, other_nominator: User, login: Login
) -> None:
    nominee = nominee_input()
    make_submitted(nominator, nominee=nominee)
    draft = make_draft(other_nominator, nominee=nominee)

    response = login(other_nominator).post(url("nomination-submit", draft.pk))

    assert response.status_code == 400
    assert len(response.context["faults"]) == 1
    assert nominator.organisation is not None
    assert nominator.organisation.name_en not in response.content.decode()


def test_nomination_withdraw_asks_then_withdraws(submitted: Nomination, nominator: User, login: Login) -> None:
    client = login(nominator)

    assert client.get(url("nomination-withdraw", submitted.pk)).status_code == 200
    client.post(url("nomination-withdraw", submitted.pk))

    submitted.refresh_from_db()
    assert submitted.status == NominationStatus.WITHDRAWN
    assert client.post(url("nomination-withdraw", submitted.pk)).status_code == 403


def test_returned_case_tells_everything_at_once_and_not_who_decided(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, login: Login
) -> None:
    return_to_nominator(submitted, preliminary_reviewer)

    response = login(nominator).get(submitted.get_absolute_url())

    page = response.content.decode()
    assert response.context["returned"]["missing"] == ["the appointment letter", "the signature"]
    assert page.index("the signature") < page.index("<dl")
    assert str(preliminary_reviewer) not in page


def test_identity_number_is_never_shown_whole(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, auditor: User, login: Login
) -> None:
    number = submitted.talent.identity_documents.get().number

    pages = [
        login(user).get(submitted.get_absolute_url()).content.decode()
        for user in (nominator, preliminary_reviewer, auditor)
    ]

    assert [number in page for page in pages] == [False, False, False]
    assert [submitted.phone in page for page in pages] == [False, True, True]


@pytest.mark.parametrize("words", ["number", "name"])
def test_nomination_list_finds_by_number_and_name(
    words: str, policy: PolicyVersion, nominator: User, login: Login
) -> None:
    wanted = make_draft(nominator)
    make_draft(nominator)
    query = {"number": wanted.number, "name": wanted.talent.name}[words]

    response = login(nominator).get(url("nomination-list"), {"q": query})

    assert [row["number"] for row in response.context["rows"]] == [wanted.number]


def test_nomination_list_filters_by_status(policy: PolicyVersion, nominator: User, login: Login) -> None:
    make_draft(nominator)
    filed = make_submitted(nominator)

    response = login(nominator).get(url("nomination-list"), {"status": "submitted"})

    assert [row["number"] for row in response.context["rows"]] == [filed.number]


def test_nomination_list_neither_names_nor_finds_people_under_secrecy(
    submitted: Nomination, nominator: User, login: Login
) -> None:
    Talent.objects.update(is_secret=True)
    client = login(nominator)

    listed = client.get(url("nomination-list"))
    found = client.get(url("nomination-list"), {"q": submitted.talent.name})

    assert [row["number"] for row in listed.context["rows"]] == [submitted.number]
    assert submitted.talent.name not in listed.content.decode()
    assert found.context["rows"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_nomination_list_asks_the_same_number_of_queries(
    count: int, policy: PolicyVersion, nominator: User, login: Login, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        make_draft(nominator)
    client = login(nominator)

    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(url("nomination-list"))

    assert len(response.context["rows"]) == count


def test_nominee_sees_the_steps_and_no_officer(submitted: Nomination, preliminary_reviewer: User, login: Login) -> None:
    operations.review_preliminary(
        actor=preliminary_reviewer, nomination=submitted, outcome=Outcome.PASS, at=timezone.now()
    )
    nominee = Talent.objects.get().user
    assert nominee is not None
    client = login(nominee)

    mine, detail = client.get(url("nomination-mine")), client.get(submitted.get_absolute_url())

    assert [case["number"] for case in mine.context["cases"]] == [submitted.number]
    assert len(detail.context["cases"][0]["timeline"]) == 2
    assert str(preliminary_reviewer) not in mine.content.decode() + detail.content.decode()
    evidence = submitted.evidence.get()
    assert client.get(url("evidence-download", evidence.pk)).status_code == 403


def test_nominee_of_nothing_sees_an_empty_page(outsider: User, login: Login) -> None:
    response = login(outsider).get(url("nomination-mine"))

    assert response.context["cases"] == []


def test_auditor_reads_and_is_offered_no_action(submitted: Nomination, auditor: User, login: Login) -> None:
    client = login(auditor)

    listed, detail = client.get(url("nomination-list")), client.get(submitted.get_absolute_url())

    assert [row["number"] for row in listed.context["rows"]] == [submitted.number]
    assert (detail.context["may_edit"], detail.context["review_form"]) == (False, None)
    assert client.post(url("nomination-withdraw", submitted.pk)).status_code == 403


OWN_PAGES = ["nomination-update", "nomination-contact", "nomination-submit", "nomination-withdraw", "evidence-create"]


@pytest.mark.parametrize("name", OWN_PAGES)
@pytest.mark.parametrize("who", ["outsider", "other_nominator", "partner"])
def test_others_find_no_such_nomination_and_change_nothing(
    name: str, who: str, draft: Nomination, login: Login, request: pytest.FixtureRequest
) -> None:
    client = login(request.getfixturevalue(who))
    data = {**form_data(draft.policy, statement="overwritten"), "kind": "other", "file": upload()}

    response = client.post(url(name, draft.pk), data)

    assert response.status_code == 404
    assert_unchanged(draft)


@pytest.mark.parametrize("name", OWN_PAGES)
def test_officers_and_auditors_read_and_do_not_act_for_the_nominator(
    name: str, submitted: Nomination, preliminary_reviewer: User, auditor: User, login: Login
) -> None:
    for user in (preliminary_reviewer, auditor):
        response = login(user).post(url(name, submitted.pk), form_data(submitted.policy))

        assert response.status_code == 403
    assert_unchanged(submitted)


@pytest.mark.parametrize("name", [*OWN_PAGES, "nomination-detail"])
def test_nobody_acts_without_signing_in(name: str, draft: Nomination, client: Client) -> None:
    response = client.post(url(name, draft.pk), {})

    assert response.status_code in (302, 405)
    assert_unchanged(draft)


@pytest.mark.parametrize("name", ["nomination-list", "nomination-create", "nomination-import"])
def test_outsider_is_refused_a_nominators_pages(name: str, policy: PolicyVersion, outsider: User, login: Login) -> None:
    client = login(outsider)

    assert client.get(url(name)).status_code == 403
    assert client.post(url(name), form_data(policy)).status_code in (403, 405)
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("who", ["outsider", "other_nominator"])
def test_others_get_no_evidence_and_remove_none(
    who: str, draft: Nomination, login: Login, request: pytest.FixtureRequest
) -> None:
    client = login(request.getfixturevalue(who))
    evidence = draft.evidence.get()

    answers = [client.get(url("evidence-download", evidence.pk)), client.post(url("evidence-remove", evidence.pk))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert draft.evidence.count() == 1


def test_submitted_nomination_is_not_edited(submitted: Nomination, nominator: User, login: Login) -> None:
    data = form_data(submitted.policy, statement="overwritten")

    response = login(nominator).post(url("nomination-update", submitted.pk), data)

    assert response.status_code == 403
    assert_unchanged(submitted)


ROW = {
    "name": "示例甲",
    "identity_kind": "resident_id",
    "identity_number": resident_number(3),
    "email": "sample@example.com",
    "employer": "示例单位",
    "district": "binhai",
    "basis": "laboratory",
    "tier": "B",
    "reasons": "示例理由",
    "evidence": "letter.pdf",
}


def sheet(*changes: dict[str, str]) -> SimpleUploadedFile:
    empty = {field: "" for field, _heading, _width in COLUMNS}
    return SimpleUploadedFile("nominations.xlsx", workbook([empty | ROW | each for each in changes]))


def archive() -> SimpleUploadedFile:
    return SimpleUploadedFile("evidence.zip", pack({"letter.pdf": PDF}))


def test_import_shows_its_faults_then_applies_the_good_rows(
    policy: PolicyVersion, nominator: User, login: Login, run_outbox: Callable[[], int]
) -> None:
    client = login(nominator)
    faulty = {"name": "<script>alert(1)</script>", "identity_number": resident_number(4), "tier": "Z"}
    sent = client.post(url("nomination-import"), {"workbook": sheet({}, faulty), "evidence": archive()})
    page = sent["Location"]
    assert (sent.status_code, page) == (303, ImportBatch.objects.get().get_absolute_url())
    assert client.get(page)["Refresh"] == "3"

    run_outbox()
    checked = client.get(page)
    assert "Refresh" not in checked
    assert [row["label"] for row in checked.context["faulty_rows"]] == ["第3行"]
    assert "层次" in checked.context["faulty_rows"][0]["text"]
    assert not Nomination.objects.exists()

    assert client.post(f"{page}apply/").status_code == 303
    run_outbox()
    assert Nomination.objects.get().number in client.get(page).content.decode()


def test_import_says_at_once_what_is_no_sheet(policy: PolicyVersion, nominator: User, login: Login) -> None:
    response = login(nominator).post(url("nomination-import"), {"workbook": upload("rows.xlsx")})

    assert response.status_code == 400
    assert [fault["field"] for fault in response.context["faults"]] == ["电子表格"]
    assert not ImportBatch.objects.exists()


def test_import_with_nothing_to_apply_says_so(
    policy: PolicyVersion, nominator: User, login: Login, run_outbox: Callable[[], int]
) -> None:
    client = login(nominator)
    page = client.post(url("nomination-import"), {"workbook": sheet({"tier": "Z"}), "evidence": archive()})["Location"]
    run_outbox()

    response = client.post(f"{page}apply/", follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert ImportBatch.objects.get().status == "checked"


@pytest.mark.parametrize("who", ["other_nominator", "outsider"])
def test_import_is_seen_by_its_organisation_alone(
    policy: PolicyVersion,
    nominator: User,
    login: Login,
    run_outbox: Callable[[], int],
    request: pytest.FixtureRequest,
    who: str,
) -> None:
    login(nominator).post(url("nomination-import"), {"workbook": sheet({}), "evidence": archive()})
    run_outbox()
    page = ImportBatch.objects.get().get_absolute_url()
    assert login(nominator).get(f"{page}report/").status_code == 200
    stranger = login(request.getfixturevalue(who))

    answers = [stranger.get(page), stranger.get(f"{page}report/"), stranger.post(f"{page}apply/")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert ImportBatch.objects.get().status == "checked"


@pytest.mark.parametrize("count", [1, 3])
def test_import_detail_asks_the_same_number_of_queries(
    count: int, policy: PolicyVersion, nominator: User, login: Login, django_assert_num_queries: Any
) -> None:
    batch = ImportBatch.objects.create(
        nominator=nominator.organisation,
        uploaded_by=nominator,
        row_count=count,
        imported_at=timezone.now(),
        status="applied",
    )
    for _ in range(count):
        make_draft(nominator)
    Nomination.objects.update(import_batch=batch)
    client = login(nominator)

    with django_assert_num_queries(9):
        response = client.get(url("import-detail", batch.pk))

    assert len(response.context["items"]) == count


def assert_unchanged(nomination: Nomination) -> None:
    now = Nomination.objects.get(pk=nomination.pk)
    assert (now.status, now.statement, now.evidence.count()) == (nomination.status, nomination.statement, 1)
    assert Transition.objects.filter(nomination=nomination).count() == (1 if now.submitted_at is None else 2)
