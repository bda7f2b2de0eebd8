"""A folder as the broker, for the embedded mode: kombu's file system transport, without its race.

kombu writes a message into the file that readers already see, so a worker can read half a message and dies of it.
Here a message appears under its name whole or not at all, and is taken by a rename that one reader wins.
"""

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any, TypeVar

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

R = TypeVar("R")

# The table of an exchange is still written in place, once, when the processes of a new installation start together.
TABLE_ATTEMPTS = 100


class Channel(filesystem.Channel):
    """Messages as files that are complete from the moment they are there."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # kombu itself differs
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns()}_{uuid.uuid4().hex}.{queue}.msg"
        partial = folder / f"{name}.part"
        partial.write_text(dumps(payload))
        partial.replace(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):  # noqa: PTH208  # names only, as fast as can be
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f"{name}.taken"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                # Another reader was faster.
                continue
            message = loads(taken.read_text())
            taken.unlink()
            return message
        raise Empty

    def get_table(self, exchange: str) -> Any:
        """Return an exchange's bindings."""
        return _when_written(lambda: super(Channel, self).get_table(exchange))

    def _queue_bind(self, *args: Any) -> None:
        _when_written(lambda: super(Channel, self)._queue_bind(*args))


class Transport(filesystem.Transport):
    """The transport of `folder://`."""

    Channel = Channel


def _when_written(read: Callable[[], R]) -> R:
    for _ in range(TABLE_ATTEMPTS):
        try:
            return read()
        except ValueError:
            time.sleep(0.01)
    return read()
