import base64
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from talentcard_verifier.cli import main

from tests.verifier.conftest import AT, CLAIMS, Issuer


@pytest.fixture
def desk(issuer: Issuer, tmp_path: Path) -> list[str]:
    """Return the options of a desk that fetched keys and list."""
    x = base64.urlsafe_b64encode(issuer.public_key).rstrip(b"=").decode()
    key = {"kty": "OKP", "crv": "Ed25519", "kid": issuer.kid.hex(), "x": x, "iss": CLAIMS.issuer, "nbf": 0}
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [key]}))
    bitmap = bytearray(512)
    bitmap[0] = 1
    (tmp_path / "1.cwt").write_bytes(issuer.list_file(bitmap))
    at = AT + timedelta(seconds=30)
    return ["--keys", str(tmp_path / "keys.json"), "--list", str(tmp_path / "1.cwt"), "--at", at.isoformat()]


def test_a_good_code_is_printed_as_json_and_as_a_line(
    issuer: Issuer, desk: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([*desk, "--purpose", "bus", "HTTPS://CARD.EXAMPLE/V#" + issuer.encode()])

    output = capsys.readouterr()
    assert status == 0
    assert json.loads(output.out) == {
        "outcome": "green",
        "reason": "valid",
        "grade": "offline_fresh",
        "list_age": 30,
        "purpose": "bus",
        "card": {
            "issuer": "https://card.example",
            "number": "HH2600000016",
            "tier": "A",
            "name": "欧阳海河",
            "kind": "static",
            "issued_at": "2026-03-02T09:30:00+00:00",
            "expires_at": "2029-01-25T09:30:00+00:00",
        },
    }
    assert output.err == (
        "有效 · 欧阳海河 HH2600000016 A · 该卡有效。 · 请核对姓名与持卡人身份。 · (离线核验，状态名单较新, 30 s)\n"
    )


def test_a_code_is_read_from_standard_input(
    issuer: Issuer, desk: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(issuer.encode(status_index=0) + "\n"))

    status = main([*desk, "--language", "en", "-"])

    output = capsys.readouterr()
    assert status == 1
    assert json.loads(output.out)["reason"] == "revoked"
    assert output.err.startswith("Not valid · 欧阳海河 HH2600000016 A · The card was revoked.")


def test_a_purpose_that_needs_the_register_is_amber_offline(
    issuer: Issuer, desk: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([*desk, "--purpose", "housing", "--minimum-grade", "live", issuer.encode()])

    assert status == 1
    assert json.loads(capsys.readouterr().out)["outcome"] == "amber"


@pytest.mark.parametrize("content", [b"", b"not a list", bytes(200)])
def test_a_bad_list_is_a_usage_error(
    desk: list[str], tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1.cwt").write_bytes(content)

    assert main([*desk, "CODE"]) == 2
    assert "1.cwt" in capsys.readouterr().err


def test_a_changed_list_and_a_stranger_s_list_are_usage_errors(
    issuer: Issuer, desk: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file, word in (
        (issuer.list_file()[:-1] + b"\x00", "signature is wrong"),
        (issuer.list_file(kid=bytes(8)), "not trusted"),
    ):
        (tmp_path / "1.cwt").write_bytes(file)
        assert main([*desk, "CODE"]) == 2
        assert word in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{}", "[1]"])
def test_bad_keys_are_a_usage_error(desk: list[str], tmp_path: Path, content: str) -> None:
    (tmp_path / "keys.json").write_text(content)

    assert main([*desk, "CODE"]) == 2


@pytest.mark.parametrize("more", [["--at", "yesterday"], ["--at", "2026-05-01T09:00:00"], ["--minimum-grade", "x"], []])
def test_a_command_line_without_sense_is_a_usage_error(desk: list[str], more: list[str]) -> None:
    arguments = [*desk, *more, *(["CODE"] if more else [])]

    with pytest.raises(SystemExit) as stop:
        main(arguments)

    assert stop.value.code == 2
