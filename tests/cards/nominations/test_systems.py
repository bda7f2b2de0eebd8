"""Partners' systems that nominate by API."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations import queries
from cards.nominations.choices import NominationStatus, Source
from cards.nominations.models import Nomination
from talentcard.accounts.choices import Role
from talentcard.accounts.models import Organisation, PartnerSystem, RoleAssignment, User
from talentcard.accounts.operations import let_system_nominate
from talentcard.audit.models import AuditEvent
from talentcard.notifications.models import Message
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import make_draft, make_submitted, resident_number, upload
from tests.factories.verification import make_partner_system

LIST = "/api/v1/nominations/"


def client_of(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def body(sequence: int = 1) -> dict[str, Any]:
    nominee = {
        "name": "张三",
        "identity_kind": "resident_id",
        "identity_number": resident_number(sequence),
        "email": "z@example.com",
        "employer_name": "示例单位",
    }
    return {"nominee": nominee, "basis": "laboratory", "tier": "B", "district": "binhai", "statement": "理由"}


@pytest.fixture
def system(policy: PolicyVersion, nominator: User, employer: Organisation) -> tuple[PartnerSystem, APIClient]:
    """A system of a nominator that the bureau lets nominate, and its client."""
    partner, token = make_partner_system(employer, scope="nominate")
    let_system_nominate(actor=None, system=partner)
    return partner, client_of(token)


def test_system_drafts_attaches_and_submits(
    system: tuple[PartnerSystem, APIClient], nominator: User, preliminary_reviewer: User, api_for: Any
) -> None:
    partner, client = system
    partner.refresh_from_db()
    made = client.post(LIST, body(), headers={"Idempotency-Key": "k"})
    again = client.post(LIST, body(), headers={"Idempotency-Key": "k"})
    assert (made.status_code, again.json()) == (201, made.json())
    url = f"{LIST}{made.json()['id']}/"
    assert client.post(f"{url}evidence/", {"file": upload()}, format="multipart").status_code == 201
    assert client.post(f"{url}submit/").json()["status"] == NominationStatus.SUBMITTED

    nomination = Nomination.objects.get()
    assert (nomination.source, nomination.filed_by, nomination.nominator) == (
        Source.SYSTEM,
        partner.account,
        partner.organisation,
    )
    shown = api_for(preliminary_reviewer).get(url).json()
    assert (shown["source"], shown["filed_by"]) == ("system", partner.application.name)
    told = Message.objects.filter(event="nomination.submitted").values_list("recipient__username", flat=True)
    assert list(told) == [nominator.username]
    drafted = AuditEvent.objects.get(action="nomination.draft")
    assert (drafted.actor_id, drafted.data) == (partner.account.pk, {"source": "system"})
    assert [each["number"] for each in client.get(LIST).json()["results"]] == [nomination.number]
    assert client.get(f"{LIST}quota/").json()["used"] == 1
    assert client.get(f"{LIST}policy/").status_code == 200
    assert client.post(f"{url}withdraw/").status_code == 200


def test_person_s_request_is_of_the_api_and_of_the_page(policy: PolicyVersion, nominator: User, api_for: Any) -> None:
    api_for(nominator).post(LIST, body())
    assert Nomination.objects.get().source == Source.API
    assert make_draft(nominator).source == Source.PAGE


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("scope", 403),
        ("not_let", 403),
        ("moved", 403),
        ("account_off", 403),
        ("role_ended", 403),
        ("switched_off", 401),
        ("expired", 401),
        ("unknown", 401),
    ],
)
def test_systems_that_may_not_change_nothing(
    policy: PolicyVersion, nominator: User, employer: Organisation, wrong: str, status: int
) -> None:
    nomination = make_draft(nominator)
    scope, lasts = ("verify" if wrong == "scope" else "nominate"), (-1 if wrong == "expired" else 3600)
    partner, token = make_partner_system(employer, scope=scope, expires_in=lasts)
    account = None if wrong == "not_let" else let_system_nominate(actor=None, system=partner)
    if wrong == "switched_off":
        PartnerSystem.objects.update(is_active=False)
    if wrong == "moved":
        PartnerSystem.objects.update(organisation=OrganisationFactory())
    if wrong == "account_off":
        User.objects.filter(pk=account.pk).update(is_active=False)  # type: ignore[union-attr]  # let above
    if wrong == "role_ended":
        RoleAssignment.objects.filter(user=account).update(valid_until=timezone.now())
    client = client_of("nonsense" if wrong == "unknown" else token)
    url = f"{LIST}{nomination.pk}/"

    assert client.post(LIST, body()).status_code == status
    seen = [client.post(f"{url}submit/"), client.patch(url, {"statement": "x"}), client.post(f"{url}withdraw/")]
    assert {answer.status_code for answer in seen} <= {status, 404}
    assert (Nomination.objects.count(), Nomination.objects.get().status) == (1, NominationStatus.DRAFT)
    assert Nomination.objects.get().statement == nomination.statement


def test_system_of_another_organisation_sees_nothing(policy: PolicyVersion, nominator: User) -> None:
    other = give_role(UserFactory(organisation=OrganisationFactory()), Role.NOMINATOR).organisation
    assert other is not None
    partner, token = make_partner_system(other, scope="nominate")
    let_system_nominate(actor=None, system=partner)
    client, nomination = client_of(token), make_draft(nominator)
    url = f"{LIST}{nomination.pk}/"

    assert client.get(LIST).json()["results"] == []
    for answer in (client.get(url), client.post(f"{url}submit/"), client.post(f"{url}withdraw/")):
        assert answer.status_code == 404
    assert client.post(f"{url}evidence/", {"file": upload()}, format="multipart").status_code == 404
    assert Nomination.objects.get().evidence.count() == 1


def test_system_reviews_nothing_and_nobody_signs_in_with_its_account(
    system: tuple[PartnerSystem, APIClient], nominator: User
) -> None:
    partner, client = system
    nomination = make_submitted(nominator)
    answer = client.post(f"{LIST}{nomination.pk}/preliminary-review/", {"outcome": "pass"})
    assert answer.status_code == 403
    account = PartnerSystem.objects.get(pk=partner.pk).account
    assert account is not None
    assert not account.has_usable_password()
    assert Client().login(username=account.username, password="") is False
    assert account not in queries.nominators_of(partner.organisation_id, at=timezone.now())


def test_let_system_nominate_twice_is_once_and_in_the_log(
    policy: PolicyVersion, employer: Organisation, administrator: User, login: Any
) -> None:
    partner, _token = make_partner_system(employer)
    data = {"action": "let_nominate", "_selected_action": [str(partner.pk)]}
    for _ in range(2):
        assert login(administrator).post("/admin/accounts/partnersystem/", data).status_code == 302
    account = PartnerSystem.objects.get(pk=partner.pk).account
    assert RoleAssignment.objects.filter(user=account, role=Role.NOMINATOR).count() == 1
    assert AuditEvent.objects.filter(action="partner_system.may_nominate", actor_id=administrator.pk).count() == 2
