import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.credentials.permutation import permute

SECRETS = st.binary(min_size=16, max_size=32)


# A time limit would test the machine.
@given(secret=SECRETS, size_bits=st.sampled_from([2, 4, 6, 8]))
def test_permute_gives_every_place_once(secret: bytes, size_bits: int) -> None:
    size = 1 << size_bits

    places = {permute(secret, number, size_bits) for number in range(size)}

    assert places == set(range(size))


@given(secret=SECRETS, number=st.integers(0, (1 << 20) - 1))
def test_permute_stays_within_a_real_list(secret: bytes, number: int) -> None:
    assert 0 <= permute(secret, number, 20) < 1 << 20


def test_permute_depends_on_the_secret() -> None:
    one, other = ([permute(secret, number, 20) for number in range(8)] for secret in (b"a" * 32, b"b" * 32))

    assert one != other


@pytest.mark.parametrize(("number", "size_bits"), [(0, 3), (0, 0), (-1, 4), (16, 4)])
def test_permute_refuses_what_has_no_place(number: int, size_bits: int) -> None:
    with pytest.raises(ValueError, match="the "):
        permute(b"secret", number, size_bits)
