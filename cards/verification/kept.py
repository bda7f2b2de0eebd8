"""Answers kept for a few seconds in this process, for the path that every check takes."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

# How long another process may act on what was changed in this one; see docs/adr/0006-verification-fast-path.md.
SECONDS = 10
LIMIT = 10_000


class Kept(Generic[K, V]):
    """Remember what a loader returned; None is never kept, so that what appears is seen at once."""

    def __init__(self, load: Callable[[K], V | None]) -> None:
        self._load = load
        self._entries: dict[K, tuple[float, V]] = {}

    def get(self, key: K, *, max_age: float = SECONDS) -> V | None:
        """Return the answer for a key, loaded again if it is older than `max_age` seconds."""
        now = time.monotonic()
        entry = self._entries.get(key)
        if entry is not None and 0 <= now - entry[0] < max_age:
            return entry[1]
        value = self._load(key)
        if value is None:
            self._entries.pop(key, None)
            return None
        if len(self._entries) >= LIMIT:
            self._entries.clear()
        self._entries[key] = (now, value)
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
