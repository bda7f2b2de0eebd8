"""A virus scanner, on either kind of socket."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import clamd
from tests.clamd import Clamd


@pytest.fixture(params=["tcp", "unix"])
def scanner(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Clamd]:
    with clamd.running(tmp_path if request.param == "unix" else None) as running:
        settings.CLAMAV_URL = running.url
        settings.CLAMAV_TIMEOUT = 2
        yield running
