"""Sheets as people send them, and a few kilobytes that would fill the memory: the reader dies of them, not we."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from cards.nominations.sheets import HEADINGS, read_sheet
from talentcard.core.errors import InvalidInput

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row{0}r="5"><c{0}r="XFD1048576"><v>1</v></c></row>'


def book(rows: str, *, part: str = "worksheets/sheet1.xml", string: str = "") -> bytes:
    """Return a workbook with one sheet of these rows, and one shared string."""
    buffer = io.BytesIO()
    names = f'xmlns="{SHEET}" xmlns:r="{OFFICE}"'
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"/>')
        for folder, kind, target in (
            ("_rels/", "officeDocument", "xl/workbook.xml"),
            ("xl/_rels/workbook.xml", "worksheet", part),
        ):
            relation = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
            archive.writestr(
                f"{folder}.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'
            )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {names}><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        if string:
            archive.writestr("xl/sharedStrings.xml", f"<sst {names}><si><t>{string}</t></si></sst>")
        archive.writestr(f"xl/{part}", f"<worksheet {names}><sheetData>{rows}</sheetData></worksheet>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(book(FAR.format(" ")), id="last cell"),
        pytest.param(book(FAR.format(' s=">" ')), id="last cell behind a quoted bracket"),
        pytest.param(book(FAR.format(" "), part="worksheets/sheet1.dat"), id="part of another name"),
        pytest.param(
            book("<row></row>" * 1_000_000 + "<row>" + "<c></c>" * 2000 + "<c><v>1</v></c></row>"),
            id="rows not numbered",
        ),
        pytest.param(
            book(("<row>" + '<c t="s"><v>0</v></c>' * 90 + "</row>") * 1000, string="x" * 2_000_000),
            id="one string often",
        ),
    ],
)
def test_read_sheet_refuses_a_bomb_and_lives(content: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_sheet(content)

    assert caught.value.errors[0].code in ("sheet_too_large", "too_many_rows")


HEADING = ["姓名", "证件类型", "证件号码", "电子邮箱", "工作单位", "区", "认定依据", "层次", "举荐理由", "证明材料"]
VALUES = [
    "示例甲",
    "居民身份证",
    "１２０１１６ 19900301",
    "a@example.com",
    "单位",
    "滨海新区",
    "海河实验室",
    "B",
    "理由",
    "a.pdf",
]


def table(*rows: list[str], delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_tables_are_read_with_every_cell_quoted(delimiter: str) -> None:
    quoted = [[f'"{cell}"' for cell in row] for row in (HEADING, VALUES)]

    (row,) = read_sheet(table(*quoted, delimiter=delimiter).encode())

    assert (row.number, row.text("name"), row.text("evidence")) == (2, "示例甲", "a.pdf")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_tables_are_read_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    content = table(["举荐名单"], [], HEADING, VALUES, delimiter=delimiter).encode(encoding)

    (row,) = read_sheet(content)

    assert (row.number, row.text("name"), row.digits("identity_number")) == (4, "示例甲", "12011619900301")
    assert (row.code("district"), row.text("evidence")) == ("滨海新区", "a.pdf")


def test_headings_are_found_in_either_language_any_order_and_below_titles() -> None:
    names = ["Remarks", *reversed([" ".join(HEADINGS[field]) for field in HEADINGS])]
    values = ["note", *[f"{field}!" for field in reversed(HEADINGS)]]
    content = table(["Title"], ["", "subtitle"], names, values, [""] * len(names)).encode()

    (row,) = read_sheet(content)

    assert row.cells == {field: f"{field}!" for field in HEADINGS}
    assert row.number == 4


def test_headings_below_the_tenth_row_are_not_looked_for() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_sheet(table(*[["title"]] * 10, HEADING, VALUES).encode())

    assert [error.code for error in caught.value.errors] == ["headings_missing"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (table(HEADING, VALUES).encode("utf-16-le"), "encoding_unknown"),
        (table(HEADING).encode() + b"\xff\xff,\xff", "encoding_unknown"),
        (table(HEADING).encode() + b'"never closed,', "table_damaged"),
        (table(HEADING, ["x" * 100_001]).encode(), "table_damaged"),
        (table(HEADING, [""] * 10).encode(), "sheet_empty"),
        (table(HEADING, *[VALUES] * 5001).encode(), "too_many_rows"),
        (table(HEADING, *[[""]] * 5020, VALUES).encode(), "too_many_rows"),
        (table(["name", "tier"], ["a", "b"]).encode(), "column_missing"),
    ],
)
def test_a_bad_text_table_is_refused_with_a_clear_error(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_sheet(content)

    assert {error.code for error in caught.value.errors} == {code}


def test_a_merged_title_and_empty_columns_before_the_table_do_no_harm() -> None:
    book = Workbook()
    sheet = book.active
    sheet["B1"] = "举荐名单"
    sheet.merge_cells("B1:K1")
    for column, (heading, value) in enumerate(zip(HEADING, VALUES, strict=True), start=2):
        sheet.cell(row=3, column=column, value=heading)
        sheet.cell(row=5, column=column, value=value)
    saved = io.BytesIO()
    book.save(saved)

    (row,) = read_sheet(saved.getvalue())

    assert (row.number, row.text("name"), row.text("evidence")) == (5, "示例甲", "a.pdf")
