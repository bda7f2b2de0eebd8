from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _own_public_folder(settings: Any, tmp_path: Path) -> None:
    # The files outlive a test's rows, and every test's first list has the number 1.
    settings.PUBLIC_DIR = tmp_path
