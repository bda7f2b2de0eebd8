from contextlib import suppress
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cards.talents import choices, identity
from cards.talents.identity import IdentityNumberInvalid, Reason

TODAY = date(2026, 3, 1)
# Printed in the standard or on the authorities' specimen cards: nobody's.
RESIDENT = "34052419800101001X"
HK_RESIDENCE_PERMIT = "810000199408230021"
TAIWAN_RESIDENCE_PERMIT = "830000199201300022"
OLD_PR_CARD = "CAN110081080310"
NEW_PR_CARD = "911124198108030024"


def reason_for(kind: str, number: str, on: date = TODAY) -> Reason:
    with pytest.raises(IdentityNumberInvalid) as caught:
        identity.validate(kind, number, on=on)
    return caught.value.reason


def complete(body: str) -> str:
    return body + identity.check_character(body)


@st.composite
def resident_numbers(draw: st.DrawFn, *, since: date = date(1900, 1, 1)) -> str:
    province = draw(st.sampled_from(sorted(identity.PROVINCES)))
    place = draw(st.integers(0, 9999))
    born = draw(st.dates(since, TODAY))
    sequence = draw(st.integers(1, 999))
    return complete(f"{province}{place:04}{born:%Y%m%d}{sequence:03}")


def test_kinds_are_those_of_the_registry() -> None:
    assert set(choices.IdentityKind.values) == identity.KINDS


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (identity.RESIDENT_ID, RESIDENT),
        (identity.RESIDENCE_PERMIT, HK_RESIDENCE_PERMIT),
        (identity.RESIDENCE_PERMIT, TAIWAN_RESIDENCE_PERMIT),
        (identity.FOREIGN_PR_CARD, OLD_PR_CARD),
        (identity.FOREIGN_PR_CARD, NEW_PR_CARD),
        (identity.PASSPORT, "L898902C3"),
        (identity.HK_MACAU_PERMIT, "H99990001"),
        (identity.HK_MACAU_PERMIT, "M99990001"),
        (identity.TAIWAN_PERMIT, "99990001"),
    ],
)
def test_validate_accepts_what_the_authorities_print(kind: str, number: str) -> None:
    assert identity.normalise(kind, number) == number
    identity.validate(kind, number, on=TODAY)


@given(resident_numbers())
def test_validate_accepts_every_well_formed_resident_number(number: str) -> None:
    identity.validate(identity.RESIDENT_ID, number, on=TODAY)


@pytest.mark.parametrize("birth_year", [1930, 1990, 2008, 2010, 2025])
def test_validate_accepts_binhai_with_any_birth_year(birth_year: int) -> None:
    identity.validate(identity.RESIDENT_ID, complete(f"120116{birth_year}0228999"), on=TODAY)


@given(resident_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_validate_refuses_any_one_wrong_character(number: str, position: int, other: str) -> None:
    assume(number[position] != other)

    reason_for(identity.RESIDENT_ID, number[:position] + other + number[position + 1 :])


@given(resident_numbers(), st.integers(0, 16))
def test_validate_refuses_two_neighbours_changed_over(number: str, position: int) -> None:
    first, second = number[position : position + 2]
    assume(first != second)

    reason_for(identity.RESIDENT_ID, number[:position] + second + first + number[position + 2 :])


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", Reason.LENGTH),
        (RESIDENT[:-1], Reason.LENGTH),
        (RESIDENT + "0", Reason.LENGTH),
        ("3405241980010100AX", Reason.CHARACTERS),
        ("X40524198001010019", Reason.CHARACTERS),
        ("٣٤٠٥٢٤١٩٨٠٠١٠١٠٠١٩", Reason.CHARACTERS),
        (complete("99052419800101001"), Reason.REGION),
        (HK_RESIDENCE_PERMIT, Reason.REGION),
        (NEW_PR_CARD, Reason.REGION),
        (complete("12011619900230999"), Reason.BIRTH_DATE),
        (complete("12011618900228999"), Reason.BIRTH_DATE),
        (complete("12011600000101999"), Reason.BIRTH_DATE),
        (complete("12011620260302999"), Reason.BIRTH_DATE_IN_FUTURE),
        ("340524198001010019", Reason.CHECK_CHARACTER),
    ],
)
def test_validate_tells_what_is_wrong_with_a_resident_number(number: str, reason: Reason) -> None:
    assert reason_for(identity.RESIDENT_ID, number) == reason


def test_validate_judges_the_birth_date_on_the_given_day() -> None:
    number = complete("12011620260302999")

    identity.validate(identity.RESIDENT_ID, number, on=date(2026, 3, 2))
    assert reason_for(identity.RESIDENT_ID, number, on=date(2026, 3, 1)) == Reason.BIRTH_DATE_IN_FUTURE


