"""Read a table that came as text (csv): the encodings and delimiters in use. No database."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext_lazy as _

from talentcard.core.errors import InvalidInput

DELIMITERS = (",", ";", "\t")
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Without a mark: UTF-8 first, because hardly any other text is valid in it; then what Chinese versions of Excel write.
ENCODINGS = ("utf-8", "gb18030")
MAX_CELL = 100_000
# Titles and notes may stand above the headings.
HEADING_SEARCH_ROWS = 10


@dataclass(frozen=True, kw_only=True)
class Headings:
    """Where a text table has its headings: the row, counted from 0, and which column holds which field."""

    delimiter: str
    row: int = 0
    columns: dict[str, int]


def decode(content: bytes) -> str:
    """Return the text of a file: UTF-8, GB18030, or UTF-16 with its mark.

    :raises InvalidInput: naming `sheet`, if it is none of them
    """
    marked = [encoding for mark, encoding in BYTE_ORDER_MARKS if content.startswith(mark)]
    for encoding in marked or ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    message = _("This file is neither an Excel workbook (.xlsx) nor a text table in UTF-8, GB18030 or UTF-16.")
    raise InvalidInput.of("sheet", "encoding_unknown", message)


def read_table(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a table; what the first cannot be in this delimiter is a row of one cell.

    :raises InvalidInput: naming `sheet`, if a quotation mark is not closed or a cell is endless
    """
    csv.field_size_limit(MAX_CELL)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        message = _("This text table is damaged: a quotation mark is not closed, or a cell is too long.")
        raise InvalidInput.of("sheet", "table_damaged", message) from error


def find_headings(text: str, recognise: Callable[[Sequence[str]], dict[str, int]]) -> Headings:
    """Return the headings of a table, in the delimiter that makes the most of them: the one the writer meant.

    :param recognise: returns which columns of a row are headings of which fields
    """
    return max((_headings_in(text, each, recognise) for each in DELIMITERS), key=lambda found: len(found.columns))


def _headings_in(text: str, delimiter: str, recognise: Callable[[Sequence[str]], dict[str, int]]) -> Headings:
    best = Headings(delimiter=delimiter, columns={})
    try:
        for number, row in enumerate(islice(read_table(text, delimiter), HEADING_SEARCH_ROWS)):
            columns = recognise(row)
            if len(columns) > len(best.columns):
                best = Headings(delimiter=delimiter, row=number, columns=columns)
    except InvalidInput:
        # Cells that are quoted are no rows in another delimiter than theirs; who reads on with this one is told.
        return best
    return best
