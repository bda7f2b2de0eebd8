"""Write the sample sheets so that the same rows always make the same bytes."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from cards.talents import identity
from samples import city
from samples.evidence import archive

# Field, heading, width: in the order of the sheet.
Column = tuple[str, str, int]
COLUMNS: list[Column] = [
    ("name", "姓名 Name", 28),
    ("identity_kind", "证件类型 ID type", 18),
    ("identity_number", "证件号码 ID number", 24),
    ("nationality", "国家/地区 Country or region", 26),
    ("gender", "性别 Gender", 10),
    ("birth_date", "出生日期 Date of birth", 14),
    ("phone", "手机 Mobile", 18),
    ("email", "电子邮箱 E-mail", 26),
    ("address", "通讯地址 Address", 48),
    ("employer", "工作单位 Employer", 40),
    ("employer_code", "统一社会信用代码 Employer code", 24),
    ("district", "区 District", 10),
    ("basis", "认定依据 Basis", 14),
    ("tier", "层次 Tier", 8),
    ("reasons", "举荐理由 Reasons", 60),
    ("evidence", "证明材料 Evidence file", 30),
]
HEADINGS = [heading for _field, heading, _width in COLUMNS]
# Of legacy Green Cards 绿卡.
GREEN_COLUMNS = [
    ("green_card", "绿卡号 Green Card number", 20),
    *(each for each in COLUMNS if each[0] not in ("address", "basis", "reasons", "evidence")),
    ("valid_until", "绿卡有效期至 Green Card valid until", 18),
]
DATES = ("birth_date", "valid_until")
IDENTITY_KINDS = {
    identity.RESIDENT_ID: ("居民身份证", "resident identity card"),
    identity.RESIDENCE_PERMIT: ("港澳台居民居住证", "residence permit for Hong Kong, Macao and Taiwan residents"),
    identity.PASSPORT: ("护照", "passport"),
    identity.FOREIGN_PR_CARD: ("外国人永久居留身份证", "foreign permanent resident ID card"),
    identity.HK_MACAU_PERMIT: ("港澳居民来往内地通行证", "mainland travel permit for Hong Kong and Macao residents"),
    identity.TAIWAN_PERMIT: ("台湾居民来往大陆通行证", "mainland travel permit for Taiwan residents"),
}
LEGEND = {
    "证件类型 ID type": IDENTITY_KINDS,
    "性别 Gender": {"female": ("女", "female"), "male": ("男", "male")},
    "区 District": city.DISTRICTS,
    "认定依据 Basis": city.BASES,
    "层次 Tier": city.TIERS,
}
MADE_AT = "2026-01-01T00:00:00Z"


def workbook(
    rows: Iterable[Mapping[str, object]], *, columns: Sequence[Column] = COLUMNS, title: str = "举荐 Nominations"
) -> bytes:
    """Return an .xlsx with one row per nomination or Green Card, and a second sheet that explains the codes."""
    book = Workbook()
    _fill_rows(book.active, rows, columns)
    book.active.title = title
    _fill_legend(book.create_sheet("说明 Legend"))
    book.properties.creator = "samples"
    saved = io.BytesIO()
    book.save(saved)
    return _without_time(saved.getvalue())


def _fill_rows(sheet: Worksheet, rows: Iterable[Mapping[str, object]], columns: Sequence[Column]) -> None:
    sheet.append([heading for _field, heading, _width in columns])
    for row in rows:
        sheet.append([row[field] for field, _heading, _width in columns])
    for position, (field, _heading, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
        # Text, or a spreadsheet rounds the last digits of a number away.
        style = "yyyy-mm-dd" if field in DATES else "@"
        for (cell,) in sheet.iter_rows(min_row=2, min_col=position, max_col=position):
            cell.number_format = style
    _dress_heading(sheet)


def _fill_legend(sheet: Worksheet) -> None:
    sheet.append(["列 Column", "代码 Code", "中文", "English"])
    for column, codes in LEGEND.items():
        for code, (chinese, english) in codes.items():
            sheet.append([column, code, chinese, english])
    sheet.append([])
    sheet.append(["示例数据：人员、证件号码、单位均为虚构。 Sample data: no such person, number or employer exists."])
    for letter, width in zip("ABCD", (26, 20, 30, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    _dress_heading(sheet)


def _dress_heading(sheet: Worksheet) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="8C2F39")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.freeze_panes = "B2"


def _without_time(content: bytes) -> bytes:
    # The library stamps the moment of saving into the archive and the properties.
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    core = parts["docProps/core.xml"].decode()
    parts["docProps/core.xml"] = re.sub(r"(<dcterms:\w+ [^>]*>)[^<]*", rf"\g<1>{MADE_AT}", core).encode()
    return archive(parts)
