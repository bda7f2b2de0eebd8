"""Write the table of cases that every verifier of the code must agree with.

Run `python verifier/vectors/generate.py`; the same bytes come out each time. The keys are test keys: see `forge.py`.
"""

import base64
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from forge import (  # noqa: E402  the folder is no package
    KEY,
    OTHER_ISSUER,
    OTHER_KEY,
    base32,
    bitmap,
    cbor,
    claims,
    header,
    list_claims,
    other_signature,
    sign1,
    signature_of,
    status_list,
)

Case = dict[str, Any]

NOTE = "Test keys and made-up people. Written by generate.py; docs/qr-format.md says what the fields mean."
ISSUED = datetime(2026, 3, 1, 8, tzinfo=UTC)
EXPIRES = datetime(2029, 3, 1, 8, tzinfo=UTC)
NOW = datetime(2026, 5, 1, 1, tzinfo=UTC)
LISTED = NOW - timedelta(seconds=300)
LIST_EXPIRES = LISTED + timedelta(days=7)
REVOKED, SUSPENDED, SUPERSEDED = 1, 2, 3
STATUS = bitmap({5: REVOKED, 6: SUSPENDED, 7: SUPERSEDED})
LONGEST_NAME = "阿卜杜热合曼·买买提依明·图尔荪尼"
# Two bits a code, compressed: draft-ietf-oauth-status-list, and a list of no codes.
DRAFT_EXAMPLE = base64.urlsafe_b64decode("eNo76fITAAPfAgc=")
EMPTY = bytes.fromhex("789c030000000001")
PREFIX = "HTTPS://CARD.EXAMPLE/V#"


def _keys() -> dict[str, Any]:
    month = timedelta(days=30)
    key = KEY.published(nbf=ISSUED - month)
    return {
        "usual": {"keys": [key]},
        "none": {"keys": []},
        "shared_kid": {"keys": [OTHER_KEY.published(nbf=ISSUED - month, kid=KEY.kid.hex()), key]},
        "other_key_under_this_kid": {"keys": [OTHER_KEY.published(nbf=ISSUED - month, kid=KEY.kid.hex())]},
        "from_later": {"keys": [KEY.published(nbf=ISSUED + timedelta(seconds=1))]},
        "until_issue": {"keys": [KEY.published(nbf=ISSUED - month, exp=ISSUED)]},
        "retired": {"keys": [KEY.published(nbf=ISSUED - month, exp=ISSUED + timedelta(seconds=1))]},
        "other_issuer": {"keys": [KEY.published(nbf=ISSUED - month, iss=OTHER_ISSUER)]},
        "two_issuers": {"keys": [key, OTHER_KEY.published(nbf=ISSUED - month, iss=OTHER_ISSUER)]},
        "other_types_only": {
            "keys": [
                KEY.published(nbf=ISSUED - month, kty="EC", crv="P-256"),
                KEY.published(nbf=ISSUED - month, use="enc"),
            ]
        },
    }


def _lists() -> dict[str, str]:
    def make(values: bytes = STATUS, iat: datetime = LISTED, exp: datetime = LIST_EXPIRES, **more: Any) -> str:
        key = more.pop("key", KEY)
        return status_list(cbor(list_claims(iat=iat, exp=exp, values=values, **more)), key=key).hex()

    return {
        "usual": make(),
        "newer": make(bitmap({0: REVOKED}), iat=NOW),
        "long_lived": make(exp=LISTED + timedelta(days=365)),
        "of_other_issuer": make(key=OTHER_KEY),
        "of_other_address": make(uri="https://card.example/status/2.cwt"),
    }


def case(name: str, text: str, reason: str, **more: Any) -> Case:
    """Return one row; what is not said is as usual."""
    at = more.pop("at", NOW)
    return {
        "name": name,
        "text": text,
        "keys": more.pop("keys", "usual"),
        "lists": more.pop("lists", ["usual"]),
        "at": at.isoformat(),
        "purpose": more.pop("purpose", None),
        "max_list_age": more.pop("max_list_age", None),
        "expect": {
            "outcome": _outcome(reason),
            "reason": reason,
            "grade": more.pop("grade", None),
            "list_age": more.pop("age", None),
            "name": more.pop("shows", None),
        },
    }


