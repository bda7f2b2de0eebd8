"""Do things at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

R = TypeVar("R")


def at_once(actions: Sequence[Callable[[], R]]) -> list[R]:
    """Start all actions together, each in a thread, and return what each returned."""
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], R]) -> R:
        try:
            start.wait(10)
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
