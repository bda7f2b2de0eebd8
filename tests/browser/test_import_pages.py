"""The pages of an import, from the upload to its nominations, in a real browser."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import expect

from cards.nominations.models import ImportBatch, Nomination, NominatorProfile
from talentcard.accounts.models import User
from tests.browser.conftest import BOTH, Visit, faults_of
from tests.cards.nominations.test_imports import archive, row, sheet
from tests.factories.nominations import PDF, make_policy, resident_number

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BUTTONS = {
    "zh-hans": ("检查表格", "提交无误的 2 行", "下载错误报告"),
    "en": ("Check the spreadsheet", "Apply 2 rows without faults", "Download the error report"),
}


@BOTH
def test_import_goes_from_the_upload_to_its_report_and_nominations(
    visit: Callable[..., Visit],
    nominator: User,
    run_outbox: Callable[[], int],
    size: dict[str, int],
    language: str,
) -> None:
    make_policy()
    NominatorProfile.objects.update(yearly_quota=1)
    check, apply, report = BUTTONS[language]
    script = "<script>alert(1)</script>"
    rows = [row(name=f"示例{each}", identity_number=resident_number(each)) for each in range(2)]
    rows.append(row(name=script, identity_number=resident_number(2), tier="Z", email="nobody"))
    window = visit(nominator, size=size, language=language)

    page = window.open(reverse("nominations:nomination-import"))
    assert faults_of(window) == []
    page.locator("[name=workbook]").set_input_files(
        {"name": "rows.xlsx", "mimeType": XLSX, "buffer": sheet(*rows).read()}
    )
    page.locator("[name=evidence]").set_input_files(
        {"name": "evidence.zip", "mimeType": "application/zip", "buffer": archive(letter=PDF).read()}
    )
    page.get_by_role("button", name=check).click()
    page.wait_for_url("**/imports/**")
    run_outbox()
    # The page comes again by itself.
    expect(page.get_by_role("button", name=apply)).to_be_visible(timeout=20_000)
    window.open(ImportBatch.objects.get().get_absolute_url())
    assert faults_of(window) == []
    with page.expect_download() as download:
        page.get_by_role("link", name=report).click()
    assert download.value.suggested_filename.endswith("-report.xlsx")
    page.get_by_role("button", name=apply).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    run_outbox()

    expect(page.get_by_text(Nomination.objects.get().number)).to_be_visible(timeout=20_000)
    window.open(ImportBatch.objects.get().get_absolute_url())
    assert faults_of(window) == []
