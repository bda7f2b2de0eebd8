"""The pages of direct issues, in a real browser."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import expect

from cards.issuance.models import TalentCard
from cards.nominations.models import DirectIssue, RequiredDocument
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faults_of, faulty_pages
from tests.cards.nominations.test_direct import listed, propose, registered
from tests.cards.nominations.test_sheet_confirmations import proposed
from tests.factories.accounts import UserFactory, give_role
from tests.factories.green_cards import make_upgrade, row
from tests.factories.nominations import complete, make_policy, nominee_input, upload

Open = Callable[..., Visit]


def url(name: str, *args: object) -> str:
    return reverse(f"nominations:direct-{name}", args=args)


def test_a_direct_issue_with_its_second_officer(visit: Open, issuer: User) -> None:
    basis = complete(make_policy()).bases.get(code="overseas")
    RequiredDocument.objects.filter(basis=basis).delete()
    second = give_role(UserFactory(username="second_issuer"), Role.ISSUER)
    person = nominee_input()
    listed(basis, person)
    listed(basis, nominee_input())
    case = propose(issuer, basis, person, uploads=[("other", upload())])
    registered(basis)
    pair = f"{basis.pk}:{basis.policy.tiers.get(code='A').pk}"

    tried = f"{url('bulk')}?basis_and_tier={pair}"
    proposing = [url("create"), tried, f"{url('list')}?show=all", url("withdraw", case.pk)]
    assert faulty_pages(visit, {issuer: proposing, second: [url("list"), url("detail", case.pk)]}) == []
    window = visit(issuer, language="en")
    page = window.open(tried)
    page.locator("tbody input[type=checkbox]").check()
    page.locator("[data-bulk-bar] button").click()
    assert faults_of(window) == []
    assert DirectIssue.objects.count() == 2

    window = visit(second, language="en")
    window.open(url("detail", case.pk)).locator("button[name=decision][value=confirm]").click()
    expect(window.page).to_have_url(window.base_url + url("list"))
    assert TalentCard.objects.count() == 1
    window.page.locator("tbody input[type=checkbox]").check()
    window.page.locator("[data-bulk-bar] button[value=confirm]").click()
    assert faults_of(window) == []
    window.page.locator("form.confirm button").click()
    expect(window.page.locator(".alert")).to_be_visible()
    assert (faults_of(window), TalentCard.objects.count()) == ([], 2)


def test_a_second_officer_confirms_a_sheet_of_green_cards(
    visit: Callable[..., Visit], issuer: User, run_outbox: Callable[[], int]
) -> None:
    make_upgrade(make_policy())
    second = give_role(UserFactory(username="second_issuer"), Role.ISSUER)
    batch = proposed(issuer, row(1), row(2), row(3))
    path = reverse("nominations:direct-sheet", args=[batch.pk])
    assert faulty_pages(visit, {second: [url("list"), path]}) == []

    window = visit(second, language="en")
    window.open(url("list")).get_by_role("link", name="Green Cards of").click()
    window.page.get_by_role("button", name="Confirm all 3 cases").click()
    expect(window.page.locator("progress")).to_be_visible()
    assert faults_of(window) == []
    run_outbox()

    assert faulty_pages(visit, {second: [path]}) == []
    assert TalentCard.objects.count() == 3
