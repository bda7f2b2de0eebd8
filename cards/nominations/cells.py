"""What people write into cells, in one spelling. Pure functions: no database, no clock."""

import datetime as dt
import json
import re
import unicodedata
from typing import Any

# What a cell may hold once it is read: text, a number, a truth value or a date.
Cell = str | float | bool | dt.date

# A spreadsheet program runs text that begins with one of these; an apostrophe before it keeps it text.
RUNNABLE = ("=", "+", "-", "@", "\t", "\r")
# A spreadsheet keeps 15 digits of a number and makes the others zeros.
EXACT_BELOW = 10**15
DAY_ZERO = dt.date(1899, 12, 30)
# Serial numbers of days, 1927 to 2099: a shorter number is rather a year somebody typed.
SERIALS = range(10_000, 73_051)

_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))")
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00(\.0+)?)?$")
_SCIENTIFIC = re.compile(r"\d(\.\d*E[+-]?|E[+-])\d+", re.IGNORECASE)
_INVISIBLE = "\ufeff\u200b"


class PrecisionLost(ValueError):
    """The spreadsheet rounded a number: what it was is not known any more."""


def as_text(value: Cell) -> str:
    """Return a cell as text without the spaces around it; a whole number without its decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFC", unguard(str(value))).strip().strip(_INVISIBLE).strip()


def as_code(value: Cell) -> str:
    """Return a cell as a word to look up: width, case and spaces do not count."""
    return squeeze(as_text(value))


def as_number(value: Cell) -> str:
    """Return a number that is a name, such as a telephone's: half-width, without spaces and hyphens.

    :raises PrecisionLost: if the spreadsheet rounded it
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) >= EXACT_BELOW or value != int(value):
            raise PrecisionLost
        return str(int(value))
    text = unicodedata.normalize("NFKC", as_text(value))
    text = "".join(char for char in text if not _is_filler(char))
    if _SCIENTIFIC.fullmatch(text):
        raise PrecisionLost
    return text.lstrip("'")


def as_date(value: Cell) -> dt.date | None:
    """Return a cell as a date, also one written as text or as a spreadsheet's serial number; None if it is empty.

    :raises ValueError: if it is no date
    """
    if isinstance(value, dt.date):
        return value
    text = unicodedata.normalize("NFKC", as_text(value))
    if not text:
        return None
    text = _MIDNIGHT.sub("", text)
    if not isinstance(value, float):
        text = text.removesuffix(".0")
    text = "".join(text.split())
    if text.isascii() and text.isdigit() and int(text) in SERIALS:
        return DAY_ZERO + dt.timedelta(days=int(text))
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError("this is not a date")
    year, _separator, *parts = match.groups()
    month, day = (int(part) for part in parts if part is not None)
    return dt.date(int(year), month, day)


def squeeze(word: str) -> str:
    """Return a word without what does not tell it from another: width, case, spaces."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(char for char in folded if not char.isspace())


def guard(text: str) -> str:
    """Return text that no spreadsheet program runs: with an apostrophe before what would begin a formula."""
    return f"'{text}" if text.startswith(RUNNABLE) else text


def unguard(text: str) -> str:
    """Return what text was before `guard`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RUNNABLE) else text


def dump(cells: Any) -> str:
    """Return cells as JSON."""
    return json.dumps(cells, ensure_ascii=False, default=lambda value: {"date": value.isoformat()})


def load(text: str) -> Any:
    """Return the cells that `dump` wrote."""
    return json.loads(text, object_hook=_as_date_cell)


def _as_date_cell(value: dict[str, Any]) -> Any:
    return dt.date.fromisoformat(value["date"]) if value.keys() == {"date"} else value


def _is_filler(char: str) -> bool:
    # Input methods offer the minus sign (U+2212) as a hyphen.
    return char.isspace() or char == "\u2212" or unicodedata.category(char) in {"Pd", "Cc", "Cf"}
