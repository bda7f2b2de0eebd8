"""Read a workbook's first sheet in a process that may die of it: `python -I workbook_reader.py ROWS < book > rows`.

A few kilobytes can make the reader lay out a table of gigabytes, and it then aborts the process it runs in. So it runs
in one of its own, with bounds on memory and time, and hands out a row a line as JSON, a date as `{"date": ISO}`:
whoever reads needs memory for a row, not for the sheet. It imports nothing of the project.
"""

import datetime as dt
import io
import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 1024**3
CPU_SECONDS = 20
MAX_COLUMNS = 100
OUTPUT_CHARACTERS = 50_000_000
UNREADABLE = 3
TOO_LARGE = 4
# A cell lies beyond the rows or columns a sheet may have: leaving it out would lose it in silence.
TOO_FAR = 5


def main() -> int:
    """Read from standard input; return 0, `UNREADABLE`, `TOO_LARGE` or `TOO_FAR`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # After the limits: what it allocates counts.
    from python_calamine import CalamineError, CalamineWorkbook

    content = io.BytesIO(sys.stdin.buffer.read())
    try:
        sheet = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0)
        if sheet.start is None or sheet.end is None:
            return 0
        if sheet.end[0] >= int(sys.argv[1]) or sheet.end[1] >= MAX_COLUMNS:
            return TOO_FAR
        return _write_rows(sheet)
    except (CalamineError, IndexError):
        return UNREADABLE


def _write_rows(sheet: Any) -> int:
    # The library leaves out the empty columns before the first that holds anything.
    before = [""] * sheet.start[1]
    written = 0
    for cells in sheet.iter_rows():
        written += sum(len(cell) for cell in cells if isinstance(cell, str))
        if written > OUTPUT_CHARACTERS:
            return TOO_LARGE
        sys.stdout.write(json.dumps(before + cells, default=_as_json) + "\n")
    return 0


def _as_json(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
