"""How a case was handled is rated, and the head of the office reads it, in a real browser."""

from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone

from cards.nominations import operations
from cards.nominations.choices import Outcome
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from tests.browser.conftest import BOTH, Visit, faults_of
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_submitted


@BOTH
def test_nominator_rates_and_the_head_reads(
    visit: Callable[..., Visit],
    nominator: User,
    preliminary_reviewer: User,
    size: dict[str, int],
    language: str,
) -> None:
    case = operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=make_submitted(nominator),
        outcome=Outcome.REJECT,
        reason="业绩与依据不符。",
        at=timezone.now(),
    )
    head = give_role(UserFactory(organisation=preliminary_reviewer.organisation), Role.HEAD)
    window = visit(nominator, size=size, language=language)
    page = window.open(case.get_absolute_url())
    page.locator(f"a[href='{reverse('nominations:nomination-rate', args=[case.pk])}']").click()
    faults = faults_of(window)
    page.locator("[name=level][value='2']").check()
    page.locator("[name=comment]").fill("没有说明理由。")
    page.locator("main form button").click()
    page.wait_for_url(f"**{case.get_absolute_url()}")
    faults += faults_of(window)

    window = visit(head, size=size, language=language)
    window.open(reverse("casework:satisfaction"))
    window.page.locator("tbody a").click()
    window.page.wait_for_url("**/ratings/*-*/")
    faults += faults_of(window)
    window.open(reverse("casework:satisfaction"))

    assert faults + faults_of(window) == []
