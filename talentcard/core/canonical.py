"""JSON with one spelling, so that it can be signed."""

import json
from typing import Any

# What a double holds exactly: other readers know no other numbers.
LARGEST = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """Return a value as RFC 8785 spells it: members sorted, nothing between the tokens, UTF-8.

    :raises TypeError: for anything but objects with names, lists, text, whole numbers, booleans and null
    :raises ValueError: for a number that not every reader holds exactly
    """
    _ensure_plain(value)
    return _spell(value).encode()


def _spell(value: Any) -> str:
    if isinstance(value, dict):
        # Python orders text by code point, the standard by UTF-16 unit: they differ past the basic plane.
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_spell(name)}:{_spell(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_spell, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _ensure_plain(value: Any) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            if not isinstance(name, str):
                raise TypeError(f"a member is named {name!r}")
            _ensure_plain(member)
    elif isinstance(value, list):
        for member in value:
            _ensure_plain(member)
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > LARGEST:
            raise ValueError(f"{value} is too large")
    elif value is not None and not isinstance(value, str | bool):
        raise TypeError(f"{type(value).__name__} has no one spelling")
