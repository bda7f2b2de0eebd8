"""Read a spreadsheet of nominations: bounded, headings in either language and any order. No database."""

import datetime as dt
import io
import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cards.nominations import workbook_reader
from cards.nominations.archives import BAD_ARCHIVE
from talentcard.core.errors import FieldError, InvalidInput

MAX_SHEET_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_PARTS = 200
MAX_ROWS = 5000
READ_SECONDS = 30
# Titles and notes may stand above the headings.
HEADING_SEARCH_ROWS = 10

# Either half of each heading is recognised, and so is the field's own name.
HEADINGS = {
    "name": ("姓名", "Name"),
    "identity_kind": ("证件类型", "ID type"),
    "identity_number": ("证件号码", "ID number"),
    "nationality": ("国家/地区", "Country or region"),
    "gender": ("性别", "Gender"),
    "birth_date": ("出生日期", "Date of birth"),
    "phone": ("手机", "Mobile"),
    "email": ("电子邮箱", "E-mail"),
    "address": ("通讯地址", "Address"),
    "employer": ("工作单位", "Employer"),
    "employer_code": ("统一社会信用代码", "Employer code"),
    "district": ("区", "District"),
    "basis": ("认定依据", "Basis"),
    "tier": ("层次", "Tier"),
    "reasons": ("举荐理由", "Reasons"),
    "evidence": ("证明材料", "Evidence file"),
}
REQUIRED_COLUMNS = frozenset(HEADINGS) - {"nationality", "gender", "birth_date", "phone", "address", "employer_code"}
LIMITS = {"name": 200, "nationality": 60, "employer": 160, "email": 254, "phone": 40, "address": 300, "reasons": 5000}

_DATE = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row that holds anything: its number as the spreadsheet shows it, and its cells by field."""

    number: int
    cells: dict[str, Any]

    def text(self, field: str) -> str:
        """Return a cell as text, without the spaces around it; a whole number without its decimals."""
        value = self.cells.get(field, "")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return unicodedata.normalize("NFC", str(value)).strip()

    def date(self, field: str) -> dt.date | None:
        """Return a cell as a date; None if it is empty.

        :raises ValueError: if it is no date
        """
        value = self.cells.get(field, "")
        if isinstance(value, dt.date):
            return value
        text = self.text(field)
        if not text:
            return None
        match = _DATE.fullmatch(unicodedata.normalize("NFKC", text))
        if match is None:
            raise ValueError
        return dt.date(*map(int, match.groups()))


def read_sheet(content: bytes) -> list[SheetRow]:
    """Return the rows of a workbook's first sheet that hold anything.

    :raises InvalidInput: naming `sheet`, if it is no .xlsx, too large, without the columns needed, or empty
    """
    _ensure_small(content)
    table = _read_table(content)
    heading, columns = _find_headings(table)
    rows = [
        SheetRow(number=number, cells={field: values[column] for field, column in columns.items()})
        for number, values in enumerate(table[heading + 1 :], start=heading + 2)
    ]
    rows = [row for row in rows if any(row.text(field) for field in columns)]
    if not rows:
        raise _refusal("sheet_empty", _("The sheet has no rows."))
    if len(rows) > MAX_ROWS:
        raise _refusal("too_many_rows", _("A sheet may have at most 5000 rows."))
    return rows


def _ensure_small(content: bytes) -> None:
    # Unpacked and measured before the reader sees it: a few kilobytes can hold gigabytes.
    if len(content) > MAX_SHEET_BYTES:
        raise _refusal("sheet_too_large", _("The sheet is larger than 10 MB."))
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = book.infolist()
            if "xl/workbook.xml" not in book.namelist():
                raise zipfile.BadZipFile
            if len(parts) > MAX_PARTS:
                raise _too_large()
            for part in parts:
                with book.open(part) as file:
                    left -= len(file.read(left + 1))
                if left < 0:
                    raise _too_large()
    except BAD_ARCHIVE as error:
        raise _unreadable() from error


def _read_table(content: bytes) -> list[list[Any]]:
    """Return the cells of the first sheet, read by a process of its own that may die of them."""
    command = [sys.executable, "-I", workbook_reader.__file__, str(MAX_ROWS + HEADING_SEARCH_ROWS + 2)]
    try:
        reader = subprocess.run(command, input=content, capture_output=True, timeout=READ_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise _too_large() from error
    if reader.returncode == workbook_reader.UNREADABLE:
        raise _unreadable()
    if reader.returncode == workbook_reader.TOO_FAR:
        raise _refusal("too_many_rows", _("A sheet may have at most 5000 rows."))
    if reader.returncode != 0:
        raise _too_large()
    table: list[list[Any]] = json.loads(reader.stdout, object_hook=lambda cell: dt.date.fromisoformat(cell["date"]))
    return table


def _find_headings(table: list[list[Any]]) -> tuple[int, dict[str, int]]:
    found: dict[str, int] = {}
    for index, cells in enumerate(table[:HEADING_SEARCH_ROWS]):
        columns = _recognise(cells)
        if columns.keys() >= REQUIRED_COLUMNS:
            return index, columns
        found = max(found, columns, key=len)
    errors = [
        FieldError(field=field, code="column_missing", message=_("The sheet has no such column."))
        for field in HEADINGS
        if field in REQUIRED_COLUMNS - found.keys()
    ]
    raise InvalidInput(errors)


def _recognise(cells: list[Any]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for position, cell in enumerate(cells):
        words = _squeeze(str(cell))
        for field, (chinese, english) in HEADINGS.items():
            known = {_squeeze(each) for each in (field, chinese, english, chinese + english, english + chinese)}
            if words in known:
                columns.setdefault(field, position)
    return columns


def _squeeze(heading: str) -> str:
    # "Ｅ-mail *" and "E-mail" are one heading: width, case, spaces and the star of a required column do not count.
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(char for char in folded if not char.isspace() and char not in "*()_")


def _unreadable() -> InvalidInput:
    return _refusal("sheet_unreadable", _("This file cannot be read as an Excel workbook (.xlsx)."))


def _too_large() -> InvalidInput:
    return _refusal("sheet_too_large", _("The sheet is too large when unpacked."))


def _refusal(code: str, message: Any) -> InvalidInput:
    return InvalidInput.of("sheet", code, message)
