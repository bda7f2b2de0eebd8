"""What window clerks file for nominators 代办."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations import operations, queries, rules
from cards.nominations.choices import EvidenceKind, NominationStatus, Outcome, Source
from cards.nominations.models import Appeal, Nomination, NominatorProfile, NominatorYear
from cards.nominations.operations import MissingItem
from cards.nominations.operations.review import ConflictOfInterest
from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import Organisation, User
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.notifications.models import Message
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import nominee_input, resident_number, upload

Login = Callable[[User], Client]
ApiFor = Callable[[User], APIClient]


@pytest.fixture
def office(db: None) -> Organisation:
    return OrganisationFactory(kind=OrganisationKind.PARK_OFFICE, district="binhai", name_zh="滨海窗口")


@pytest.fixture
def clerk(office: Organisation) -> User:
    return give_role(UserFactory(username="clerk", organisation=office), Role.WINDOW_CLERK, district="binhai")


@pytest.fixture
def other_clerk(db: None) -> User:
    """A clerk of another office of the same district."""
    elsewhere = OrganisationFactory(kind=OrganisationKind.DISTRICT_OFFICE)
    return give_role(UserFactory(username="clerk2", organisation=elsewhere), Role.WINDOW_CLERK, district="binhai")


def file_draft(clerk: User, nominator: Organisation, policy: PolicyVersion, **changes: Any) -> Nomination:
    given: dict[str, Any] = {
        "actor": clerk,
        "on_behalf_of": nominator,
        "nominee": nominee_input(),
        "basis": policy.bases.get(code="laboratory"),
        "tier": policy.tiers.get(code="B"),
        "district": "binhai",
        "statement": "长期从事示例研究。",
        "at": timezone.now(),
    }
    return operations.create_draft(**given | changes)


@pytest.fixture
def at_window(policy: PolicyVersion, clerk: User, nominator: User, employer: Organisation) -> Nomination:
    return file_draft(clerk, employer, policy)


def attach(clerk: User, nomination: Nomination, kind: str = EvidenceKind.CONSENT) -> None:
    operations.attach_evidence(actor=clerk, nomination=nomination, upload=upload(), kind=kind, at=timezone.now())


def submit(actor: User, nomination: Nomination) -> Nomination:
    return operations.submit(actor=actor, nomination=nomination, at=timezone.now())


def test_clerk_files_for_a_nominator_with_the_signed_consent(
    at_window: Nomination, clerk: User, nominator: User, employer: Organisation, office: Organisation
) -> None:
    attach(clerk, at_window, EvidenceKind.ACHIEVEMENT)
    with pytest.raises(InvalidInput) as refused:
        submit(clerk, at_window)
    assert [fault.code for fault in refused.value.errors] == ["consent_required"]
    assert not NominatorYear.objects.exists()
    attach(clerk, at_window)
    submit(clerk, at_window)

    case = Nomination.objects.get(pk=at_window.pk)
    assert (case.source, case.office, case.filed_by, case.nominator) == (Source.WINDOW, office, clerk, employer)
    assert NominatorYear.objects.get(organisation=employer).used == 1
    told = Message.objects.filter(event="nomination.submitted").values_list("recipient__username", flat=True)
    assert set(told) == {"clerk", "nominator"}


def test_clerk_files_for_nominators_of_the_own_districts_only(
    policy: PolicyVersion, clerk: User, nominator: User, employer: Organisation, outsider: User
) -> None:
    far = OrganisationFactory(district="heping")
    NominatorProfile.objects.create(organisation=far, yearly_quota=5, credit_class="B")
    no_nominator = OrganisationFactory(district="binhai")
    for actor, organisation in (
        (clerk, far),
        (clerk, no_nominator),
        (outsider, employer),
        (nominator, no_nominator),
        (UserFactory(organisation=clerk.organisation), employer),
        (give_role(UserFactory(organisation=None), Role.WINDOW_CLERK), employer),
    ):
        with pytest.raises(NotAllowed):
            file_draft(actor, organisation, policy)
    with pytest.raises(NotAllowed):
        file_draft(clerk, None, policy)  # type: ignore[arg-type]  # a clerk has no nominations of their own
    with pytest.raises(InvalidInput):
        file_draft(clerk, employer, policy, district="heping")
    assert Nomination.objects.count() == 0
    assert list(queries.nominators_for(clerk)) == [employer]


def test_clerk_corrects_a_returned_case_and_cannot_take_it_out_of_the_district(
    at_window: Nomination, clerk: User, preliminary_reviewer: User
) -> None:
    attach(clerk, at_window)
    submit(clerk, at_window)
    missing = [MissingItem(field="statement", note="补充")]
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=at_window,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=missing,
        at=timezone.now(),
    )
    assert list(queries.inbox(clerk, at=timezone.now())) == [at_window]
    with pytest.raises(InvalidInput):
        operations.update_draft(actor=clerk, nomination=at_window, district="heping", at=timezone.now())
    operations.update_draft(actor=clerk, nomination=at_window, statement="已补正。", at=timezone.now())
    assert submit(clerk, at_window).status == NominationStatus.SUBMITTED


def test_colleagues_of_the_window_see_and_file_and_nobody_of_the_office_reviews(
    at_window: Nomination, clerk: User, other_clerk: User, office: Organisation
) -> None:
    colleague = give_role(UserFactory(organisation=office), Role.WINDOW_CLERK, district="binhai")
    give_role(clerk, Role.PRELIMINARY_REVIEWER, district="binhai")
    del clerk._role_assignments  # type: ignore[attr-defined]  # the cache of before
    reviewer = give_role(UserFactory(organisation=office), Role.PRELIMINARY_REVIEWER, district="binhai")
    attach(colleague, at_window)
    submit(colleague, at_window)

    assert at_window in queries.visible_to(colleague)
    assert at_window not in queries.visible_to(other_clerk)
    for officer in (clerk, reviewer):
        assert at_window not in queries.inbox(officer, at=timezone.now())
        with pytest.raises(ConflictOfInterest):
            operations.review_preliminary(actor=officer, nomination=at_window, outcome=Outcome.PASS, at=timezone.now())
    assert rules.has_conflict(reviewer, at_window)


def test_clerk_whose_role_ends_or_lies_elsewhere_sees_nothing(at_window: Nomination, office: Organisation) -> None:
    ended = give_role(
        UserFactory(organisation=office), Role.WINDOW_CLERK, district="binhai", valid_until=timezone.now()
    )
    elsewhere = give_role(UserFactory(organisation=office), Role.WINDOW_CLERK, district="heping")
    for user in (ended, elsewhere):
        assert list(queries.visible_to(user)) == []
        with pytest.raises(NotAllowed):
            attach(user, at_window)
        with pytest.raises(NotAllowed):
            operations.withdraw(actor=user, nomination=at_window, at=timezone.now())


def test_nominator_takes_over_what_the_window_filed(at_window: Nomination, nominator: User) -> None:
    attach(nominator, at_window)
    assert submit(nominator, at_window).status == NominationStatus.SUBMITTED


def form_data(policy: PolicyVersion, nominator: Organisation, **changes: Any) -> dict[str, Any]:
    basis, tier = policy.bases.get(code="laboratory"), policy.tiers.get(code="B")
    return {
        "nominator": nominator.pk,
        "name": "张三",
        "identity_kind": "resident_id",
        "identity_number": resident_number(7),
        "email": "z@example.com",
        "employer_name": "示例单位",
        "district": "binhai",
        "basis_and_tier": f"{basis.pk}:{tier.pk}",
        "statement": "理由",
        **changes,
    }


def test_clerk_files_on_the_page(
    policy: PolicyVersion, clerk: User, nominator: User, employer: Organisation, login: Login
) -> None:
    client = login(clerk)
    assert client.get("/nominations/").status_code == 200
    assert "海河实验室" in client.get("/nominations/window/new/").content.decode()
    far = OrganisationFactory(district="heping")
    assert client.post("/nominations/window/new/", form_data(policy, far)).status_code == 400
    refused = client.post("/nominations/window/new/", form_data(policy, employer, district="heping"))
    assert "您不在该区或园区受理" in refused.content.decode()
    assert client.post("/nominations/window/new/", form_data(policy, employer)).status_code == 302

    nomination = Nomination.objects.get()
    page = client.get(f"/nominations/{nomination.pk}/").content.decode()
    assert "滨海窗口" in page
    assert nomination.number in client.get("/nominations/").content.decode()
    submitted = client.post(f"/nominations/{nomination.pk}/submit/")
    assert submitted.status_code == 400
    assert "本人同意书" in submitted.content.decode()


def test_clerk_files_through_the_api(
    policy: PolicyVersion, clerk: User, nominator: User, employer: Organisation, api_for: ApiFor
) -> None:
    client = api_for(clerk)
    assert [each["id"] for each in client.get("/api/v1/nominations/nominators/").json()["results"]] == [
        str(employer.pk)
    ]
    body = {
        "nominee": {"name": "张三", "identity_kind": "resident_id", "identity_number": resident_number(8)},
        "basis": "laboratory",
        "tier": "B",
        "district": "binhai",
    }
    assert client.post("/api/v1/nominations/", body).status_code == 403
    elsewhere = body | {"nominator": str(OrganisationFactory().pk)}
    assert client.post("/api/v1/nominations/", elsewhere).status_code == 403
    made = client.post("/api/v1/nominations/", body | {"nominator": str(employer.pk)})
    assert (made.status_code, made.json()["source"]) == (201, "window")
    assert made.json()["filed_by"] == str(clerk)
    assert "submit" in made.json()["actions"]


def test_outsiders_file_nothing_at_a_window(
    at_window: Nomination,
    policy: PolicyVersion,
    employer: Organisation,
    outsider: User,
    other_clerk: User,
    other_nominator: User,
    auditor: User,
    login: Login,
    api_for: ApiFor,
) -> None:
    for user in (outsider, other_nominator, auditor):
        assert login(user).post("/nominations/window/new/", form_data(policy, employer)).status_code == 403
        assert api_for(user).get("/api/v1/nominations/nominators/").status_code == 403
    for user in (outsider, other_clerk, other_nominator):
        client = login(user)
        assert client.get(f"/nominations/{at_window.pk}/").status_code == 404
        assert client.post(f"/nominations/{at_window.pk}/submit/").status_code == 404
        assert api_for(user).post(f"/api/v1/nominations/{at_window.pk}/submit/").status_code == 404
    assert Nomination.objects.get().status == NominationStatus.DRAFT


def test_nominee_is_not_told_by_which_way_the_case_came(at_window: Nomination, clerk: User, api_for: ApiFor) -> None:
    attach(clerk, at_window)
    submit(clerk, at_window)
    nominee = Nomination.objects.get().talent.user
    assert nominee is not None
    shown = api_for(nominee).get(f"/api/v1/nominations/{at_window.pk}/").json()
    assert (shown["source"], shown["filed_by"]) == (None, "")


@pytest.fixture
def refused(at_window: Nomination, clerk: User, preliminary_reviewer: User, employer: Organisation) -> Nomination:
    attach(clerk, at_window)
    submit(clerk, at_window)
    return operations.review_preliminary(
        actor=preliminary_reviewer, nomination=at_window, outcome=Outcome.REJECT, reason="不符合条件", at=timezone.now()
    )


def test_window_lodges_the_nominators_appeal_with_what_they_signed(
    refused: Nomination, clerk: User, other_clerk: User, nominator: User, login: Login, api_for: ApiFor
) -> None:
    path = f"/nominations/{refused.pk}/appeal/"
    assert login(other_clerk).post(path, {"text": "申诉"}).status_code == 404
    page = login(clerk).get(path).content.decode()
    unsigned = login(clerk).post(path, {"text": "聘用合同已续签。"})
    assert "签字" in page
    assert unsigned.status_code == 400
    assert unsigned.context["form"].errors["documents"]
    assert not Appeal.objects.exists()

    login(clerk).post(path, {"text": "聘用合同已续签。", "documents": [upload("signed.pdf")]})

    appeal = Appeal.objects.get()
    assert (appeal.lodged_by, appeal.documents.count()) == (clerk, 1)
    assert Nomination.objects.get(pk=refused.pk).status == NominationStatus.APPEALED
    for reader in (clerk, nominator):
        seen = api_for(reader).get(f"/api/v1/nominations/{refused.pk}/appeal/").json()
        assert (seen["text"], seen["is_by_nominee"], len(seen["documents"])) == ("聘用合同已续签。", False, 1)
    assert refused.talent.user is not None
    assert api_for(refused.talent.user).get(f"/api/v1/nominations/{refused.pk}/appeal/").json()["text"] is None
    assert "举荐单位（窗口代办）" in login(nominator).get(refused.get_absolute_url()).content.decode()
