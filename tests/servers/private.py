"""Start the servers nobody named, by way of a supervisor that outlives us just long enough to stop them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import STOP_SECONDS, ServerFailed

REPOSITORY = Path(__file__).resolve().parents[2]
SUPERVISOR = "tests.servers.supervisor"
POSTGRES_SCHEMES = ("postgres://", "postgresql://")


def unnamed_servers(environ: Mapping[str, str]) -> list[str]:
    """Return the variables of the servers an environment does not name."""
    missing = []
    if not environ.get("DATABASE_URL", "").startswith(POSTGRES_SCHEMES):
        missing.append("DATABASE_URL")
    if not environ.get("REDIS_URL"):
        missing.append("REDIS_URL")
    return missing


@contextmanager
def private_servers(*, fast: bool = False, environ: Mapping[str, str] = os.environ) -> Iterator[dict[str, str]]:
    """Run the servers the environment does not name; yield `DATABASE_URL` and `REDIS_URL`.

    The servers are stopped and their files removed at the end of the block, and likewise when this process dies,
    however it dies: that closes the pipe their supervisor listens to.

    :param fast: let PostgreSQL forget what it promised if the machine fails; for tests, not for measurements
    :raises ServerFailed: if a server does not start
    """
    urls = {name: environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    missing = unnamed_servers(environ)
    if not missing:
        yield urls
        return
    command = [sys.executable, "-m", SUPERVISOR, *(["--fast"] if fast else []), *missing]
    # Its own session: Ctrl-C must reach us, not the servers under us.
    supervisor = subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        yield urls | _started(supervisor)
    finally:
        _finish(supervisor)


def _started(supervisor: subprocess.Popen[bytes]) -> dict[str, str]:
    """Wait for the supervisor's one line: the URLs, or why there are none."""
    assert supervisor.stdout is not None
    line = supervisor.stdout.readline()
    if not line:
        raise ServerFailed("the servers' supervisor ended before they were ready")
    answer: dict[str, str] = json.loads(line)
    if "error" in answer:
        raise ServerFailed(answer["error"])
    return answer


def _finish(supervisor: subprocess.Popen[bytes]) -> None:
    """Tell the supervisor to stop the servers, and see it end."""
    for pipe in (supervisor.stdin, supervisor.stdout):
        assert pipe is not None
        pipe.close()
    try:
        supervisor.wait(timeout=3 * STOP_SECONDS)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()
