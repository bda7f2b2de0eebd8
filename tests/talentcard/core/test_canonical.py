import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentcard.core.canonical import canonical_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES)
def test_canonical_json_says_the_same_and_always_alike(value: Any) -> None:
    spelled = canonical_json(value)

    assert json.loads(spelled) == value
    assert canonical_json(json.loads(spelled)) == spelled


def test_canonical_json_follows_the_standards_examples() -> None:
    # RFC 8785, 3.2.2 and 3.2.3: members by UTF-16 unit, the short escapes, everything else as it is.
    names = {"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\x80": 6, "ö": 7}
    assert list(json.loads(canonical_json(names)).values()) == [2, 4, 6, 7, 1, 5, 3]
    assert canonical_json({"a": '€$\x0f\nA\'B"\\\\"/'}) == '{"a":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    assert canonical_json([None, True, False, 0, []]) == b"[null,true,false,0,[]]"


@pytest.mark.parametrize(
    ("value", "error"), [(1.5, TypeError), ({1: 2}, TypeError), (2**53, ValueError), ([b"x"], TypeError)]
)
def test_canonical_json_refuses_what_has_more_than_one_spelling(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical_json(value)
