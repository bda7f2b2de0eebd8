"""What servers leave on the machine while they run, for the tests that see it gone."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

GONE_SECONDS = 10


@dataclass(frozen=True)
class Traces:
    """What a pair of private servers must not leave behind."""

    pids: list[int]
    folder: Path

    @classmethod
    def of(cls, urls: Mapping[str, str]) -> "Traces":
        """Ask the servers themselves."""
        with psycopg.connect(urls["DATABASE_URL"]) as connection:
            data = Path(connection.execute("SHOW data_directory").fetchone()[0])
        with redis.Redis.from_url(urls["REDIS_URL"]) as client:
            valkey_pid = client.info("server")["process_id"]
        postgres_pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        return cls(pids=[postgres_pid, valkey_pid], folder=data.parents[1])

    def assert_gone(self) -> None:
        """Wait until they have ended and their folder is removed."""
        wait_for(lambda: not any(is_running(pid) for pid in self.pids))
        wait_for(lambda: not self.folder.exists())


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds.

    :raises AssertionError: if it does not hold in time
    """
    deadline = time.monotonic() + GONE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Tell whether a process exists and has not ended."""
    try:
        return _status_field(pid, "State") != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def owner(pid: int) -> int:
    """Return the user a process runs as."""
    return int(_status_field(pid, "Uid"))


def parent(pid: int) -> int:
    """Return the process that a process belongs to."""
    return int(_status_field(pid, "PPid"))


def _status_field(pid: int, name: str) -> str:
    """Return a field of a process's status, as the kernel tells it."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
