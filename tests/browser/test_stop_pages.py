"""What officers see and decide of a case that is stopped, in a real browser."""

import datetime as dt
from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cards.nominations import operations
from cards.nominations.choices import IntegrityKind, NominationStatus
from cards.nominations.models import RequiredCheck
from cards.nominations.operations import FactInput
from cards.talents.choices import IdentityKind
from cards.talents.operations import IdentityInput
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faults_of, faulty_pages
from tests.factories.nominations import make_under_notice, nominee_input
from tests.factories.talents import make_talent

BORN = dt.date(1980, 5, 6)


def passport(number: str) -> IdentityInput:
    return IdentityInput(kind=IdentityKind.PASSPORT, number=number, issuing_region="Germany")


def test_a_stopped_case_is_looked_into_and_ended(
    visit: Callable[..., Visit], nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    nominee = nominee_input(name="Jean-Luc Müller", identity=passport("E12345678"), birth_date=BORN)
    case = make_under_notice(nominator, preliminary_reviewer, second_reviewer, nominee=nominee)
    RequiredCheck.objects.create(policy=case.policy, kind=IntegrityKind.ACADEMIC_MISCONDUCT)
    other = make_talent(name="MÜLLER Jean Luc", identity=passport("C01X00T47"), birth_date=BORN, nationality="Germany")
    check = operations.record_check(
        actor=second_reviewer,
        nomination=case,
        kind=IntegrityKind.DISHONEST_DEBTOR,
        source="中国执行信息公开网",
        hit=FactInput(reference="（2024）津01执123号", dated_on=dt.date(2024, 3, 1), text="有履行能力而拒不履行"),
        at=timezone.now(),
    )
    assert check.fact is not None
    paths = [
        case.get_absolute_url(),
        reverse("nominations:duplicate-list", args=[case.pk]),
        reverse("nominations:integrity-detail", args=[case.pk]),
        reverse("nominations:integrity-withdraw", args=[case.pk, check.fact.pk]),
        reverse("nominations:stopped-reject", args=[case.pk]),
    ]

    assert faulty_pages(visit, {second_reviewer: paths}) == []
    window = visit(second_reviewer, language="en")
    page = window.open(reverse("nominations:duplicate-list", args=[case.pk]))
    page.locator(f"input[name='duplicate-{other.pk}-verdict'][value=different]").check()
    page.locator(f"textarea[name='duplicate-{other.pk}-reason']").fill("已电话核实")
    page.locator("article form button").click()
    expect(page.locator("article form")).to_have_count(0)
    window.open(reverse("nominations:duplicate-list", args=[case.pk]))
    assert faults_of(window) == []
    page = window.open(reverse("nominations:stopped-reject", args=[case.pk]))
    page.locator("textarea[name=reason]").fill("失信情况属实")
    page.locator("form.confirm button").click()
    expect(page.locator(".timeline")).to_contain_text("失信情况属实")
    assert faults_of(window) == []
    window.open(case.get_absolute_url())
    case.refresh_from_db()
    assert case.status == NominationStatus.REJECTED
