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
# A text that calls itself a PDF: whoever makes the archive puts one in.
NO_LETTER = "notes.pdf"

Row = dict[str, object]
# A fault is a change of the row, or of the row before it: the same person again.
Fault = tuple[Row | None, str, str]


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


def _with_check(body: str) -> str:
    return body + identity.check_character(body)


def _number(rank: int) -> str:
    return resident_number(_born(rank), "female", rank)


def _born(rank: int) -> date:
    return FIRST_BIRTH + timedelta(days=rank)


def _document(kind: str, number: str, region: str) -> Row:
    return {"identity_kind": kind, "identity_number": number, "nationality": region}


def _permit(rank: int) -> Row:
    region, place = [(names.HONG_KONG, "810000"), (names.MACAO, "820000"), (names.TAIWAN, "830000")][rank % 3]
    return _document("港澳台居民居住证", resident_number(_born(rank), "female", rank, place), region)


# How people type a row that is right.
HABITS: list[Callable[[int], Row]] = [
    lambda _rank: {},
    lambda rank: {"identity_number": _wide(_number(rank))},
    lambda rank: {"identity_number": "\u3000".join(_number(rank)[part : part + 6] for part in (0, 6, 12))},
    # The number as it was before 1999.
    lambda rank: {"identity_number": _number(rank)[:6] + _number(rank)[8:17]},
    lambda rank: {"birth_date": f"{_born(rank).year}年{_born(rank).month}月{_born(rank).day}日"},
    lambda rank: {"birth_date": (_born(rank) - DAY_ZERO).days},
    lambda rank: {"birth_date": f"{(_born(rank) - DAY_ZERO).days}"},
    lambda rank: {"birth_date": f"{_born(rank):%Y%m%d}"},
    lambda rank: {"birth_date": f"{_born(rank).year}.{_born(rank).month}.{_born(rank).day}"},
    lambda _rank: {"phone": "+44 7700 900001", "tier": "Ｂ"},
    _permit,
    lambda rank: _document(identity.PASSPORT, f" xx{rank:07}", "英国"),
    lambda rank: _document("外国人永久居留身份证", f"UTO1201{_born(rank):%y%m%d}{rank % 100:02}", "英国"),
    lambda rank: _document(
        identity.FOREIGN_PR_CARD, _with_check(f"912999{_born(rank):%Y%m%d}{rank % 1000:03}"), "英国"
    ),
    lambda rank: _document(identity.HK_MACAU_PERMIT, f"H9{rank:07}03", names.HONG_KONG),
    lambda rank: _document(identity.TAIWAN_PERMIT, f"9{rank:07}02(B)", names.TAIWAN),
]
# What is put into a row, and the error that answers it.
FAULTS: list[Fault] = [
    ({"identity_number": 120116195101019012.0}, "identity_number", "precision_lost"),
    ({"identity_number": "1.20116E+17"}, "identity_number", "precision_lost"),
    ({"identity_number": "120116195101"}, "identity_number", "identity_length"),
    ({"identity_number": "120116195113019010"}, "identity_number", "identity_birth_date"),
    ({"identity_number": "120116195101019010"}, "identity_number", "identity_check_character"),
    ({"identity_number": "990116195101019012"}, "identity_number", "identity_region"),
    ({"identity_number": "12011619510101901A"}, "identity_number", "identity_characters"),
    ({"identity_number": "120116299901019015"}, "identity_number", "identity_birth_date_in_future"),
    (_document("residence_permit", "120116195101019012", names.TAIWAN), "identity_number", "identity_region"),
    (_document("passport", "ABCDEFG", "英国"), "identity_number", "identity_characters"),
    (_document("passport", "XX1", "英国"), "identity_number", "identity_length"),
    (_document("foreign_pr_card", "UTO990151010101", "英国"), "identity_number", "identity_region"),
    (_document("foreign_pr_card", "912999195101010010", "英国"), "identity_number", "identity_check_character"),
    (_document("hk_macau_permit", "K12345678", names.HONG_KONG), "identity_number", "identity_characters"),
    (_document("taiwan_permit", "1234567", names.TAIWAN), "identity_number", "identity_length"),
    (None, "identity_number", "person_repeated"),
    ({"identity_number": ""}, "identity_number", "required"),
    ({"identity_kind": "library_card"}, "identity_kind", "unknown_identity_kind"),
    ({"tier": "Z"}, "tier", "unknown_tier"),
    ({"basis": "astronaut"}, "basis", "unknown_basis"),
    ({"district": "atlantis"}, "district", "unknown_district"),
    ({"birth_date": "1985-02-30"}, "birth_date", "invalid_date"),
    ({"birth_date": date(2000, 1, 1)}, "birth_date", "birth_date_mismatch"),
    ({"name": ""}, "name", "required"),
    ({"name": "<script>alert(1)</script>"}, "name", "invalid_name"),
    ({"gender": "unknown"}, "gender", "unknown_gender"),
    ({"email": "nobody"}, "email", "invalid_email"),
    ({"evidence": ""}, "evidence", "required"),
    ({"evidence": "lost.pdf"}, "evidence", "evidence_missing"),
    ({"evidence": NO_LETTER}, "evidence", "file_type_mismatch"),
    ({"reasons": "x" * 5001}, "reasons", "too_long"),
]


def make_rows(count: int, *, start: int = 0) -> Iterator[Row]:
    """Yield so many rows, each of another person but where that is the fault; other people from another start on.

    A start is a multiple of `FAULT_EVERY`.
    """
    chance = Chance(SEED)
    before: Row = {}
    for rank in range(start, start + count):
        person = Person(f"示例{rank}", identity.RESIDENT_ID, _number(rank), names.CHINA, "female", _born(rank))
        row: Row = asdict(nominate(person, "laboratory", rank, chance)) | {"evidence": LETTER, "tier": "B"}
        row["email"] = f"bulk-{rank}@example.com"
        if fault := _fault(rank):
            yield row | fault[0] if fault[0] is not None else before | {"reasons": row["reasons"]}
        else:
            before = row | HABITS[rank % len(HABITS)](rank)
            yield before


def expected_errors(count: int, *, start: int = 0, first_row: int = 2) -> list[tuple[int, str, str]]:
    """Return the errors of so many rows: row as the spreadsheet counts, field, code."""
    faults = ((rank, _fault(rank)) for rank in range(start, start + count))
    return [(first_row + rank - start, fault[1], fault[2]) for rank, fault in faults if fault]


def _fault(rank: int) -> Fault | None:
    return FAULTS[rank // FAULT_EVERY % len(FAULTS)] if rank % FAULT_EVERY == FAULT_EVERY - 1 else None
