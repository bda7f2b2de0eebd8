"""A sheet of thousands of rows as people type them, with every fault among them, and the errors it must get."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, timedelta

from cards.talents import identity
from samples import names
from samples.nominations import Chance, Person, nominate, resident_number

SEED = 5000
FIRST_BIRTH = date(1951, 1, 1)
DAY_ZERO = date(1899, 12, 30)
# One row in so many has a fault.
FAULT_EVERY = 7
LETTER = "letter.pdf"

Row = dict[str, object]


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


# How people type a row that is right.
HABITS: list[Callable[[Row, date], Row]] = [
    lambda row, _born: {},
    lambda row, _born: {"identity_number": _wide(str(row["identity_number"]))},
    lambda row, _born: {"identity_number": "\u3000".join(str(row["identity_number"])[i : i + 6] for i in (0, 6, 12))},
    # The number as it was before 1999.
    lambda row, _born: {"identity_number": str(row["identity_number"])[:6] + str(row["identity_number"])[8:17]},
    lambda _row, born: {"birth_date": f"{born.year}年{born.month}月{born.day}日"},
    lambda _row, born: {"birth_date": (born - DAY_ZERO).days},
    lambda _row, born: {"birth_date": f"{(born - DAY_ZERO).days}"},
    lambda _row, born: {"birth_date": f"{born:%Y%m%d}"},
    lambda _row, born: {"birth_date": f"{born.year}.{born.month}.{born.day}"},
    lambda _row, _born: {"phone": "+44 7700 900001", "tier": "Ｂ"},
]
# What is put into a row, and the error that answers it.
FAULTS: list[tuple[Row, str, str]] = [
    ({"identity_number": 120116195101019012.0}, "identity_number", "precision_lost"),
    ({"identity_number": "1.20116E+17"}, "identity_number", "precision_lost"),
    ({"identity_number": "120116195101"}, "identity_number", "identity_length"),
    ({"identity_number": "120116195113019010"}, "identity_number", "identity_birth_date"),
    ({"identity_kind": "library_card"}, "identity_kind", "unknown_identity_kind"),
    ({"tier": "Z"}, "tier", "unknown_tier"),
    ({"basis": "astronaut"}, "basis", "unknown_basis"),
    ({"district": "atlantis"}, "district", "unknown_district"),
    ({"birth_date": "1985-02-30"}, "birth_date", "invalid_date"),
    ({"birth_date": date(2000, 1, 1)}, "birth_date", "birth_date_mismatch"),
    ({"name": ""}, "name", "required"),
    ({"name": "<script>alert(1)</script>"}, "name", "invalid_name"),
    ({"email": "nobody"}, "email", "invalid_email"),
    ({"evidence": "lost.pdf"}, "evidence", "evidence_missing"),
    ({"reasons": "x" * 5001}, "reasons", "too_long"),
]


def make_rows(count: int) -> Iterator[Row]:
    """Yield so many rows, each of another person."""
    chance = Chance(SEED)
    for rank in range(count):
        born = FIRST_BIRTH + timedelta(days=rank)
        number = resident_number(born, "female", rank)
        person = Person(f"示例{rank}", identity.RESIDENT_ID, number, names.CHINA, "female", born)
        row: Row = asdict(nominate(person, "laboratory", rank, chance)) | {"evidence": LETTER, "tier": "B"}
        row["email"] = f"bulk-{rank}@example.com"
        if fault := _fault(rank):
            yield row | fault[0]
        else:
            yield row | HABITS[rank % len(HABITS)](row, born)


def expected_errors(count: int, *, first_row: int = 2) -> list[tuple[int, str, str]]:
    """Return the errors of so many rows: row as the spreadsheet counts, field, code."""
    faults = ((rank, _fault(rank)) for rank in range(count))
    return [(first_row + rank, fault[1], fault[2]) for rank, fault in faults if fault]


def _fault(rank: int) -> tuple[Row, str, str] | None:
    return FAULTS[rank // FAULT_EVERY % len(FAULTS)] if rank % FAULT_EVERY == FAULT_EVERY - 1 else None
