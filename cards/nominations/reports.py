"""Write the error report of a spreadsheet: the same sheet, and a column that says what is wrong in each row.

Row by row, so that memory does not grow with the rows. What a spreadsheet program would run is written with an
apostrophe before it; when the corrected report comes back, the apostrophe is taken off again.
"""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cards.nominations import cells
from cards.nominations.cells import Cell
from cards.nominations.faults import heading_of, message_of
from cards.nominations.models import ImportBatch, ImportRow
from cards.nominations.operations.imports import MEDIA_TYPES, ImportNotChecked
from cards.nominations.operations.rows import evidence_names
from cards.nominations.sheets import REPORT_HEADINGS, XLSX, Layout
from talentcard.documents.responses import private_download

AT_ONCE = 200
# Written as text, or a spreadsheet rounds the number that is entered there.
NUMBER_FIELDS = ("identity_number", "phone", "employer_code")


def report_of(batch: ImportBatch) -> FileResponse:
    """Return a batch's error report as a download.

    :raises ImportNotChecked: if its rows are not all checked
    """
    if not batch.is_checked or not batch.layout:
        raise ImportNotChecked
    layout = Layout.load(batch.layout)
    name = f"{timezone.localtime(batch.imported_at):%Y-%m-%d-%H%M}-report.{layout.format}"
    return private_download(write_report(batch), name=name, media_type=MEDIA_TYPES[layout.format])


def write_report(batch: ImportBatch) -> IO[bytes]:
    """Return the report of a checked batch in its reader's language, as a file that is gone once it is closed."""
    layout = Layout.load(batch.layout)
    write = _write_workbook if layout.format == XLSX else _write_text
    return write(layout, _lines(layout, batch))


def fault_text(row: ImportRow, layout: Layout) -> str:
    """Return everything that is wrong with a row, in the reader's language."""
    if not row.errors:
        return ""
    files = evidence_names(layout.row(row.number, cells.load(row.cells)))
    parts = []
    for fault in row.errors:
        message = message_of(fault, files)
        heading = heading_of(fault["field"]) + pgettext("between a label and its value", ": ") if fault["field"] else ""
        parts.append(heading + message)
    return " ".join(parts)


def _lines(layout: Layout, batch: ImportBatch) -> Iterator[list[Cell]]:
    """Yield the rows of the report; empty ones stay, so that every row keeps its number."""
    zh, en = REPORT_HEADINGS
    yield from (_with_column(layout, values, "") for values in layout.above)
    yield _with_column(layout, layout.headings, zh if (get_language() or "").startswith("zh") else en)
    number = len(layout.above) + 1
    for row in batch.rows.order_by("number").iterator(chunk_size=AT_ONCE):
        yield from ([] for _ in range(row.number - number - 1))
        number = row.number
        yield _with_column(layout, cells.load(row.cells), fault_text(row, layout))


def _with_column(layout: Layout, values: Sequence[Cell], text: str) -> list[Cell]:
    width = len(layout.headings)
    padded = [*values, *[""] * (width - len(values))]
    kept = [value for position, value in enumerate(padded) if position != layout.report_column]
    if layout.report_column is not None:
        width -= 1
    return [*kept[:width], text, *kept[width:]]


def _write_workbook(layout: Layout, lines: Iterator[list[Cell]]) -> IO[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    numbers = {layout.columns[field] for field in NUMBER_FIELDS if field in layout.columns}
    if layout.report_column is not None:
        numbers = {each - (each > layout.report_column) for each in numbers}
    for values in lines:
        line = []
        for position, value in enumerate(values):
            text = cells.guard(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value
            cell = WriteOnlyCell(sheet, value=text)
            if position in numbers and isinstance(text, str):
                cell.number_format = "@"
            line.append(cell)
        sheet.append(line)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _write_text(layout: Layout, lines: Iterator[list[Cell]]) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    # With the mark, without which Excel takes it for another encoding.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=layout.delimiter)
    for values in lines:
        writer.writerow([cells.guard(_as_text(value)) for value in values])
    text.flush()
    text.detach()
    file.seek(0)
    return file


def _as_text(value: Cell) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
