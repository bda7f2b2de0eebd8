from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import cbor2
import pytest
import qrcode
from cwt import COSE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talentcard_verifier import CardClaims, CodeUnreadable, InvalidClaims, base32, code_from_text, codec, encode, parse
from talentcard_verifier.names import bound_display_name

from tests.verifier.conftest import AT, CLAIMS, Issuer

LONGEST = CardClaims(
    issuer="https://" + "h" * 40,
    issued_at=AT,
    expires_at=datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC),
    status_list_uri="https://" + "h" * 40 + "/status/12.c",
    status_index=2**32 - 1,
    card_number="N" * 16,
    tier="T" * 10,
    display_name="海" * 18,
)


def _texts(max_bytes: int) -> st.SearchStrategy[str]:
    return st.text(min_size=1, max_size=max_bytes).filter(lambda text: len(text.encode()) <= max_bytes)


CARDS = st.builds(
    CardClaims,
    issuer=_texts(48),
    issued_at=st.just(AT),
    expires_at=st.integers(1, 10**9).map(lambda seconds: AT + timedelta(seconds=seconds)),
    status_list_uri=_texts(60),
    status_index=st.integers(0, 2**32 - 1),
    card_number=_texts(16),
    tier=_texts(10),
    display_name=_texts(54),
)


@given(claims=CARDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_parse_returns_the_claims_that_were_encoded(issuer: Issuer, claims: CardClaims) -> None:
    code = parse(encode(claims, issuer.sign, issuer.kid))

    issuer.private_key.public_key().verify(code.signature, code.to_be_signed)
    assert code.kid == issuer.kid
    assert code.claims == claims


def test_encode_is_deterministic_cbor_of_a_signed_web_token(issuer: Issuer) -> None:
    message = base32.decode(issuer.encode())

    tag = cbor2.loads(message)
    protected, unprotected, payload, _ = tag.value
    assert cbor2.dumps(tag, canonical=True) == message
    assert tag.tag == 18
    assert cbor2.loads(protected) == {1: -8, 4: issuer.kid}
    assert cbor2.dumps(cbor2.loads(protected), canonical=True) == protected
    assert unprotected == {}
    assert cbor2.dumps(cbor2.loads(payload), canonical=True) == payload
    assert cbor2.loads(payload) == {
        1: "https://card.example",
        4: int(CLAIMS.expires_at.timestamp()),
        6: int(CLAIMS.issued_at.timestamp()),
        65535: {"status_list": {"idx": 1234, "uri": "https://card.example/status/1.cwt"}},
        -65537: {1: 1, 2: 1, 3: "HH2600000016", 4: "A", 5: "欧阳海河"},
    }


def test_independent_library_accepts_a_code_with_the_published_key(issuer: Issuer) -> None:
    payload = COSE.new().decode(base32.decode(issuer.encode()), issuer.cose_key)

    assert cbor2.loads(payload)[-65537][5] == "欧阳海河"


def test_longest_code_fits_a_qr_code_of_version_15(issuer: Issuer) -> None:
    text = encode(LONGEST, issuer.sign, issuer.kid)
    address = "HTTPS://" + "H" * 40 + "/V"
    image = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=0)
    image.add_data(qrcode.util.QRData(address, mode=qrcode.util.MODE_ALPHA_NUM))
    image.add_data(qrcode.util.QRData(b"#", mode=qrcode.util.MODE_8BIT_BYTE))
    image.add_data(qrcode.util.QRData(text, mode=qrcode.util.MODE_ALPHA_NUM))

    image.make(fit=True)

    assert image.version == 15
    assert len(text) == codec.MAX_CODE_CHARACTERS
    assert parse(text).claims == LONGEST


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": ""},
        {"issuer": "i" * 49},
        {"status_list_uri": "u" * 61},
        {"status_index": -1},
        {"status_index": 2**32},
        {"card_number": "9" * 17},
        {"tier": "T" * 11},
        {"display_name": ""},
        {"display_name": "海" * 18 + "a"},
        {"display_name": "\ud800"},
        {"expires_at": CLAIMS.issued_at},
        {"expires_at": datetime(2107, 1, 1, tzinfo=UTC)},
        {"issued_at": datetime(1969, 1, 1, tzinfo=UTC)},
        {"issued_at": datetime(2026, 1, 1)},  # noqa: DTZ001  that is the fault
        {"format_version": 2},
        {"kind": "live"},
    ],
)
def test_encode_refuses_claims_that_no_reader_would_take(issuer: Issuer, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidClaims):
        encode(replace(CLAIMS, **changes), issuer.sign, issuer.kid)


def test_encode_drops_what_is_below_a_second_and_keeps_the_moment_in_any_zone(issuer: Issuer) -> None:
    tianjin = timezone(timedelta(hours=8))
    issued_at = datetime(2026, 3, 1, 17, 30, 5, 999_999, tzinfo=tianjin)

    claims = parse(issuer.encode(issued_at=issued_at)).claims

    assert claims.issued_at == datetime(2026, 3, 1, 9, 30, 5, tzinfo=UTC)


def test_encode_refuses_a_key_id_or_signature_of_another_length(issuer: Issuer) -> None:
    with pytest.raises(ValueError, match="eight bytes"):
        encode(CLAIMS, issuer.sign, issuer.kid[:7])
    with pytest.raises(ValueError, match="64 bytes"):
        encode(CLAIMS, lambda _: bytes(65), issuer.kid)


@given(data=st.binary(max_size=339))
def test_parse_refuses_any_bytes_with_a_named_error(data: bytes) -> None:
    with pytest.raises(codec.CodeError):
        parse(base32.encode(data))


@given(payload=st.binary(max_size=260))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_claims_refuse_any_signed_bytes_with_a_named_error(issuer: Issuer, payload: bytes) -> None:
    code = codec.SignedCode(kid=issuer.kid, payload=payload, to_be_signed=b"", signature=bytes(64))

    with pytest.raises(codec.CodeError):
        _ = code.claims


def test_code_from_text_takes_the_part_after_the_hash() -> None:
    assert code_from_text("HTTPS://CARD.EXAMPLE/V#ABC") == "ABC"
    assert code_from_text("http://127.0.0.1:8000/v#abc") == "abc"
    assert code_from_text("ABC") == "ABC"


@pytest.mark.parametrize("text", ["#ABC", "HTTPS://CARD.EXAMPLE/#ABC", "HTTPS:///V#ABC", " HTTPS://A/V#ABC", "V#ABC"])
def test_code_from_text_refuses_what_is_not_an_address_of_a_check_page(text: str) -> None:
    with pytest.raises(CodeUnreadable):
        code_from_text(text)


def test_longest_name_goes_into_a_code(issuer: Issuer) -> None:
    name = bound_display_name("Adolph Blaine Charles David Earl Frederick Gerald Hubert Irvin John Kenneth")

    assert parse(issuer.encode(display_name=name)).claims.display_name == name
