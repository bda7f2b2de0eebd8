"""The normative page and the code must say the same."""

import json
import re
from pathlib import Path

from talentcard_verifier import Reason, base32, codec, statuslist

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "qr-format.md").read_text(encoding="utf-8")
CODES = json.loads((ROOT / "verifier" / "vectors" / "codes.json").read_text(encoding="utf-8"))


def test_the_example_is_the_first_case_as_text_and_as_bytes() -> None:
    text = CODES["cases"][0]["text"]
    dump = re.search(r"```\n(d2 84 .*?)```", PAGE, re.DOTALL)

    assert dump is not None
    lines = dump[1].splitlines()
    assert bytes.fromhex("".join(line.partition(";")[0] for line in lines)) == base32.decode(text)
    assert text in PAGE


def test_the_page_names_every_reason_in_the_order_of_the_rules() -> None:
    table = PAGE.split("## 6. The verdict")[1].split("- **Green**")[0]
    assert set(re.findall(r"`([a-z_]+)`", table)) - {"kid"} == {reason.value for reason in Reason}


def test_the_page_states_the_limits() -> None:
    for limit in (
        f"1 to {codec.MAX_ISSUER_BYTES} bytes of UTF-8",
        f"uri 1 to {codec.MAX_STATUS_URI_BYTES} bytes",
        f"1 to {codec.MAX_CARD_NUMBER_BYTES} bytes",
        f"1 to {codec.MAX_TIER_BYTES} bytes",
        f"1 to {codec.MAX_NAME_BYTES} bytes",
        f"at most {codec.MAX_CODE_CHARACTERS} characters",
        f"{statuslist.MAX_LIST_BYTES * 4:,} codes",
    ):
        assert limit in PAGE
