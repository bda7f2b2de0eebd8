import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from cards.talents import identity
from samples import city, evidence, make_samples
from samples.workbook import COLUMNS, HEADINGS, IDENTITY_KINDS

SAMPLES = Path(make_samples.__file__).parent
TODAY = date(2026, 1, 1)
FIELDS = [field for field, _heading, _width in COLUMNS]
LIMIT = 300_000


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    return make_samples.build()


def rows_of(name: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(SAMPLES / name, read_only=True)
    values: Iterator[tuple[Any, ...]] = book.worksheets[0].iter_rows(values_only=True)
    assert list(next(values)) == HEADINGS
    return [dict(zip(FIELDS, row, strict=True)) for row in values]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return rows_of("nominations.xlsx")


def number_of(row: dict[str, Any]) -> str:
    return identity.normalise(row["identity_kind"], row["identity_number"])


def unpacked(content: bytes) -> list[tuple[str, tuple[int, ...], bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return [(part.filename, part.date_time, packed.read(part)) for part in packed.infolist()]


def test_samples_are_the_same_bytes_each_time(built: dict[str, bytes]) -> None:
    assert make_samples.build() == built


def test_committed_samples_are_what_the_script_makes(built: dict[str, bytes]) -> None:
    for path, content in built.items():
        kept = (SAMPLES / path).read_bytes()
        # Another zlib packs the same parts into other bytes.
        if path.endswith((".xlsx", ".zip")):
            assert unpacked(kept) == unpacked(content), path
        else:
            assert kept == content, path


def test_samples_are_small(built: dict[str, bytes]) -> None:
    assert sum(map(len, built.values())) < LIMIT


def test_main_writes_the_samples_to_a_folder(tmp_path: Path, built: dict[str, bytes]) -> None:
    make_samples.main(tmp_path)

    written = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == built


def test_nominations_are_266_different_people(rows: list[dict[str, Any]]) -> None:
    assert len(rows) == 266
    assert len({number_of(row) for row in rows}) == 266
    assert len({row["phone"] for row in rows}) == 266
    assert len({row["email"] for row in rows}) == 266


def test_nominations_have_valid_identity_numbers(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        identity.validate(row["identity_kind"], number_of(row), on=TODAY)


def test_nominations_agree_with_what_their_numbers_tell(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert isinstance(row["birth_date"], datetime)
        assert identity.birth_date_of(row["identity_kind"], number_of(row)) in {None, row["birth_date"].date()}
        assert identity.gender_of(row["identity_kind"], number_of(row)) in {None, row["gender"]}


def test_nominations_use_no_number_that_somebody_may_have(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        number = number_of(row)
        match row["identity_kind"]:
            case identity.RESIDENT_ID:
                assert number.startswith("120116")
                assert row["birth_date"].year < 2009
                assert number[14] == "9"
            case identity.RESIDENCE_PERMIT:
                assert number[14] == "9"
            case identity.FOREIGN_PR_CARD:
                assert number.startswith(("UTO", "912999"))
            case identity.PASSPORT:
                assert number.startswith("XX000")
            case _:
                assert number.lstrip("HM").startswith("9999")
        assert row["phone"].startswith(("161", "+44 7700 900"))
        assert row["email"].endswith(("@example.com", ".example"))


def test_nominations_hold_every_kind_of_document_name_and_code(rows: list[dict[str, Any]]) -> None:
    letters = "".join(row["name"] for row in rows)

    assert {row["identity_kind"] for row in rows} == identity.KINDS == set(IDENTITY_KINDS)
    assert set("㛃𬭎䶮镕喆堃·’ñŁЩمदพ髙김") <= set(letters)
    assert max(len(row["name"]) for row in rows) > 60
    assert {row["basis"] for row in rows} == set(city.BASES)
    assert {row["tier"] for row in rows} == set(city.TIERS)
    assert {row["district"] for row in rows} == set(city.DISTRICTS)
    assert all(row["tier"] in city.TIERS_BY_BASIS[row["basis"]] for row in rows)
    assert {row["evidence"] for row in rows} == set(evidence.LETTERS)


def test_some_numbers_are_typed_as_people_type_them(rows: list[dict[str, Any]]) -> None:
    typed = [row["identity_number"] for row in rows if row["identity_number"] != number_of(row)]

    assert any(len(number) == 15 and number.isdigit() for number in typed)
    assert any(" " in number for number in typed)
    assert any("０" <= number[0] <= "９" for number in typed)
    assert any(number.endswith("x") for number in typed)
    assert any(number.endswith("(B)") for number in typed)


def test_evidence_is_pdf_without_numbers_of_people() -> None:
    with zipfile.ZipFile(SAMPLES / "evidence.zip") as packed:
        for name in packed.namelist():
            content = packed.read(name)
            assert content == (SAMPLES / "evidence" / name).read_bytes()
            (page,) = pypdf.PdfReader(io.BytesIO(content), strict=True).pages
            text = page.extract_text()
            assert text.startswith(evidence.LETTERS[name][0])
            assert not any(char.isdigit() for char in text)


def test_faulty_sheet_has_one_expected_error_in_every_row_but_the_first() -> None:
    rows = rows_of("faulty.xlsx")
    expected = json.loads((SAMPLES / "faulty.expected.json").read_text())

    assert [error["row"] for error in expected] == list(range(3, len(rows) + 2))
    assert {error["field"] for error in expected} <= set(FIELDS)


def test_faulty_identity_numbers_fail_for_the_expected_reason_and_no_other_does() -> None:
    expected = {
        error["row"]: error["code"]
        for error in json.loads((SAMPLES / "faulty.expected.json").read_text())
        if error["code"].startswith("identity_") and error["field"] == "identity_number"
    }
    found = {}
    for position, row in enumerate(rows_of("faulty.xlsx"), start=2):
        if row["identity_kind"] not in identity.KINDS:
            continue
        try:
            identity.validate(row["identity_kind"], number_of(row), on=TODAY)
        except identity.IdentityNumberInvalid as error:
            found[position] = error.code

    assert found == expected


def test_faulty_sheet_repeats_the_person_of_its_first_row() -> None:
    first, *_others, last = rows_of("faulty.xlsx")

    assert first["identity_number"] != last["identity_number"]
    assert number_of(first) == number_of(last)


def test_faulty_sheet_names_nobody_of_the_other_sheet(rows: list[dict[str, Any]]) -> None:
    assert {number_of(row) for row in rows} & {number_of(row) for row in rows_of("faulty.xlsx")} == set()


def test_credit_codes_are_well_formed() -> None:
    # An organisation and its code as the standards print them.
    assert city.body_check_character("D2143569") == "X"
    assert city.credit_check_character("91350100M000100Y4") == "3"
    codes = [employer.code for employers in city.EMPLOYERS.values() for employer in employers]
    assert len(set(codes)) == len(codes) == 20
    assert all(len(code) == 18 and code[8:10] == "YY" for code in codes)
