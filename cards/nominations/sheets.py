"""Read a spreadsheet of nominations: bounded, headings in either language and any order. No database."""

import datetime as dt
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from cards.nominations import cells, text_tables, workbook_reader
from cards.nominations.archives import BAD_ARCHIVE
from cards.nominations.cells import Cell
from cards.nominations.text_tables import HEADING_SEARCH_ROWS
from talentcard.core.errors import FieldError, InvalidInput

MAX_SHEET_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
PIECE_BYTES = 64 * 1024
MAX_PARTS = 200
MAX_ROWS = 5000
READ_SECONDS = 30
# The number of the last row a sheet may have: its titles and headings, and an empty line at the end.
LAST_ROW = MAX_ROWS + HEADING_SEARCH_ROWS + 2
XLSX, CSV = "xlsx", "csv"
# Older workbooks, and new ones under a password, begin like this.
COMPOUND_FILE = b"\xd0\xcf\x11\xe0"

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
# Columns that only some bases ask for.
MORE_HEADINGS = {
    "achievement_file": ("业绩证明", "Proof of achievement"),
    "employment_file": ("在职证明", "Proof of employment"),
    "qualification_file": ("学历或资格证书", "Degree or qualification"),
    "consent_file": ("本人同意书", "Signed consent"),
    "other_file": ("其他证明材料", "Other documents"),
    "expert_emails": ("推荐专家邮箱", "Experts' e-mails"),
}
REQUIRED_COLUMNS = frozenset(HEADINGS) - {"nationality", "gender", "birth_date", "phone", "address", "employer_code"}
LIMITS = {"name": 200, "nationality": 60, "employer": 160, "email": 254, "phone": 40, "address": 300, "reasons": 5000}
# The column of an error report: it is not read when the corrected report comes back, and written anew.
REPORT_HEADINGS = ("错误说明", "What is wrong")
# Legacy Green Cards 绿卡 that become cards.
GREEN_HEADINGS = {
    "green_card": ("绿卡号", "Green Card number"),
    **{field: HEADINGS[field] for field in HEADINGS if field not in ("address", "basis", "reasons", "evidence")},
    "valid_until": ("绿卡有效期至", "Green Card valid until"),
}


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns of a kind of sheet: their headings, and which of them it must have."""

    headings: Mapping[str, tuple[str, str]]
    required: frozenset[str]


NOMINATION_COLUMNS = Columns(headings={**HEADINGS, **MORE_HEADINGS}, required=REQUIRED_COLUMNS)
GREEN_COLUMNS = Columns(
    headings=GREEN_HEADINGS,
    required=frozenset(
        {"green_card", "name", "identity_kind", "identity_number", "email", "district", "tier", "valid_until"}
    ),
)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a sheet is built: what stands above its headings, the headings, and which column holds which field."""

    format: str
    delimiter: str
    above: list[list[Cell]]
    headings: list[Cell]
    columns: dict[str, int]
    report_column: int | None

    def dump(self) -> str:
        """Return the layout as JSON."""
        return cells.dump(asdict(self))

    @classmethod
    def load(cls, text: str) -> "Layout":
        """Return the layout that `dump` wrote."""
        return cls(**cells.load(text))

    def row(self, number: int, values: Sequence[Cell]) -> "SheetRow":
        """Return a row of the sheet by its fields."""
        found = {field: values[column] for field, column in self.columns.items() if column < len(values)}
        return SheetRow(number=number, cells=found)


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row that holds anything: its number as the spreadsheet shows it, and its cells by field."""

    number: int
    cells: dict[str, Cell]

    def text(self, field: str) -> str:
        """Return a cell as text, without the spaces around it; a whole number without its decimals."""
        return cells.as_text(self.cells.get(field, ""))

    def code(self, field: str) -> str:
        """Return a cell as a word to look up."""
        return cells.as_code(self.cells.get(field, ""))

    def digits(self, field: str) -> str:
        """Return a number that is a name: half-width, without spaces and hyphens.

        :raises PrecisionLost: if the spreadsheet rounded it
        """
        return cells.as_number(self.cells.get(field, ""))

    def date(self, field: str) -> dt.date | None:
        """Return a cell as a date; None if it is empty.

        :raises ValueError: if it is no date
        """
        return cells.as_date(self.cells.get(field, ""))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """An open sheet: its layout, and its rows that hold anything, with their numbers, one after the other."""

    layout: Layout
    rows: Iterator[tuple[int, list[Cell]]]


@contextmanager
def open_sheet(content: bytes, columns: Columns = NOMINATION_COLUMNS) -> Iterator[Sheet]:
    """Open a workbook's first sheet, or a text table.

    :raises InvalidInput: naming `sheet`, if it is neither, too large or empty; naming each column that is missing;
        reading the rows raises it too
    """
    if len(content) > MAX_SHEET_BYTES:
        raise _refusal("sheet_too_large", _("The sheet is larger than 10 MB."))
    if content.startswith(COMPOUND_FILE):
        message = _("This is an old Excel workbook (.xls) or one with a password: save it as .xlsx without one.")
        raise _refusal("sheet_unreadable", message)
    if not content.startswith(b"PK"):
        yield _open_text(content, columns)
        return
    _ensure_small(content)
    with closing(_read_workbook(content)) as table:
        yield _open_table(table, columns, file_format=XLSX)


def read_sheet(content: bytes) -> list[SheetRow]:
    """Return all rows of a sheet that hold anything.

    :raises InvalidInput: as `open_sheet` says
    """
    with open_sheet(content) as sheet:
        return [sheet.layout.row(number, values) for number, values in sheet.rows]


def _open_text(content: bytes, columns: Columns) -> Sheet:
    text = text_tables.decode(content)
    delimiter = text_tables.find_headings(text, lambda row: _recognise(row, columns)).delimiter
    return _open_table(text_tables.read_table(text, delimiter), columns, file_format=CSV, delimiter=delimiter)


def _open_table(table: Iterator[Any], wanted: Columns, *, file_format: str, delimiter: str = "") -> Sheet:
    above: list[list[Cell]] = []
    found: dict[str, int] = {}
    for values in islice(table, HEADING_SEARCH_ROWS):
        columns = _recognise(values, wanted)
        if columns.keys() >= wanted.required:
            layout = Layout(
                format=file_format,
                delimiter=delimiter,
                above=above,
                headings=values,
                columns=columns,
                report_column=_find(REPORT_HEADINGS, values),
            )
            return Sheet(layout=layout, rows=_rows(table, layout))
        above.append(values)
        found = max(found, columns, key=len)
    if not found:
        message = _("No row of headings was found among the first ten rows of this file.")
        raise _refusal("headings_missing", message)
    raise InvalidInput(
        FieldError(field=field, code="column_missing", message=_("The sheet has no such column."))
        for field in wanted.headings
        if field in wanted.required - found.keys()
    )


def _rows(table: Iterator[list[Cell]], layout: Layout) -> Iterator[tuple[int, list[Cell]]]:
    count = 0
    for number, values in enumerate(table, start=len(layout.above) + 2):
        row = layout.row(number, values)
        if not any(row.text(field) for field in row.cells):
            continue
        count += 1
        if count > MAX_ROWS or number > LAST_ROW:
            raise _too_many_rows()
        yield number, values
    if not count:
        raise _refusal("sheet_empty", _("The sheet has no rows."))


def _recognise(values: Sequence[Any], wanted: Columns) -> dict[str, int]:
    columns: dict[str, int] = {}
    for field, (chinese, english) in wanted.headings.items():
        position = _find((field, chinese, english, chinese + english, english + chinese), values)
        if position is not None:
            columns[field] = position
    return columns


def _find(names: Iterable[str], values: Sequence[Any]) -> int | None:
    known = {_squeeze(name) for name in names}
    return next((position for position, value in enumerate(values) if _squeeze(str(value)) in known), None)


def _squeeze(heading: str) -> str:
    # "Ｅ-mail *" and "E-mail" are one heading: the star of a required column does not count either.
    return "".join(char for char in cells.squeeze(heading) if char not in "*()_\ufeff")


def _ensure_small(content: bytes) -> None:
    # Unpacked and measured before the reader sees it: a few kilobytes can hold gigabytes.
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
                    while piece := file.read(PIECE_BYTES):
                        left -= len(piece)
                        if left < 0:
                            raise _too_large()
    except BAD_ARCHIVE as error:
        raise _unreadable() from error


def _read_workbook(content: bytes) -> Generator[list[Cell], None, None]:
    """Yield the rows of the first sheet, read by a process of its own that may die of them."""
    command = [sys.executable, "-I", workbook_reader.__file__, str(LAST_ROW)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
        assert reader.stdin is not None  # noqa: S101  # as asked for above
        assert reader.stdout is not None  # noqa: S101  # the same
        # Until the first row: from then on it waits for us, and its own limit of processor time holds.
        watchdog = threading.Timer(READ_SECONDS, reader.kill)
        watchdog.start()
        try:
            # A reader that died before it read all of it says why by its exit status.
            with suppress(BrokenPipeError):
                reader.stdin.write(content)
            with suppress(BrokenPipeError):
                reader.stdin.close()
            for line in reader.stdout:
                watchdog.cancel()
                yield json.loads(line, object_hook=lambda cell: dt.date.fromisoformat(cell["date"]))
            _ensure_whole(reader.wait())
        finally:
            watchdog.cancel()
            reader.kill()


def _ensure_whole(status: int) -> None:
    if status == workbook_reader.UNREADABLE:
        raise _unreadable()
    if status == workbook_reader.TOO_FAR:
        raise _too_many_rows()
    if status != 0:
        raise _too_large()


def _unreadable() -> InvalidInput:
    return _refusal("sheet_unreadable", _("This file cannot be read as an Excel workbook (.xlsx)."))


def _too_large() -> InvalidInput:
    return _refusal("sheet_too_large", _("The sheet is too large when unpacked."))


def _too_many_rows() -> InvalidInput:
    return _refusal("too_many_rows", _("A sheet may have at most 5000 rows."))


def _refusal(code: str, message: Any) -> InvalidInput:
    return InvalidInput.of("sheet", code, message)
