import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talentcard_verifier import base32


@given(st.binary(min_size=1, max_size=400))
def test_encode_agrees_with_the_standard_library(data: bytes) -> None:
    assert base32.encode(data) == base64.b32encode(data).rstrip(b"=").decode()


@given(st.binary(min_size=1, max_size=400))
def test_decode_reverses_encode(data: bytes) -> None:
    assert base32.decode(base32.encode(data)) == data


@given(st.text(alphabet="ABCXYZ234567abc018=_+- \t\n\u0660Ａ", max_size=24))
def test_decode_accepts_only_what_encode_gives(text: str) -> None:
    try:
        data = base32.decode(text)
    except ValueError:
        return
    assert base32.encode(data) == text


@pytest.mark.parametrize("length", [1, 3, 6, 9, 11, 14])
def test_decode_refuses_a_length_that_no_bytes_have(length: int) -> None:
    with pytest.raises(ValueError, match="length"):
        base32.decode("A" * length)


def test_decode_refuses_loose_bits() -> None:
    assert base32.decode("AA") == b"\x00"
    with pytest.raises(ValueError, match="loose bits"):
        base32.decode("AB")
