"""The sheet on which an officer decides: what waits for them as csv, and what they wrote into it. No database.

Written in UTF-8 with a byte order mark, as spreadsheet programs want it; read as text tables are: UTF-8, GB18030 or
UTF-16, separated by commas, semicolons or tabs, headings in Chinese or English in any order, titles above them.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cards.nominations.cells import guard, squeeze, unguard
from cards.nominations.choices import Outcome
from cards.nominations.text_tables import decode, find_headings, read_table
from talentcard.core.errors import InvalidInput

Meaning = TypeVar("Meaning")

MAX_BYTES = 2 * 1024 * 1024
ITEM_SEPARATORS = str.maketrans("；;", "\n\n")

# Chinese and English; the officer fills in the last four.
HEADINGS = {
    "number": ("编号", "Number"),
    "nominee": ("被举荐人", "Nominee"),
    "basis": ("认定依据", "Basis"),
    "tier": ("层次", "Tier"),
    "step": ("环节", "Step"),
    "due": ("办理期限", "Due"),
    "round": ("轮次标识", "Round"),
    "outcome": ("决定", "Decision"),
    "agrees": ("对初审意见", "First opinion"),
    "reason": ("原因", "Reason"),
    "missing": ("需补正", "To correct"),
}
NEEDED = ("number", "outcome")
OUTCOMES: dict[Outcome, tuple[str, ...]] = {
    Outcome.PASS: ("通过", "pass", "passed", "approve"),
    Outcome.RETURN: ("退回补正", "退回", "补正", "return", "return for correction", "returned"),
    Outcome.REJECT: ("不予通过", "不通过", "驳回", "reject", "rejected"),
}
AGREEMENT: dict[bool, tuple[str, ...]] = {
    True: ("同意", "是", "agree", "agrees", "yes"),
    False: ("不同意", "否", "disagree", "disagrees", "no"),
}


@dataclass(frozen=True, kw_only=True)
class SheetCase:
    """A case as the sheet names it; `round` tells the round that the officer looks at from a later one."""

    number: str
    nominee: str
    basis: str
    tier: str
    step: str
    due: str
    round: str


@dataclass(frozen=True, kw_only=True)
class SheetDecision:
    """What a row says; `fault` is why it cannot be read, else empty. `row` counts from 1, as the program shows it."""

    row: int
    number: str
    outcome: str = ""
    agrees: bool | None = None
    reason: str = ""
    missing: Sequence[str] = ()
    round: str = ""
    fault: str = ""


def write_sheet(cases: Iterable[SheetCase]) -> bytes:
    """Return the sheet of cases, with the columns that the officer fills in left empty."""
    language = 0 if (get_language() or "").startswith("zh") else 1
    headings = [names[language] for names in HEADINGS.values()]
    return _table(headings, ([getattr(case, field, "") for field in HEADINGS] for case in cases))


def write_results(results: Iterable[Sequence[str]]) -> bytes:
    """Return what became of each row, as (row, number, result, why), as a sheet."""
    return _table([gettext("Row"), gettext("Number"), gettext("Result"), gettext("Reason")], results)


def read_sheet(content: bytes) -> list[SheetDecision]:
    """Return the rows that decide something: those whose decision is empty are left as they are.

    :raises InvalidInput: naming `sheet`, if it is too large, no text table, lacks a heading, or decides nothing
    """
    if len(content) > MAX_BYTES:
        raise InvalidInput.of("sheet", "too_large", _("The file is too large: 2 MB at most."))
    text = decode(content)
    headings = find_headings(text, _recognise)
    if lacking := [" / ".join(HEADINGS[field]) for field in NEEDED if field not in headings.columns]:
        message = _("The sheet lacks the heading %(names)s.") % {"names": ", ".join(lacking)}
        raise InvalidInput.of("sheet", "heading_missing", message)
    rows = enumerate(read_table(text, headings.delimiter), start=1)
    below = islice(rows, headings.row + 1, None)
    decisions = [_decision(number, cells, headings.columns) for number, cells in below]
    chosen = _without_repeats(each for each in decisions if each is not None)
    if not chosen:
        raise InvalidInput.of("sheet", "nothing_decided", _("No row of the sheet has a decision."))
    return chosen


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(headings)
    table.writerows([guard(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _recognise(cells: Sequence[str]) -> dict[str, int]:
    squeezed = [squeeze(cell.strip("\ufeff")) for cell in cells]
    found = {}
    for field, names in HEADINGS.items():
        known = {field, *(squeeze(name) for name in names)}
        position = next((index for index, cell in enumerate(squeezed) if cell in known), None)
        if position is not None:
            found[field] = position
    return found


def _decision(row: int, cells: Sequence[str], columns: dict[str, int]) -> SheetDecision | None:
    def cell(field: str) -> str:
        position = columns.get(field)
        return unguard(cells[position].strip()) if position is not None and position < len(cells) else ""

    number, word = cell("number"), cell("outcome")
    if not word:
        return None
    outcome, agrees = _meant(OUTCOMES, word), _meant(AGREEMENT, cell("agrees"))
    fault = ""
    if not number:
        fault = gettext("The row has no number.")
    elif outcome is None:
        fault = gettext("“%(word)s” is no decision: write pass, return or reject.") % {"word": word[:40]}
    elif cell("agrees") and agrees is None:
        fault = gettext("“%(word)s” is no opinion: write agree or disagree.") % {"word": cell("agrees")[:40]}
    elif not _is_round(cell("round")):
        fault = gettext("The round was changed: download the sheet again.")
    return SheetDecision(
        row=row,
        number=number,
        outcome=outcome or "",
        agrees=agrees,
        reason=cell("reason"),
        missing=tuple(filter(None, map(str.strip, cell("missing").translate(ITEM_SEPARATORS).splitlines()))),
        round=cell("round"),
        fault=fault,
    )


def _meant(words: dict[Meaning, tuple[str, ...]], word: str) -> Meaning | None:
    wanted = squeeze(word)
    return next((meaning for meaning, known in words.items() if wanted in {squeeze(each) for each in known}), None)


def _is_round(text: str) -> bool:
    try:
        return not text or str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _without_repeats(decisions: Iterable[SheetDecision]) -> list[SheetDecision]:
    seen: set[str] = set()
    chosen = []
    for each in decisions:
        if each.number in seen and not each.fault:
            chosen.append(SheetDecision(row=each.row, number=each.number, fault=gettext("The case stands twice.")))
        else:
            chosen.append(each)
        seen.add(each.number)
    return chosen