def _outcome(reason: str) -> str:
    if reason == "valid":
        return "green"
    return "amber" if reason in {"status_unknown", "status_stale", "grade_too_low"} else "red"


def _code(**changes: Any) -> str:
    return base32(sign1(cbor(_claims(**changes))))


def _claims(**changes: Any) -> dict[int, Any]:
    return claims(**({"iat": ISSUED, "exp": EXPIRES} | changes))


def _known(age: int = 300, grade: str = "offline_fresh", shows: str = "欧阳海河") -> Case:
    return {"age": age, "grade": grade, "shows": shows}


def _good_cases() -> Iterator[Case]:
    good = _code()
    yield case("valid", good, "valid", **_known())
    yield case("valid, as an address", PREFIX + good, "valid", **_known())
    yield case("valid, as an address in lower case", "http://127.0.0.1:8000/v#" + good, "valid", **_known())
    for name in (LONGEST_NAME, "Zoë Ångström-O’Neill", "𬱖𠮷𫍯", "박은\u1112\u1161\u11ab", "A"):
        yield case(f"valid, name {name}", _code(name=name), "valid", **_known(shows=name))
    yield case("valid, last index", _code(index=63), "valid", **_known())
    yield case("valid, two keys share the id", good, "valid", keys="shared_kid", **_known())
    # The list was signed after the key retired, so only the code is proven.
    yield case(
        "issued in the last second of its key", good, "status_unknown", keys="retired", lists=[], shows="欧阳海河"
    )


def _date_cases() -> Iterator[Case]:
    good, second = _code(), timedelta(seconds=1)
    no_list: Case = {"lists": [], "shows": "欧阳海河"}
    yield case("issued 60 s ahead of the clock", good, "status_unknown", at=ISSUED - 60 * second, **no_list)
    yield case("issued 61 s ahead of the clock", good, "not_yet_valid", at=ISSUED - 61 * second, **no_list)
    yield case("one second before expiry", good, "status_unknown", at=EXPIRES - second, **no_list)
    yield case("expired on the second", good, "expired", at=EXPIRES, **no_list)
    early = _code(exp=NOW, index=5)
    yield case("expired goes before revoked", early, "expired", shows="欧阳海河")


def _status_cases() -> Iterator[Case]:
    good = _code()
    yield case("revoked", _code(index=5), "revoked", **_known())
    yield case("suspended", _code(index=6), "suspended", **_known())
    yield case("superseded", _code(index=7), "superseded", **_known())
    yield case("index after the end", _code(index=64), "status_out_of_range", shows="欧阳海河")
    yield case("largest index", _code(index=2**32 - 1), "status_out_of_range", shows="欧阳海河")
    yield case("no list", good, "status_unknown", lists=[], shows="欧阳海河")
    yield case("list of another address", good, "status_unknown", lists=["of_other_address"], shows="欧阳海河")
    yield case(
        "another issuer's list under this address",
        good,
        "status_unknown",
        keys="two_issuers",
        lists=["of_other_issuer"],
        shows="欧阳海河",
    )
    for order in (["usual", "newer"], ["newer", "usual"]):
        yield case(f"the newest list counts: {' '.join(order)}", good, "revoked", lists=order, **_known(age=0))


