"""Every verifier must agree with the table; this one first."""

import importlib.util
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from talentcard_verifier.keys import BadSignature, TrustedKeys, UnknownKey
from talentcard_verifier.statuslist import (
    Grade,
    StatusIndexOutOfRange,
    StatusList,
    StatusLists,
    StatusListUnreadable,
)
from talentcard_verifier.verdict import MAX_LIST_AGE, Purpose, Reason, check

VECTORS = Path(__file__).resolve().parents[2] / "verifier" / "vectors"
CODES = json.loads((VECTORS / "codes.json").read_text(encoding="utf-8"))
LISTS = json.loads((VECTORS / "status-lists.json").read_text(encoding="utf-8"))
ERRORS = {"unreadable": StatusListUnreadable, "unknown_key": UnknownKey, "bad_signature": BadSignature}


def _slug(row: dict[str, Any]) -> str:
    return re.sub(r"\W+", "-", row["name"].encode("ascii", "ignore").decode()).strip("-") or "name"


@pytest.mark.parametrize("row", CODES["cases"], ids=_slug)
def test_check_gives_the_verdict_of_the_table(row: dict[str, Any]) -> None:
    keys = TrustedKeys.from_json(CODES["keys"][row["keys"]])
    lists = StatusLists(StatusList.parse(bytes.fromhex(CODES["lists"][name]), keys) for name in row["lists"])
    purpose = row["purpose"] and Purpose(
        code=row["purpose"]["code"], minimum_grade=Grade(row["purpose"]["minimum_grade"])
    )
    max_list_age = MAX_LIST_AGE if row["max_list_age"] is None else timedelta(seconds=row["max_list_age"])

    verdict = check(
        row["text"],
        keys=keys,
        lists=lists,
        at=datetime.fromisoformat(row["at"]),
        purpose=purpose,
        max_list_age=max_list_age,
    )

    assert {
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "grade": verdict.grade,
        "list_age": verdict.list_age,
        "name": verdict.claims and verdict.claims.display_name,
    } == row["expect"]


@pytest.mark.parametrize("row", LISTS["lists"], ids=_slug)
def test_status_list_is_read_or_refused_as_the_table_says(row: dict[str, Any]) -> None:
    keys, data = TrustedKeys.from_json(LISTS["keys"][row["keys"]]), bytes.fromhex(row["hex"])
    if row["error"]:
        with pytest.raises(ERRORS[row["error"]]):
            StatusList.parse(data, keys)
        return

    listed = StatusList.parse(data, keys)

    for index, value in row["values"].items():
        if value is None:
            with pytest.raises(StatusIndexOutOfRange):
                listed.value(int(index))
        else:
            assert listed.value(int(index)) == value


def test_table_has_a_case_for_every_reason() -> None:
    assert {row["expect"]["reason"] for row in CODES["cases"]} == {reason.value for reason in Reason}


def test_case_names_are_unique() -> None:
    names = [row["name"] for row in CODES["cases"]]
    assert len(set(names)) == len(names)


def test_generator_writes_the_files_again_byte_for_byte() -> None:
    spec = importlib.util.spec_from_file_location("vector_generator", VECTORS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)

    rendered = generator.render()

    assert rendered == {name: (VECTORS / name).read_text(encoding="utf-8") for name in rendered}
