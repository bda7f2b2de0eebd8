"""The pages of an import, from the upload to its nominations, in a real browser."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import expect

from cards.nominations.models import ImportBatch, Nomination, NominatorProfile
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faulty_pages
from tests.cards.nominations.test_imports import archive, row, sheet
from tests.factories.nominations import PDF, make_policy, resident_number

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_import_goes_from_the_upload_to_its_report_and_nominations(
    visit: Callable[..., Visit], nominator: User, run_outbox: Callable[[], int]
) -> None:
    make_policy()
    NominatorProfile.objects.update(yearly_quota=1)
    script = "<script>alert(1)</script>"
    rows = [row(name=f"示例{each}", identity_number=resident_number(each)) for each in range(2)]
    rows.append(row(name=script, identity_number=resident_number(2), tier="Z", email="nobody"))
    start = reverse("nominations:nomination-import")
    assert faulty_pages(visit, {nominator: [start]}) == []
    window = visit(nominator, language="en")
    page = window.open(start)
    page.locator("[name=workbook]").set_input_files(
        {"name": "rows.xlsx", "mimeType": XLSX, "buffer": sheet(*rows).read()}
    )
    page.locator("[name=evidence]").set_input_files(
        {"name": "evidence.zip", "mimeType": "application/zip", "buffer": archive(letter=PDF).read()}
    )
    page.get_by_role("button", name="Check the spreadsheet").click()
    page.wait_for_url("**/imports/**")
    run_outbox()
    # The page comes again by itself.
    apply = page.get_by_role("button", name="Apply 2 rows without faults")
    expect(apply).to_be_visible(timeout=20_000)
    batch = ImportBatch.objects.get().get_absolute_url()
    assert faulty_pages(visit, {nominator: [batch]}) == []
    window.open(batch)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the error report").click()
    assert download.value.suggested_filename.endswith("-report.xlsx")
    apply.click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    run_outbox()

    expect(page.get_by_text(Nomination.objects.get().number)).to_be_visible(timeout=20_000)
    assert faulty_pages(visit, {nominator: [batch]}) == []
