"""Cells as people write them: every habit, and the spelling it is kept in."""

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.nominations import cells

MAY = dt.date(1992, 5, 17)


@pytest.mark.parametrize(
    "written",
    [
        MAY,
        "1992-05-17",
        "1992/5/17",
        "1992.5.17",
        "1992年5月17日",
        " 1992 年 5 月 17 日 ",
        "１９９２－０５－１７",
        "19920517",
        19920517.0,
        33741,
        33741.0,
        "33741",
        "33741.0",
        "1992-05-17 00:00:00",
        "1992-05-17T00:00:00",
    ],
)
def test_dates_of_every_kind_are_read(written: cells.Cell) -> None:
    assert cells.as_date(written) == MAY


@pytest.mark.parametrize(
    "written", ["1992", "1992-05", "05/17/1992", "1992-5/17", "1992517", "1992-02-30", "soon", 1.5]
)
def test_what_is_no_date_or_may_be_two_is_refused(written: cells.Cell) -> None:
    with pytest.raises(ValueError, match=r"date|day|month"):
        cells.as_date(written)


@pytest.mark.parametrize("written", ["", "  ", "\u3000"])
def test_an_empty_date_is_none(written: str) -> None:
    assert cells.as_date(written) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("１２０１１６　１９９０", "1201161990"),
        ("120116\u00a01990-0301 ", "1201161990" + "0301"),
        ("161−0000‑0001", "16100000001"),
        (16100000001.0, "16100000001"),
        ("'+44 7700 900001", "+447700900001"),
        ("ＸＸ０００１", "XX0001"),
        ("1E234567", "1E234567"),
        (120116900301901.0, "120116900301901"),
        ("", ""),
    ],
)
def test_numbers_lose_width_spaces_and_hyphens(written: cells.Cell, kept: str) -> None:
    assert cells.as_number(written) == kept


@pytest.mark.parametrize("written", [120116199003019012.0, 1.5, "1.20116E+17", "1.20116e17", "1E+17"])
def test_a_number_the_spreadsheet_rounded_is_refused(written: cells.Cell) -> None:
    with pytest.raises(cells.PrecisionLost):
        cells.as_number(written)


@given(st.dates(min_value=dt.date(1928, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_a_date_is_the_same_in_every_notation(day: dt.date) -> None:
    serial = (day - cells.DAY_ZERO).days
    notations = [day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", str(serial), float(serial)]

    assert {cells.as_date(each) for each in notations} == {day}


@given(st.text(alphabet=string.digits + string.ascii_uppercase, max_size=18))
def test_a_number_is_the_same_however_it_is_typed(number: str) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    spaced = "\u3000".join(number)

    # "1E2" is a number a person types; only "1E+2" is what a spreadsheet shows.
    assert {cells.as_number(each) for each in (number, wide, spaced, f" {number}\u00a0", "-".join(number))} <= {number}


@given(st.text())
def test_text_that_is_read_again_stays_as_it_is(text: str) -> None:
    assert cells.unguard(cells.guard(text)) == cells.unguard(text) or not text.startswith("'")
    assert not cells.guard(text).startswith(cells.RUNNABLE)
    assert cells.as_text(cells.guard(text)) == cells.as_text(text)


@given(st.lists(st.one_of(st.text(), st.integers(), st.booleans(), st.dates(), st.floats(allow_nan=False))))
def test_cells_are_kept_as_they_are(values: list[cells.Cell]) -> None:
    assert cells.load(cells.dump(values)) == values
