import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from talentcard_verifier import dcbor

NUMBERS = st.one_of(
    st.integers(0, 2**64 - 1), st.sampled_from([0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**64 - 1])
)


@given(NUMBERS)
def test_uint_is_what_an_independent_encoder_writes_and_is_read_back(number: int) -> None:
    encoded = dcbor.uint(number)

    assert encoded == cbor2.dumps(number, canonical=True)
    reader = dcbor.Reader(encoded)
    assert reader.uint(below=2**64) == number
    reader.end()


@given(st.text(min_size=1, max_size=300))
def test_text_is_what_an_independent_encoder_writes_and_is_read_back(value: str) -> None:
    encoded = dcbor.text(value)

    assert encoded == cbor2.dumps(value, canonical=True)
    assert dcbor.Reader(encoded).text(max_bytes=1200) == value


@given(st.binary(max_size=300))
def test_byte_string_is_what_an_independent_encoder_writes_and_is_read_back(value: bytes) -> None:
    encoded = dcbor.byte_string(value)

    assert encoded == cbor2.dumps(value, canonical=True)
    assert dcbor.Reader(encoded).byte_string() == value


@given(st.binary(max_size=12))
def test_reader_takes_no_second_spelling_of_a_number(data: bytes) -> None:
    reader = dcbor.Reader(data)
    try:
        number = reader.uint(below=2**64)
        reader.end()
    except dcbor.NotCanonical:
        return
    assert dcbor.uint(number) == data


@pytest.mark.parametrize(
    "data",
    ["1817", "190017", "1a0000ffff", "1b00000000ffffffff", "1c", "1f", "20", "40", "f4", "fb3ff0000000000000", ""],
)
def test_reader_refuses_long_forms_and_other_types_as_a_number(data: str) -> None:
    with pytest.raises(dcbor.NotCanonical):
        dcbor.Reader(bytes.fromhex(data)).uint(below=2**64)


@pytest.mark.parametrize("data", ["60", "6261", "61ff", "7f6161ff", "4161", "63616161"])
def test_reader_refuses_a_text_that_is_empty_cut_wrong_or_too_long(data: str) -> None:
    with pytest.raises(dcbor.NotCanonical):
        dcbor.Reader(bytes.fromhex(data)).text(max_bytes=2)


def test_uint_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="eight bytes"):
        dcbor.uint(2**64)
