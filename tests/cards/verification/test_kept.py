import time

import pytest

from cards.verification.kept import LIMIT, SECONDS, Kept


def test_kept_loads_once_and_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    kept: Kept[str, int] = Kept(lambda key: loaded.append(key) or len(loaded))
    now = time.monotonic()

    values = []
    for seconds in (0, SECONDS - 1, SECONDS + 1):
        monkeypatch.setattr("cards.verification.kept.time.monotonic", lambda seconds=seconds: now + seconds)
        values.append(kept.get("a"))

    assert values == [1, 1, 2]
    assert kept.get("a", max_age=0) == 3


def test_kept_forgets_what_is_no_more() -> None:
    answers = {"a": 1}
    kept: Kept[str, int] = Kept(answers.get)

    assert kept.get("a") == 1
    del answers["a"]
    kept.clear()
    assert kept.get("a") is None
    # Nothing was kept in its place: what appears is seen at once.
    answers["a"] = 2
    assert kept.get("a") == 2


def test_kept_is_bounded() -> None:
    kept: Kept[int, int] = Kept(lambda key: key)

    for key in range(LIMIT + 10):
        kept.get(key)

    assert len(kept._entries) <= LIMIT
