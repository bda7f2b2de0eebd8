import zlib
from datetime import timedelta

import cbor2
import pytest
from cwt import COSE
from hypothesis import given
from hypothesis import strategies as st
from talentcard_verifier import Grade, LiveStatus, StatusIndexOutOfRange, StatusList, StatusListUnreadable, StatusValue
from talentcard_verifier.cose import STATUS_LIST, seal
from talentcard_verifier.statuslist import MAX_LIST_BYTES, get_value, set_value

from tests.verifier.conftest import AT, CLAIMS, Issuer


@given(
    st.lists(st.sampled_from(list(StatusValue)), min_size=4, max_size=64).filter(lambda values: len(values) % 4 == 0)
)
def test_values_are_packed_from_the_lowest_bits_and_read_back(values: list[StatusValue]) -> None:
    bitmap = bytearray(b"\xff" * (len(values) // 4))
    for index, value in enumerate(values):
        set_value(bitmap, index, value)

    assert [get_value(bitmap, index) for index in range(len(values))] == values
    assert int.from_bytes(bitmap, "little") == sum(value << 2 * index for index, value in enumerate(values))


def test_draft_example_packs_to_the_same_bytes() -> None:
    bitmap = bytearray(3)
    for index, value in enumerate((1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3)):
        set_value(bitmap, index, StatusValue(value))

    assert bitmap.hex() == "c944f9"


@pytest.mark.parametrize("index", [-1, 4, 2**40])
def test_index_out_of_range_is_an_error(index: int) -> None:
    with pytest.raises(StatusIndexOutOfRange):
        get_value(bytes(1), index)
    with pytest.raises(StatusIndexOutOfRange):
        set_value(bytearray(1), index, StatusValue.REVOKED)


def test_parse_returns_what_was_built(issuer: Issuer) -> None:
    bitmap = bytes(range(256)) * 4

    listed = StatusList.parse(issuer.list_file(bitmap), issuer.keys)

    assert listed == StatusList(
        issuer=CLAIMS.issuer,
        uri=CLAIMS.status_list_uri,
        issued_at=AT,
        expires_at=AT + timedelta(days=7),
        ttl=900,
        bitmap=bitmap,
    )


def test_independent_library_accepts_a_list_with_the_published_key(issuer: Issuer) -> None:
    file = issuer.list_file(bytes(1000))

    protected, unprotected, payload = COSE.new().decode_with_headers(file, issuer.cose_key)

    assert protected == {1: -8, 4: issuer.kid, 16: "application/statuslist+cwt"}
    assert unprotected == {}
    claims = cbor2.loads(payload)
    assert zlib.decompress(claims[65533].pop("lst")) == bytes(1000)
    assert claims == {
        2: "https://card.example/status/1.cwt",
        4: int(AT.timestamp()) + 7 * 24 * 3600,
        6: int(AT.timestamp()),
        65533: {"bits": 2},
        65534: 900,
    }
    assert cbor2.dumps(cbor2.loads(file), canonical=True) == file
    assert cbor2.dumps(cbor2.loads(payload), canonical=True) == payload


def test_a_list_of_a_million_codes_is_small_and_the_longest_list_is_read(issuer: Issuer) -> None:
    assert len(issuer.list_file(bytes(250_000))) < 600
    assert StatusList.parse(issuer.list_file(bytes(MAX_LIST_BYTES)), issuer.keys).value(2**24 - 1) == StatusValue.VALID


def test_parse_refuses_a_list_that_unpacks_to_more_than_the_limit(issuer: Issuer) -> None:
    bomb = zlib.compress(bytes(200 * 1024 * 1024), 9)
    claims = {2: "u", 4: 2, 6: 1, 65533: {"bits": 2, "lst": bomb}, 65534: 900}
    file = seal(cbor2.dumps(claims, canonical=True), form=STATUS_LIST, kid=issuer.kid, sign=issuer.sign)

    with pytest.raises(StatusListUnreadable, match="too long"):
        StatusList.parse(file, issuer.keys)


@pytest.mark.parametrize("bitmap", [b"", bytes(MAX_LIST_BYTES + 1)], ids=["empty", "too long"])
def test_build_refuses_a_list_that_no_reader_would_take(issuer: Issuer, bitmap: bytes) -> None:
    with pytest.raises(ValueError, match="a list has"):
        issuer.list_file(bitmap)


def test_build_refuses_a_list_that_never_lives_or_has_a_long_address(issuer: Issuer) -> None:
    with pytest.raises(ValueError, match="expires"):
        issuer.list_file(expires_at=AT)
    with pytest.raises(ValueError, match="address"):
        issuer.list_file(uri="u" * 61)


def test_live_status_answers_from_the_register() -> None:
    source = LiveStatus(lambda uri, index: {("u", 7): 2}.get((uri, index)))

    status = source.look_up(issuer="i", uri="u", index=7, at=AT)

    assert status is not None
    assert (status.value, status.grade, status.age) == (StatusValue.SUSPENDED, Grade.LIVE, 0)
    with pytest.raises(StatusIndexOutOfRange):
        source.look_up(issuer="i", uri="u", index=8, at=AT)


def test_grades_are_ordered_from_live_to_stale() -> None:
    assert [[grade.meets(minimum) for minimum in Grade] for grade in Grade] == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
    ]
