import threading
import time
import uuid
from typing import Any

import pytest
from rest_framework.exceptions import Throttled

from cards.verification.api.limits import Allowance


@pytest.fixture
def limit(settings: Any) -> int:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "verify": "50/hour"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    return 50


def takes(allowance: Allowance, system_id: uuid.UUID, times: int) -> int:
    passed = 0
    for _ in range(times):
        try:
            allowance.take(system_id)
        except Throttled:
            continue
        passed += 1
    return passed


def test_allowance_lets_exactly_the_rate_through(limit: int) -> None:
    assert takes(Allowance(), uuid.uuid4(), 120) == limit


def test_allowance_is_shared_by_processes(limit: int) -> None:
    system_id = uuid.uuid4()

    # Two processes of a server, each with its own leases on one shared counter.
    assert takes(Allowance(), system_id, 30) + takes(Allowance(), system_id, 120) <= limit


def test_allowance_is_exact_among_threads(limit: int) -> None:
    allowance, system_id = Allowance(), uuid.uuid4()
    passed: list[int] = []
    threads = [threading.Thread(target=lambda: passed.append(takes(allowance, system_id, 40))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(passed) == limit


def test_allowance_says_how_long_to_wait(limit: int) -> None:
    allowance, system_id = Allowance(), uuid.uuid4()
    takes(allowance, system_id, limit)

    with pytest.raises(Throttled) as caught:
        allowance.take(system_id)
    assert 0 < caught.value.wait <= 3600


def test_allowance_begins_anew_in_the_next_period(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    allowance, system_id, now = Allowance(), uuid.uuid4(), time.time()
    assert takes(allowance, system_id, 60) == limit

    monkeypatch.setattr("cards.verification.api.limits.time.time", lambda: now + 3600)

    assert takes(allowance, system_id, 60) == limit
