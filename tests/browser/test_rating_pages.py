"""How a case was handled is rated, and the head of the office reads it, in a real browser."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import timezone

from cards.nominations import operations
from cards.nominations.choices import Outcome
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faults_of, faulty_pages
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_submitted


def test_nominator_rates_and_the_head_reads(
    visit: Callable[..., Visit], nominator: User, preliminary_reviewer: User
) -> None:
    case = operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=make_submitted(nominator),
        outcome=Outcome.REJECT,
        reason="业绩与依据不符。",
        at=timezone.now(),
    )
    head = give_role(UserFactory(organisation=preliminary_reviewer.organisation), Role.HEAD)
    rate = reverse("nominations:nomination-rate", args=[case.pk])
    assert faulty_pages(visit, {nominator: [rate]}) == []
    window = visit(nominator, language="en")
    page = window.open(case.get_absolute_url())
    page.locator(f"a[href='{rate}']").click()
    page.locator("[name=level][value='2']").check()
    page.locator("[name=comment]").fill("没有说明理由。")
    page.locator("main form button").click()
    page.wait_for_url(f"**{case.get_absolute_url()}")
    assert faults_of(window) == []

    window = visit(head, language="en")
    window.open(reverse("casework:satisfaction")).locator("tbody a").click()
    window.page.wait_for_url("**/ratings/*-*/")
    day = urlsplit(window.page.url).path

    assert faulty_pages(visit, {head: [reverse("casework:satisfaction"), day]}) == []
