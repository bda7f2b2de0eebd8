"""A window clerk files for a nominator, in a real browser."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import expect

from cards.nominations.models import Nomination
from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faults_of, faulty_pages
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import make_policy, resident_number


def test_a_clerk_files_for_a_nominator(visit: Callable[..., Visit], transactional_db: None, nominator: User) -> None:
    policy = make_policy()
    office = OrganisationFactory(kind=OrganisationKind.PARK_OFFICE, name_zh="滨海窗口", name_en="Binhai window")
    clerk = give_role(UserFactory(username="clerk", organisation=office), Role.WINDOW_CLERK, district="binhai")
    assert faulty_pages(visit, {clerk: ["/nominations/", reverse("nominations:window-create")]}) == []
    window = visit(clerk, language="en")
    page = window.open("/nominations/")
    page.get_by_role("link", name="File for a nominator").click()
    basis, tier = policy.bases.get(code="laboratory"), policy.tiers.get(code="B")
    page.locator("#id_nominator").select_option(str(nominator.organisation_id))
    page.locator("#id_name").fill("张三")
    page.locator("#id_identity_kind").select_option("resident_id")
    page.locator("#id_identity_number").fill(resident_number(3))
    page.locator("#id_email").fill("z@example.com")
    page.locator("#id_district").select_option("binhai")
    page.locator("#id_basis_and_tier").select_option(f"{basis.pk}:{tier.pk}")
    page.get_by_role("button", name="Save the draft").click()

    expect(page.get_by_text("Service window")).to_be_visible()
    assert faults_of(window) == []
    assert Nomination.objects.get().office == office
