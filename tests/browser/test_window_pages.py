"""A window clerk files for a nominator, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cards.nominations.models import Nomination
from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import User
from tests.browser.conftest import DESKTOP, PHONE, Visit, faults_of
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import make_policy, resident_number


@pytest.mark.parametrize(
    ("size", "language", "file_for", "save", "source"),
    [
        (PHONE, "zh-hans", "窗口代办举荐", "保存草稿", "服务窗口（代办）"),
        (DESKTOP, "en", "File for a nominator", "Save the draft", "Service window"),
    ],
    ids=["phone-zh", "desktop-en"],
)
def test_a_clerk_files_for_a_nominator(
    visit: Callable[..., Visit],
    transactional_db: None,
    nominator: User,
    size: dict[str, int],
    language: str,
    file_for: str,
    save: str,
    source: str,
) -> None:
    policy = make_policy()
    office = OrganisationFactory(kind=OrganisationKind.PARK_OFFICE, name_zh="滨海窗口", name_en="Binhai window")
    clerk = give_role(UserFactory(username="clerk", organisation=office), Role.WINDOW_CLERK, district="binhai")
    window = visit(clerk, size=size, language=language)
    page = window.open("/nominations/")
    page.get_by_role("link", name=file_for).click()
    assert faults_of(window) == []
    window.faults.clear()
    basis, tier = policy.bases.get(code="laboratory"), policy.tiers.get(code="B")
    page.locator("#id_nominator").select_option(str(nominator.organisation_id))
    page.locator("#id_name").fill("张三")
    page.locator("#id_identity_kind").select_option("resident_id")
    page.locator("#id_identity_number").fill(resident_number(3))
    page.locator("#id_email").fill("z@example.com")
    page.locator("#id_district").select_option("binhai")
    page.locator("#id_basis_and_tier").select_option(f"{basis.pk}:{tier.pk}")
    page.get_by_role("button", name=save).click()

    expect(page.get_by_text(source)).to_be_visible()
    assert faults_of(window) == []
    assert Nomination.objects.get().office == office
