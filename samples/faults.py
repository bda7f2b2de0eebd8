"""A sheet in which every row but the first has exactly one fault, and what the service must say about it."""

from dataclasses import asdict, dataclass
from datetime import date

from cards.talents import identity
from samples import evidence, names
from samples.nominations import Chance, Nomination, Person, nominate, resident_number

SEED = 13
FIRST_ROW = 2
PRETENDER = "not-really.pdf"
GOOD_NAME = "无差错"


@dataclass(frozen=True)
class Fault:
    """What is put into a row of its own, and the error that answers it."""

    name: str
    field: str
    code: str
    changes: dict[str, object]


def make_faulty_rows() -> list[dict[str, object]]:
    """Return the rows: a good one, then one for each fault."""
    chance = Chance(SEED)
    good = _good_nomination(0, GOOD_NAME, chance)
    rows: list[dict[str, object]] = [asdict(good)]
    for rank, fault in enumerate(_faults(good), start=1):
        rows.append(asdict(_good_nomination(rank, fault.name, chance)) | fault.changes)
    return rows


def expected_errors() -> list[dict[str, object]]:
    """Return the errors, with rows counted as the spreadsheet counts them."""
    good = _good_nomination(0, GOOD_NAME, Chance(SEED))
    return [
        {"row": row, "field": fault.field, "code": fault.code}
        for row, fault in enumerate(_faults(good), start=FIRST_ROW + 1)
    ]


def pretender_files() -> dict[str, bytes]:
    """Return the evidence that comes with the sheet: the letters, and a text that calls itself a PDF."""
    return evidence.letters() | {PRETENDER: b"This is a text file, whatever its name says.\n"}


def _good_nomination(rank: int, name: str, chance: Chance) -> Nomination:
    born, gender = date(1985, 5, 1 + rank), "female"
    number = resident_number(born, gender, rank)
    person = Person(name, identity.RESIDENT_ID, number, names.CHINA, gender, born)
    return nominate(person, "laboratory", 900 + rank, chance)


def _faults(good: Nomination) -> list[Fault]:
    number = resident_number(date(1985, 5, 2), "female", 1)
    mistyped = number[:17] + ("0" if number[17] != "0" else "1")
    impossible = "12011619850230900"
    impossible += identity.check_character(impossible)
    legacy = good.identity_number[:6] + good.identity_number[8:17]
    person = {"name": good.name, "identity_number": legacy, "birth_date": good.birth_date}
    return [
        Fault("误号码", "identity_number", "identity_check_character", {"identity_number": mistyped}),
        Fault("误生日", "identity_number", "identity_birth_date", {"identity_number": impossible}),
        Fault("误长度", "identity_number", "identity_length", {"identity_number": number[:16]}),
        Fault("误类型", "identity_kind", "unknown_identity_kind", {"identity_kind": "library_card"}),
        Fault("误层次", "tier", "unknown_tier", {"tier": "Z"}),
        Fault("误依据", "basis", "unknown_basis", {"basis": "astronaut"}),
        Fault("误区县", "district", "unknown_district", {"district": "atlantis"}),
        Fault("误日期", "birth_date", "invalid_date", {"birth_date": "1985-02-30"}),
        Fault("异日期", "birth_date", "birth_date_mismatch", {"birth_date": date(1958, 5, 10)}),
        Fault("缺姓名", "name", "required", {"name": None}),
        Fault("缺材料", "evidence", "required", {"evidence": None}),
        Fault("失材料", "evidence", "evidence_missing", {"evidence": "lost-in-the-post.pdf"}),
        Fault("假材料", "evidence", "file_type_mismatch", {"evidence": PRETENDER}),
        # The number of the first row, as it was spelled before 1999.
        Fault(good.name, "identity_number", "person_repeated", person),
    ]
