"""A returned case is corrected, with replies, and the reviewer sees what changed, in a real browser."""

from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cards.nominations import operations
from cards.nominations.choices import Outcome
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faulty_pages
from tests.factories.nominations import make_submitted, upload

MISSING = [
    operations.MissingItem(field="statement", note="写明聘期"),
    operations.MissingItem(field="evidence", note="补充劳动合同，逐页加盖公章"),
]


def test_a_case_is_corrected_and_the_reviewer_sees_what_changed(
    visit: Callable[..., Visit], nominator: User, preliminary_reviewer: User
) -> None:
    case = operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=make_submitted(nominator),
        outcome=Outcome.RETURN,
        reason="补正",
        missing=MISSING,
        at=timezone.now(),
    )
    at = timezone.now()
    operations.update_draft(actor=nominator, nomination=case, statement="聘期至2029年底。", at=at)
    operations.remove_evidence(actor=nominator, evidence=case.evidence.get(), at=at)
    operations.attach_evidence(actor=nominator, nomination=case, upload=upload("contract.pdf"), at=at)
    submit = reverse("nominations:nomination-submit", args=[case.pk])
    assert faulty_pages(visit, {nominator: [submit]}) == []

    page = visit(nominator, language="en").open(submit)
    page.locator("#id_reply_0").fill("已写明，聘期至2029年底。")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name="Changed since the return")).to_be_visible()

    detail = case.get_absolute_url()
    assert faulty_pages(visit, {nominator: [detail], preliminary_reviewer: [detail]}) == []
