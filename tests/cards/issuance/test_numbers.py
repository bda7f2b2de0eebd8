import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cards.issuance import numbers

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SERIALS = st.integers(1, 9_999_999)
YEARS = st.integers(2024, 2099)


def compose(year: int, serial: int) -> str:
    number = numbers.compose(year=year, serial=serial)
    assume(number is not None)
    assert number is not None
    return number


def test_check_character_of_a_known_number() -> None:
    # The example that the music industry publishes for its Global Release Identifier, which has the same check.
    assert numbers.check_character("A12425GABC1234002") == "M"


def test_compose_gives_a_number_of_twelve_characters() -> None:
    assert numbers.compose(year=2026, serial=1) == "HH260000001N"


@given(year=YEARS, serial=SERIALS)
def test_composed_number_is_valid(year: int, serial: int) -> None:
    number = compose(year, serial)

    assert len(number) == numbers.LENGTH
    assert numbers.parse(number) == number


@given(year=YEARS, serial=SERIALS, at=st.integers(0, numbers.LENGTH - 1), wrong=st.sampled_from(ALPHABET))
def test_any_wrong_character_is_told(year: int, serial: int, at: int, wrong: str) -> None:
    number = compose(year, serial)
    assume(number[at] != wrong)

    assert not numbers.is_valid(number[:at] + wrong + number[at + 1 :])


@given(year=YEARS, serial=SERIALS, at=st.integers(0, numbers.LENGTH - 2))
def test_any_swap_of_neighbours_is_told(year: int, serial: int, at: int) -> None:
    number = compose(year, serial)
    assume(number[at] != number[at + 1])

    assert not numbers.is_valid(number[:at] + number[at + 1] + number[at] + number[at + 2 :])


def test_few_serials_are_passed_over() -> None:
    given_out = sum(numbers.compose(year=2026, serial=serial) is not None for serial in range(1, 2001))

    assert 1900 <= given_out < 2000


@pytest.mark.parametrize(
    "text", ["hh260000001n", " HH26 0000 001N ", "HH26-0000001-N", "ＨＨ２６００００００１Ｎ", "HH26·0000001N"]
)
def test_parse_takes_what_people_write(text: str) -> None:
    assert numbers.parse(text) == "HH260000001N"


@pytest.mark.parametrize(
    "text", ["", "HH260000001", "HH260000001M", "XX260000001N", "HH260000001NN", "HH２٦0000001N", "人才"]
)
def test_parse_refuses_everything_else(text: str) -> None:
    with pytest.raises(numbers.CardNumberInvalid) as refusal:
        numbers.parse(text)

    assert refusal.value.as_dict()["field"] == "number"


@pytest.mark.parametrize("serial", [0, 10_000_000])
def test_compose_refuses_a_serial_without_a_number(serial: int) -> None:
    with pytest.raises(ValueError, match="range"):
        numbers.compose(year=2026, serial=serial)
