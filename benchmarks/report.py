"""The table, and the machine it was measured on."""

import os
import platform
from collections.abc import Iterable, Sequence

from benchmarks.figures import Figure

COLUMNS = ("work", "unit", "ours", "reference", "ratio", "lowest–highest", "required", "goal", "")
WIDTHS = (24, 11, 9, 9, 6, 14, 8, 6, 0)
ALIGNMENTS = "<<>>>>>><"


def show(machine: Sequence[str], figures: Iterable[Figure]) -> None:
    """Print the machine and the table, each line as soon as it is measured."""
    print("; ".join(machine), flush=True)
    notes = []
    _print_row(COLUMNS)
    for figure in figures:
        _print_row(_cells(figure))
        if figure.note:
            notes.append(f"{figure.work}: {figure.note}")
    print("\n".join(notes))


def machine() -> str:
    """Describe the machine, without its name."""
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = platform.system()
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}, load {load:.1f} before the start"


def _print_row(cells: Sequence[str]) -> None:
    padded = [f"{cell:{align}{width}}" for cell, align, width in zip(cells, ALIGNMENTS, WIDTHS, strict=True)]
    print("  ".join(padded).rstrip(), flush=True)


def _cells(figure: Figure) -> Sequence[str]:
    ours, reference = figure.medians
    ratio = spread = "–"
    if figure.ratios:
        median, lowest, highest = figure.ratios
        ratio, spread = f"{median:.2f}", f"{lowest:.2f}–{highest:.2f}"
    sign = "≤" if figure.is_less_better else "≥"
    bounds = (f"{sign} {figure.required:g}", f"{sign} {figure.goal:g}")
    return (figure.work, figure.unit, _number(ours), _number(reference), ratio, spread, *bounds, _judge(figure))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"


def _judge(figure: Figure) -> str:
    if figure.reaches(figure.goal):
        return "goal"
    return "required" if figure.reaches(figure.required) else "MISSED"