def _age_cases() -> Iterator[Case]:
    good, week = _code(), 7 * 24 * 3600

    def aged(name: str, reason: str, age: int, **more: Any) -> Case:
        grade = "offline_fresh" if age <= 900 else "offline_stale"
        return case(name, good, reason, at=LISTED + timedelta(seconds=age), **_known(max(age, 0), grade), **more)

    yield aged("list at the end of its freshness", "valid", 900)
    yield aged("list just stale", "valid", 901)
    yield aged("list in its last second", "valid", week - 1)
    yield aged("list expired", "status_stale", week)
    yield aged("expired list does not even revoke", "status_stale", week) | {"text": _code(index=5)}
    yield aged("list as old as allowed", "valid", week, lists=["long_lived"])
    yield aged("list older than allowed", "status_stale", week + 1, lists=["long_lived"])
    yield aged("list older than this desk allows", "status_stale", 61, max_list_age=60)
    yield aged("list 60 s ahead of the clock", "valid", -60)
    future: Case = {"at": LISTED - timedelta(seconds=61), "shows": "欧阳海河"}
    yield case("list 61 s ahead of the clock", good, "status_unknown", **future)
    for minimum, age, reason in (
        ("live", 1, "grade_too_low"),
        ("offline_fresh", 900, "valid"),
        ("offline_fresh", 901, "grade_too_low"),
        ("offline_stale", 901, "valid"),
    ):
        purpose = {"code": {"live": "housing", "offline_fresh": "school"}.get(minimum, "bus"), "minimum_grade": minimum}
        yield aged(f"{purpose['code']} asks for {minimum}, list is {age} s old", reason, age, purpose=purpose)
    housing = {"code": "housing", "minimum_grade": "live"}
    yield case("revoked goes before the grade", _code(index=5), "revoked", purpose=housing, **_known())


def _key_cases() -> Iterator[Case]:
    good = _code()
    message = sign1(cbor(_claims()))
    yield case("no key", good, "unknown_key", keys="none", lists=[])
    yield case("signed by a stranger", base32(sign1(cbor(_claims()), key=OTHER_KEY)), "unknown_key")
    yield case("keys of other types and uses", good, "unknown_key", keys="other_types_only", lists=[])
    yield case("another key under this id", good, "bad_signature", keys="other_key_under_this_kid", lists=[])
    yield case("signature changed", base32(message[:-1] + bytes([message[-1] ^ 1])), "bad_signature")
    yield case("name changed", base32(message.replace("欧".encode(), "歐".encode())), "bad_signature")
    moved = message[:-64] + other_signature(message[-64:])
    yield case("signature with its second half moved by the group's order", base32(moved), "bad_signature")
    yield case("stranger under our id", base32(_stranger()), "bad_signature")
    yield case("key valid only later", good, "key_not_allowed", keys="from_later", lists=[])
    yield case("key valid only before", good, "key_not_allowed", keys="until_issue", lists=[])
    yield case("key of another issuer", good, "key_not_allowed", keys="other_issuer", lists=[])
    claimed = base32(sign1(cbor(_claims()), key=OTHER_KEY))
    yield case("issuer that the key does not belong to", claimed, "key_not_allowed", keys="two_issuers")


def _stranger() -> bytes:
    return sign1(cbor(_claims()), key=OTHER_KEY, protected=header(KEY.kid))


