"""A few kilobytes that would fill the memory: the reader dies of them, the service does not."""

import io
import zipfile

import pytest

from cards.nominations.sheets import read_sheet
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