@pytest.mark.parametrize(
    ("kind", "number", "reason"),
    [
        (identity.RESIDENCE_PERMIT, RESIDENT, Reason.REGION),
        (identity.RESIDENCE_PERMIT, complete("81010019940823002"), Reason.REGION),
        (identity.RESIDENCE_PERMIT, "810000199408230020", Reason.CHECK_CHARACTER),
        (identity.FOREIGN_PR_CARD, "CAN11008108031", Reason.LENGTH),
        (identity.FOREIGN_PR_CARD, "CA1110081080310", Reason.CHARACTERS),
        (identity.FOREIGN_PR_CARD, "CAN990081080310", Reason.REGION),
        (identity.FOREIGN_PR_CARD, "CAN110081130310", Reason.BIRTH_DATE),
        (identity.FOREIGN_PR_CARD, RESIDENT, Reason.REGION),
        (identity.FOREIGN_PR_CARD, "911124198108030023", Reason.CHECK_CHARACTER),
        (identity.FOREIGN_PR_CARD, complete("91112419811303002"), Reason.BIRTH_DATE),
        (identity.PASSPORT, "A123", Reason.LENGTH),
        (identity.PASSPORT, "A123456789012345", Reason.LENGTH),
        (identity.PASSPORT, "ABCDEFG", Reason.CHARACTERS),
        (identity.PASSPORT, "E1234567№", Reason.CHARACTERS),
        (identity.HK_MACAU_PERMIT, "H9999001", Reason.LENGTH),
        (identity.HK_MACAU_PERMIT, "T99990001", Reason.CHARACTERS),
        (identity.TAIWAN_PERMIT, "9999000", Reason.LENGTH),
        (identity.TAIWAN_PERMIT, "A9990001", Reason.CHARACTERS),
    ],
)
def test_validate_tells_what_is_wrong_with_other_documents(kind: str, number: str, reason: Reason) -> None:
    assert reason_for(kind, number) == reason


def test_invalid_number_is_named_by_kind_and_reason_and_never_repeated() -> None:
    with pytest.raises(IdentityNumberInvalid) as caught:
        identity.validate(identity.RESIDENT_ID, "340524198001010019", on=TODAY)

    error = caught.value
    assert (error.kind, error.reason, error.code) == ("resident_id", "check_character", "identity_check_character")
    assert "340524198001010019" not in f"{error} {error!r} {error.message}"


@pytest.mark.parametrize(
    ("kind", "raw", "number"),
    [
        (identity.RESIDENT_ID, "３４０５２４１９８００１０１００１ｘ", RESIDENT),
        (identity.RESIDENT_ID, " 340524 19800101\u3000001x\n", RESIDENT),
        (identity.RESIDENT_ID, "'340524-1980－0101–001X", RESIDENT),
        (identity.RESIDENT_ID, "\ufeff340524\u200b19800101001X", RESIDENT),
        (identity.RESIDENT_ID, "340524800101001", RESIDENT),
        (identity.RESIDENT_ID, "３４０５２４ ８００１０１ ００１", RESIDENT),
        (identity.RESIDENCE_PERMIT, "810000940823002", "810000940823002"),
        (identity.FOREIGN_PR_CARD, "can 1100 810803 10", OLD_PR_CARD),
        (identity.PASSPORT, "l 8989-02c3", "L898902C3"),
        (identity.PASSPORT, "ı1234567", "ı1234567"),
        (identity.HK_MACAU_PERMIT, "h9999000103", "H99990001"),
        (identity.TAIWAN_PERMIT, "9999000102（B）", "99990001"),
        (identity.TAIWAN_PERMIT, "9999000102(1)", "99990001"),
        (identity.TAIWAN_PERMIT, "9999000102b", "99990001"),
        (identity.TAIWAN_PERMIT, "9999000102", "99990001"),
        (identity.PASSPORT, "''E12345678", "E12345678"),
    ],
)
def test_normalise_finds_the_one_spelling(kind: str, raw: str, number: str) -> None:
    assert identity.normalise(kind, raw) == number


@given(resident_numbers(since=date(1900, 1, 1)).filter(lambda number: number[6:8] == "19"))
def test_normalise_lengthens_the_number_of_1989_to_that_of_1999(number: str) -> None:
    legacy = number[:6] + number[8:17]

    assert identity.normalise(identity.RESIDENT_ID, legacy) == number


@given(st.sampled_from(sorted(identity.KINDS)), st.text(max_size=30))
def test_normalise_takes_anything_and_changes_its_own_result_no_more(kind: str, raw: str) -> None:
    once = identity.normalise(kind, raw)

    assert identity.normalise(kind, once) == once


@given(st.sampled_from(sorted(identity.KINDS)), st.text(max_size=30))
def test_validate_accepts_or_refuses_whatever_was_typed(kind: str, raw: str) -> None:
    number = identity.normalise(kind, raw)
    with suppress(IdentityNumberInvalid):
        identity.validate(kind, number, on=TODAY)


@pytest.mark.parametrize(
    ("kind", "number", "born", "gender"),
    [
        (identity.RESIDENT_ID, RESIDENT, date(1980, 1, 1), "male"),
        (identity.RESIDENCE_PERMIT, HK_RESIDENCE_PERMIT, date(1994, 8, 23), "female"),
        (identity.FOREIGN_PR_CARD, NEW_PR_CARD, date(1981, 8, 3), None),
        (identity.FOREIGN_PR_CARD, OLD_PR_CARD, None, None),
        (identity.PASSPORT, "123456789012345", None, None),
        (identity.HK_MACAU_PERMIT, "H99990001", None, None),
        (identity.TAIWAN_PERMIT, "99990001", None, None),
        (identity.RESIDENT_ID, "120116199002309990", None, "male"),
        (identity.RESIDENT_ID, "not a number", None, None),
    ],
)
def test_number_tells_birth_date_and_gender(kind: str, number: str, born: date | None, gender: str | None) -> None:
    assert identity.birth_date_of(kind, number) == born
    assert identity.gender_of(kind, number) == gender


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (RESIDENT, "340*************1X"),
        (OLD_PR_CARD, "CAN**********10"),
        ("H99990001", "H******01"),
        ("99990001", "9*****01"),
        ("A1234", "*****"),
        ("", ""),
    ],
)
def test_mask_hides_most_of_a_number(number: str, shown: str) -> None:
    assert identity.mask(number) == shown