def _text_cases() -> Iterator[Case]:
    good = _code()
    loose = next(_code(name="张" + "a" * n) for n in range(8) if len(_code(name="张" + "a" * n)) % 8 == 2)
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"["ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".index(loose[-1]) + 1]
    texts = {
        "nothing": "",
        "one character": "A",
        "lower case": good.lower(),
        "one character in lower case": good[0] + good[1:].replace("A", "a", 1),
        "padding": good + "=" * (-len(good) % 8 or 8),
        "loose bits in the last character": loose[:-1] + last,
        "one character more": good + "A",
        "a whole group more": good + "A" * 8,
        "one character less": good[:-1],
        "half of it": good[: len(good) // 16 * 8],
        "space before": " " + good,
        "space after": good + " ",
        "line break after": good + "\n",
        "underscore inside": good[:8] + "_" + good[8:],
        "digit 1 for I": good.replace("I", "1", 1),
        "digit 0 for O": good.replace("O", "0", 1),
        "full-width letter": good.replace("A", "Ａ", 1),
        "not a code": "HELLO WORLD",
        "another system's code": "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NFQGRJPC%OQHIZC4",
        "far too long": good * 20,
        "the address alone": "HTTPS://CARD.EXAMPLE/V",
        "address without a code": PREFIX,
        "address of another page": PREFIX.replace("/V#", "/W#") + good,
        "address with a query": PREFIX.replace("/V#", "/V?a=1#") + good,
        "another scheme": PREFIX.replace("HTTPS", "FTP") + good,
        "only a hash before it": "#" + good,
        "two hashes": PREFIX + "#" + good,
        "code twice": PREFIX + good + "#" + good,
    }
    for name, text in texts.items():
        yield case(name, text, "unreadable")


def _envelope_cases() -> Iterator[Case]:
    payload = cbor(_claims())
    protected, signature = header(KEY.kid), signature_of(payload)
    message = sign1(payload)
    parts = [cbor(part) for part in (protected, {}, payload, signature)]
    body = b"".join(parts)
    more = header(KEY.kid, more={3: 61})
    swapped = b"\xa2\x04" + cbor(KEY.kid) + b"\x01\x27"
    no_kid, short_kid = cbor({1: -8}), cbor({1: -8, 4: KEY.kid[:7]})
    messages = {
        "bytes after the message": message + b"\x00",
        "no tag": message[1:],
        "tag of a MAC": b"\xd1" + message[1:],
        "tag of many signatures": b"\xd8\x62" + message[1:],
        "tag not in its shortest form": b"\xd8\x12" + message[1:],
        "tag of a web token around it": b"\xd8\x3d" + message,
        "array of no definite length": b"\xd2\x9f" + body + b"\xff",
        "array of five": b"\xd2\x85" + body + b"\xf6",
        "payload of no definite length": b"\xd2\x84" + parts[0] + parts[1] + b"\x5f" + parts[2] + b"\xff" + parts[3],
        "payload length not in its shortest form": b"\xd2\x84"
        + b"".join((parts[0], parts[1], b"\x59" + len(payload).to_bytes(2, "big") + payload, parts[3])),
        "payload elsewhere": b"\xd2\x84" + parts[0] + parts[1] + b"\xf6" + parts[3],
        "unprotected header": sign1(payload, unprotected={4: KEY.kid}),
        "one more protected header": sign1(payload, protected=more),
        "protected headers in another order": sign1(payload, protected=swapped),
        "key id not protected": sign1(payload, protected=no_kid, unprotected={4: KEY.kid}),
        "key id of seven bytes": sign1(payload, protected=short_kid),
        "short signature": b"\xd2\x84" + b"".join(parts[:3]) + cbor(signature[:-1]),
        "empty message": b"",
    }
    for name, data in messages.items():
        yield case(name, base32(data), "unreadable")
    es256 = sign1(payload, protected=header(KEY.kid, alg=-7))
    yield case("another algorithm", base32(es256), "unsupported_version")


def _payload_cases() -> Iterator[Case]:
    """Signed by the right key, and yet not the one form: only the issuer's own mistake could make these."""
    right, usual = cbor(_claims()), _claims()
    exp = b"\x04\x1a" + usual[4].to_bytes(4, "big")
    payloads = {
        "claims in another order": cbor2.dumps(dict(reversed(usual.items()))),
        "map of no definite length": b"\xbf" + right[1:] + b"\xff",
        "number not in its shortest form": right.replace(exp, b"\x04\x1b" + usual[4].to_bytes(8, "big")),
        "a claim twice": b"\xa6" + right[1:].replace(exp, exp + exp),
        "text in pieces": right.replace(cbor("A"), b"\x7f\x61A\xff"),
        "time as a float": cbor(usual | {4: float(usual[4])}),
        "time as a large number": right.replace(exp, b"\x04\xc2\x44" + exp[2:]),
        "time with a tag": right.replace(exp, b"\x04\xc1" + exp[1:]),
        "true for one": right.replace(b"\xa5\x01\x01\x02", b"\xa5\x01\xf5\x02"),
        "name as bytes": cbor(_claims(card={5: "欧阳海河".encode()})),
        "name that is not UTF-8": right.replace("河".encode(), b"\xff\xfe\xfd"),
        "empty name": cbor(_claims(name="")),
        "name too long": cbor(_claims(name="a" * 55)),
        "tier too long": cbor(_claims(tier="a" * 11)),
        "one more claim": cbor(usual | {7: b"1"}),
        "one claim less": cbor({key: value for key, value in usual.items() if key != 65535}),
        "one more entry of the card": cbor(_claims(card={6: 0})),
        "one more entry of the status": cbor(usual | {65535: {"status_list": {"idx": 0, "uri": "u", "x": 0}}}),
        "bytes after the claims": right + b"\x00",
        "expiry before issue": cbor(_claims(exp=ISSUED)),
        "index too large": cbor(_claims(index=2**32)),
        "negative index": cbor(_claims(index=-1)),
        "no map": cbor([1, 2, 3]),
        "nothing signed": b"",
    }
    for name, payload in payloads.items():
        yield case(f"signed: {name}", base32(sign1(payload)), "unreadable")
    for name, card in {
        "version 2": {1: 2},
        "version 2 with one more entry": {1: 2, 6: "new"},
        "a live code, whose form is not fixed yet": {2: 2},
    }.items():
        yield case(f"signed: {name}", _code(card=card), "unsupported_version")


def _list_rows() -> Iterator[Case]:
    """Status lists, right and wrong: `values` are some entries of a list that is accepted."""
    usual = list_claims(iat=LISTED, exp=LIST_EXPIRES, values=STATUS)
    right, packed = cbor(usual), usual[65533]["lst"]
    signed = status_list(right)

    def row(name: str, data: bytes, error: str | None = "unreadable", **more: Any) -> Case:
        return {"name": name, "keys": more.get("keys", "usual"), "hex": data.hex(), "error": error} | more

    yield row("usual", signed, None, values={"0": 0, "5": 1, "6": 2, "7": 3, "63": 0, "64": None})
    yield row("the draft's own example", _packed(DRAFT_EXAMPLE), None, values=_draft_values())
    yield row("stranger", status_list(right, key=OTHER_KEY), "unknown_key")
    yield row("changed", signed[:-1] + bytes([signed[-1] ^ 1]), "bad_signature")
    yield row("signed after its key retired", signed, "bad_signature", keys="retired")
    yield row("bytes after it", signed + b"\x00")
    yield row("another media type", status_list(right, media_type="application/statuslist+jwt"))
    yield row("a code, not a list", sign1(right))
    yield row("one bit a code", status_list(cbor(usual | {65533: {"bits": 1, "lst": packed}})))
    yield row("no expiry", status_list(cbor({key: value for key, value in usual.items() if key != 4})))
    yield row("not compressed", status_list(cbor(usual | {65533: {"bits": 2, "lst": STATUS}})))
    yield row("compressed data cut short", status_list(cbor(usual | {65533: {"bits": 2, "lst": packed[:-1]}})))
    yield row("data after the compressed data", status_list(cbor(usual | {65533: {"bits": 2, "lst": packed + b"x"}})))
    yield row("empty list", _packed(EMPTY))
    yield row("claims in another order", status_list(cbor2.dumps(dict(reversed(usual.items())))))


def _packed(packed: bytes) -> bytes:
    usual = list_claims(iat=LISTED, exp=LIST_EXPIRES, values=STATUS)
    return status_list(cbor(usual | {65533: {"bits": 2, "lst": packed}}))


def _draft_values() -> Mapping[str, int]:
    """Return what the draft says that its example holds."""
    return {str(index): value for index, value in enumerate((1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3))}


def render() -> dict[str, str]:
    """Return each file's text by its name."""
    tables = (_good_cases, _date_cases, _status_cases, _age_cases, _key_cases, _text_cases, _envelope_cases)
    cases = [row for table in (*tables, _payload_cases) for row in table()]
    codes = {"note": NOTE, "keys": _keys(), "lists": _lists(), "cases": cases}
    lists = {"note": NOTE, "keys": _keys(), "lists": list(_list_rows())}
    return {
        name: json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        for name, content in (("codes.json", codes), ("status-lists.json", lists))
    }


def main() -> None:
    """Write the files beside this one."""
    for name, content in render().items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
