"""The nomination pages, from the draft to the objection, in a real browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cards.nominations import operations
from cards.nominations.choices import NominationStatus, Outcome
from cards.nominations.models import Nomination, Objection
from cards.nominations.operations import MissingItem
from talentcard.accounts.models import User
from tests.browser.conftest import DESKTOP, Visit, faulty_pages
from tests.factories.nominations import (
    PDF,
    make_draft,
    make_policy,
    make_second_review,
    make_submitted,
    make_under_notice,
    resident_number,
)

Open = Callable[..., Visit]


def url(name: str, *args: object) -> str:
    return reverse(f"nominations:{name}", args=args)


@pytest.fixture
def returned(nominator: User, preliminary_reviewer: User) -> Nomination:
    return operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=make_submitted(nominator),
        outcome=Outcome.RETURN,
        reason="材料不完整。",
        missing=[MissingItem(field="", note="缺少聘用合同"), MissingItem(field="", note="推荐信未盖章")],
        at=timezone.now(),
    )


def test_nominators_pages_are_sound(visit: Open, nominator: User, returned: Nomination) -> None:
    draft = make_draft(nominator)
    paths = [
        url("nomination-list"),
        url("nomination-create"),
        url("nomination-import"),
        draft.get_absolute_url(),
        url("nomination-submit", draft.pk),
        returned.get_absolute_url(),
    ]

    assert faulty_pages(visit, {nominator: paths}) == []


def test_officers_pages_are_sound(
    visit: Open, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    submitted = make_submitted(nominator)
    second = make_second_review(nominator, preliminary_reviewer)
    notice = make_under_notice(nominator, preliminary_reviewer, second_reviewer).notice
    objected = operations.lodge_objection(
        notice=notice, name="某某", contact="16100000000", text="成果并非本人所有。", at=timezone.now()
    )
    pages = {
        preliminary_reviewer: [url("nomination-inbox"), submitted.get_absolute_url()],
        second_reviewer: [second.get_absolute_url(), objected.notice.nomination.get_absolute_url()],
    }

    assert faulty_pages(visit, pages) == []


def test_public_and_nominees_pages_are_sound(
    visit: Open, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    nomination = make_under_notice(nominator, preliminary_reviewer, second_reviewer)
    nomination.talent.refresh_from_db()
    notice = nomination.notice.pk
    pages = {
        None: [
            url("notice-list"),
            url("notice-detail", notice),
            url("objection-create", notice),
            url("objection-thanks"),
        ],
        nomination.talent.user: [url("nomination-mine")],
    }

    assert faulty_pages(visit, pages) == []


def test_nominator_drafts_adds_evidence_and_submits_on_a_phone(visit: Open, nominator: User) -> None:
    make_policy()
    page = visit(nominator, language="en").open(url("nomination-create"))

    page.get_by_label("Nominee's name").fill("示例人才")
    page.get_by_label("Document number").fill(resident_number(1))
    page.get_by_label("Nominee's e-mail").fill("sample@example.com")
    page.get_by_label("Employer").fill("示例单位")
    page.get_by_label("District or park").select_option("binhai")
    page.get_by_label("Basis and tier").select_option(label="Haihe laboratory · B Leading")
    page.get_by_label("Why this person").fill("长期从事示例研究。")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_label("File").set_input_files({"name": "letter.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Submit", exact=True).click()
    page.get_by_role("button", name="Submit", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("JJ")
    assert Nomination.objects.get().status == NominationStatus.SUBMITTED


def test_officer_returns_two_cases_together(visit: Open, nominator: User, preliminary_reviewer: User) -> None:
    for _ in range(2):
        make_submitted(nominator)
    page = visit(preliminary_reviewer, size=DESKTOP, language="en").open(url("nomination-inbox"))

    expect(page.get_by_role("button", name="Pass")).to_be_disabled()
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Return for correction").click()
    page.get_by_label("Reason").fill("Not complete.")
    page.get_by_label("To correct").fill("the letter\nthe stamp")
    page.get_by_role("button", name="Return for correction").click()

    expect(page.get_by_text("2 cases were decided.")).to_be_visible()
    assert set(Nomination.objects.values_list("status", flat=True)) == {NominationStatus.RETURNED}


def test_anybody_objects_without_signing_in(
    visit: Open, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    make_under_notice(nominator, preliminary_reviewer, second_reviewer)
    page = visit(language="en").open(url("notice-list"))

    page.locator(".card-list__title a").click()
    page.get_by_role("link", name="Object").click()
    page.get_by_label("Your name").fill("Somebody")
    page.get_by_label("How to reach you").fill("somebody@example.com")
    page.get_by_label("Your objection").fill("The paper is by somebody else.")
    page.get_by_role("button", name="Send the objection").click()

    expect(page.get_by_text("Your objection was received")).to_be_visible()
    assert Objection.objects.count() == 1
