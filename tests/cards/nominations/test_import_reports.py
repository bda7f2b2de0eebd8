"""The error report: the same sheet, harmless, and taken in again as it is."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.utils import timezone, translation
from openpyxl import load_workbook

from cards.nominations import operations
from cards.nominations.models import ImportBatch
from cards.nominations.reports import write_report
from cards.nominations.sheets import HEADINGS
from talentcard.accounts.models import User
from tests.cards.nominations.test_imports import archive, row, sheet
from tests.factories.nominations import PDF, make_policy, resident_number

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://example.com","x")'


@pytest.fixture(autouse=True)
def _policy(db: None) -> None:
    make_policy()


@pytest.fixture
def take_in(nominator: User, run_outbox: Callable[[], int]) -> Callable[..., ImportBatch]:
    """Return a function that hands a sheet in and has it checked, and applied if asked for."""

    def run(content: bytes, *, apply: bool = False) -> ImportBatch:
        batch = operations.receive_import(
            actor=nominator,
            sheet=SimpleUploadedFile("rows", content),
            archive=SimpleUploadedFile("evidence.zip", archive(letter=PDF).read()),
            at=timezone.now(),
        )
        run_outbox()
        if apply:
            operations.apply_import(actor=nominator, batch=batch, at=timezone.now())
            run_outbox()
        batch.refresh_from_db()
        return batch

    return run


def as_csv(*rows: dict[str, object], encoding: str = "gb18030") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["举荐名单"])
    writer.writerow([*(zh for zh, _en in HEADINGS.values()), "备注"])
    writer.writerows([*each.values(), FORMULA] for each in rows)
    return text.getvalue().encode(encoding)


def report(batch: ImportBatch, language: str = "en") -> bytes:
    with translation.override(language), write_report(batch) as file:
        return file.read()


def lines_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_report_of_a_text_table_is_the_table_with_a_column(take_in: Any) -> None:
    rows = [row(), row(name="示例乙", identity_number=resident_number(2), tier="Z", email="nobody", phone="+44 1")]

    titles, heading, good, bad = lines_of(report(take_in(as_csv(*rows))))

    assert titles[0] == "举荐名单"
    assert heading == [*(zh for zh, _en in HEADINGS.values()), "备注", "What is wrong"]
    assert (good[0], good[-1]) == ("示例甲", "")
    assert bad[-1] == ("E-mail: This is not an e-mail address. Tier: There is no such tier in the policy in force.")
    # No program runs what somebody wrote into a cell.
    assert (bad[6], bad[-2]) == ("'+44 1", f"'{FORMULA}")


def test_report_speaks_the_readers_language(take_in: Any) -> None:
    batch = take_in(as_csv(row(evidence="lost.pdf")))

    lines = lines_of(report(batch, "zh-hans"))

    assert lines[1][-1] == "错误说明"
    assert lines[2][-1] == "证明材料：压缩包中没有名为 lost.pdf 的文件。"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_corrected_report_applies_only_what_is_new(take_in: Any, kind: str) -> None:
    rows = [
        row(phone="+44 7700 900001"),
        row(name="示例乙", identity_number=resident_number(2), tier="B"),
        row(name="示例丙", identity_number=resident_number(3), email="nobody"),
    ]
    content = as_csv(*rows) if kind == "csv" else sheet(*rows, above=2).read()
    first = take_in(content, apply=True)
    assert list(first.rows.values_list("status", flat=True)) == ["applied", "applied", "invalid"]

    corrected = _corrected(report(first), kind)
    again = take_in(corrected, apply=True)

    assert list(again.rows.values_list("status", flat=True)) == ["known", "known", "applied"]
    # One column, however often it goes to and fro.
    final = report(again)
    heading = lines_of(final)[1] if kind == "csv" else list(load_workbook(io.BytesIO(final)).active.values)[2]
    assert list(heading).count("What is wrong") == 1


def _corrected(content: bytes, kind: str) -> bytes:
    if kind == "csv":
        return content.decode("utf-8-sig").replace("nobody", "three@example.com").encode()
    book = load_workbook(io.BytesIO(content))
    for cells in book.active.iter_rows():
        for cell in cells:
            if cell.value == "nobody":
                cell.value = "three@example.com"
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_report_of_a_workbook_keeps_rows_dates_and_text(take_in: Any) -> None:
    born = dt.date(1990, 3, 1)
    book = load_workbook(sheet(row(birth_date=born, name="甲", reasons="@SUM(1)"), above=1))
    book.active.insert_rows(3)
    saved = io.BytesIO()
    book.save(saved)

    lines = list(load_workbook(io.BytesIO(report(take_in(saved.getvalue())))).active.iter_rows())

    assert [line[0].value for line in lines] == ["举荐名单", lines[1][0].value, None, "甲"]
    fields = dict(zip(HEADINGS, lines[3], strict=False))
    assert fields["birth_date"].value.date() == born
    assert (fields["reasons"].value, fields["reasons"].data_type) == ("'@SUM(1)", "s")
    # A number entered here stays text.
    assert fields["identity_number"].number_format == "@"


def test_report_is_a_private_download(take_in: Any, nominator: User, login: Any) -> None:
    batch = take_in(as_csv(row()))

    answer: FileResponse = login(nominator).get(f"{batch.get_absolute_url()}report/")

    assert answer["Content-Disposition"].endswith('-report.csv"')
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")


def test_report_waits_for_the_check(nominator: User, login: Any, api_for: Any, take_in: Any) -> None:
    batch = take_in(as_csv(row()))
    ImportBatch.objects.update(status="checking")

    answer = api_for(nominator).get(f"/api/v1/nominations/imports/{batch.pk}/report/")

    assert (answer.status_code, answer.data["code"]) == (409, "import_not_checked")
