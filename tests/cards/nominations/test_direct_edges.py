"""Direct issues through the API and the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from cards.issuance.models import Basis, TalentCard
from cards.nominations.choices import DirectIssueStatus
from cards.nominations.models import DirectIssue
from cards.talents.operations import set_secrecy
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from tests.cards.nominations.test_direct import listed, propose, registered
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import nominee_input, upload

ApiFor = Callable[[User], APIClient]
Login = Callable[[User], Client]
OUTSIDERS = ["outsider", "nominator", "preliminary_reviewer", "second_reviewer"]


@pytest.fixture
def proposed(basis: Basis, issuer: User) -> DirectIssue:
    person = nominee_input()
    listed(basis, person)
    return propose(issuer, basis, person, uploads=[("other", upload())])


def api(name: str, *args: object) -> str:
    return reverse(f"api-direct-{name}", args=args)


def page(name: str, *args: object) -> str:
    return reverse(f"nominations:direct-{name}", args=args)


def person_form(**changes: Any) -> dict[str, Any]:
    person = nominee_input()
    return {
        "name": person.name,
        "identity_kind": person.identity.kind,
        "identity_number": person.identity.number,
        "email": person.email,
        "basis": "overseas",
        "tier": "A",
        "district": "binhai",
        **changes,
    }


def test_the_api_proposes_and_another_issuer_confirms(
    basis: Basis, issuer: User, second_issuer: User, api_for: ApiFor
) -> None:
    person = nominee_input()
    listed(basis, person)
    data = person_form(name=person.name, identity_number=person.identity.number, other=upload())

    created = api_for(issuer).post(api("list"), data, format="multipart")
    case = created.data["id"]
    waiting = api_for(second_issuer).get(api("list"), {"mine": "1"}).data["results"]
    own = api_for(issuer).post(api("confirm", case), {})
    confirmed = api_for(second_issuer).post(api("confirm", case), {"item": created.data["item"]})
    again = api_for(second_issuer).post(api("refuse", case), {"reason": "否"})

    assert (created.status_code, created.data["policy_version"], len(created.data["evidence"])) == (201, 1, 1)
    assert [row["id"] for row in waiting] == [case]
    assert (own.status_code, own.data["code"]) == (403, "same_officer")
    assert (confirmed.status_code, confirmed.data["status"]) == (200, "issued")
    assert (again.status_code, again.data["code"]) == (409, "direct_issue_decided")
    assert TalentCard.objects.count() == 1


def test_the_api_names_the_field_of_an_unlisted_person(basis: Basis, issuer: User, api_for: ApiFor) -> None:
    answer = api_for(issuer).post(api("list"), person_form())

    assert answer.status_code == 400
    assert [(fault["field"], fault["code"]) for fault in answer.data["errors"]] == [
        ("identity_number", "not_recognised")
    ]
    unknown = api_for(issuer).post(api("list"), person_form(basis="nothing"))
    assert [(fault["field"], fault["code"]) for fault in unknown.data["errors"]] == [("basis", "unknown_basis")]


def test_the_api_tries_proposes_and_decides_many(
    basis: Basis, issuer: User, second_issuer: User, api_for: ApiFor
) -> None:
    for _person in range(2):
        registered(basis)
    choice = {"basis": "overseas", "tier": "A"}

    tried = api_for(issuer).post(api("dry-run"), choice).data
    entries = [row["entry"]["id"] for row in tried["candidates"] if row["ok"]]
    assert DirectIssue.objects.count() == 0
    results = api_for(issuer).post(api("bulk"), choice | {"entries": entries}).data
    ids = [str(pk) for pk in DirectIssue.objects.values_list("pk", flat=True)]
    rows = api_for(second_issuer).post(api("bulk-decision"), {"ids": ids, "is_confirmed": True}).data

    assert (tried["policy_version"], [row["ok"] for row in results]) == (1, [True, True])
    assert [row["ok"] for row in rows] == [True, True]
    refused = api_for(second_issuer).post(api("bulk-decision"), {"ids": ids, "is_confirmed": False})
    assert refused.status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_number_of_queries(
    rows: int,
    basis: Basis,
    issuer: User,
    second_issuer: User,
    api_for: ApiFor,
    login: Login,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _row in range(rows):
        person = nominee_input()
        listed(basis, person)
        propose(issuer, basis, person)
    client, browser = api_for(second_issuer), login(second_issuer)
    browser.get(page("list"))

    with django_assert_num_queries(5):
        assert len(client.get(api("list")).data["results"]) == rows
    with django_assert_num_queries(10):
        assert browser.get(page("list")).content.decode().count('name="selected"') == rows


@pytest.mark.parametrize("role", OUTSIDERS)
def test_direct_issues_are_closed_to_others(
    role: str, proposed: DirectIssue, request: pytest.FixtureRequest, api_for: ApiFor, login: Login
) -> None:
    user = request.getfixturevalue(role)
    evidence = proposed.evidence.get()
    before = AuditEvent.objects.count()
    client, browser = api_for(user), login(user)

    answers = [
        client.get(api("list")),
        client.post(api("list"), person_form()),
        client.get(api("detail", proposed.pk)),
        client.get(api("evidence", proposed.pk, evidence.pk)),
        client.post(api("confirm", proposed.pk), {}),
        client.post(api("refuse", proposed.pk), {"reason": "否"}),
        client.post(api("withdraw", proposed.pk)),
        client.post(api("dry-run"), {"basis": "overseas", "tier": "A"}),
        client.post(api("bulk"), {"basis": "overseas", "tier": "A", "entries": [str(proposed.entry_id)]}),
        client.post(api("bulk-decision"), {"ids": [str(proposed.pk)], "is_confirmed": True}),
        browser.get(page("list")),
        browser.get(page("create")),
        browser.get(page("bulk")),
        browser.get(page("detail", proposed.pk)),
        browser.get(page("evidence", evidence.pk)),
        browser.post(page("decide", proposed.pk), {"decision": "confirm"}),
        browser.post(page("withdraw", proposed.pk)),
        browser.post(page("decide-many"), {"selected": [str(proposed.pk)], "decision": "confirm", "confirmed": "1"}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    proposed.refresh_from_db()
    assert (proposed.status, DirectIssue.objects.count()) == (DirectIssueStatus.PROPOSED, 1)
    assert AuditEvent.objects.count() == before


def test_an_issuer_of_another_tier_finds_nothing(proposed: DirectIssue, api_for: ApiFor, login: Login) -> None:
    elsewhere = give_role(UserFactory(), Role.ISSUER, tier="C")

    assert api_for(elsewhere).get(api("list")).data["results"] == []
    assert api_for(elsewhere).post(api("confirm", proposed.pk), {}).status_code == 404
    assert login(elsewhere).get(page("detail", proposed.pk)).status_code == 404


def test_an_auditor_reads_and_decides_nothing(
    proposed: DirectIssue, auditor: User, api_for: ApiFor, login: Login
) -> None:
    assert api_for(auditor).get(api("detail", proposed.pk)).status_code == 200
    assert login(auditor).get(page("detail", proposed.pk)).status_code == 200
    assert login(auditor).get(page("evidence", proposed.evidence.get().pk)).status_code == 200
    assert api_for(auditor).post(api("confirm", proposed.pk), {}).status_code == 403
    assert AuditEvent.objects.filter(action="document.read").count() == 1


def test_nobody_under_secrecy_is_named_in_a_list(
    proposed: DirectIssue, second_issuer: User, api_for: ApiFor, login: Login
) -> None:
    set_secrecy(actor=None, talent=proposed.talent, is_secret=True)

    assert [row["person"] for row in api_for(second_issuer).get(api("list")).data["results"]] == [""]
    assert proposed.talent.name not in login(second_issuer).get(page("list")).content.decode()
    assert proposed.talent.name in login(second_issuer).get(page("detail", proposed.pk)).content.decode()


def test_the_pages_propose_from_a_list_and_decide_together(
    basis: Basis, issuer: User, second_issuer: User, login: Login
) -> None:
    for _person in range(2):
        registered(basis)
    pair = f"{basis.pk}:{basis.policy.tiers.get(code='A').pk}"

    client = login(issuer)
    tried = client.get(page("bulk"), {"basis_and_tier": pair})
    entries = [row["key"] for row in tried.context["rows"]]
    assert (len(entries), DirectIssue.objects.count()) == (2, 0)
    client.post(page("bulk"), {"basis_and_tier": pair, "selected": entries})
    ids = [str(pk) for pk in DirectIssue.objects.values_list("pk", flat=True)]
    assert len(ids) == 2

    client = login(second_issuer)
    asked = client.post(page("decide-many"), {"selected": ids, "decision": "refuse"})
    bare = client.post(page("decide-many"), {"selected": ids, "decision": "refuse", "confirmed": "1", "reason": ""})
    assert (asked.status_code, bare.status_code, TalentCard.objects.count()) == (200, 400, 0)
    client.post(page("decide-many"), {"selected": ids, "decision": "confirm", "confirmed": "1"})
    assert TalentCard.objects.count() == 2


def test_the_page_proposes_one_person_and_shows_what_is_wrong(
    basis: Basis, issuer: User, second_issuer: User, login: Login
) -> None:
    person = nominee_input()
    pair = f"{basis.pk}:{basis.policy.tiers.get(code='A').pk}"
    data = person_form(name=person.name, identity_number=person.identity.number, basis_and_tier=pair)

    refused = login(issuer).post(page("create"), data)
    listed(basis, person)
    login(issuer).post(page("create"), data | {"other": upload()})
    case = DirectIssue.objects.get()
    bare = login(second_issuer).post(page("decide", case.pk), {"decision": "refuse", "reason": ""})
    login(second_issuer).post(page("decide", case.pk), {"decision": "refuse", "reason": "名单有误"})

    assert refused.status_code == 400
    assert "identity_number" in refused.context["form"].errors
    assert bare.status_code == 400
    case.refresh_from_db()
    assert (case.status, case.decided_by, case.decided_at is None) == (DirectIssueStatus.REFUSED, second_issuer, False)
    assert login(issuer).post(page("withdraw", case.pk)).status_code == 409
    assert timezone.localdate(case.proposed_at) == timezone.localdate()
