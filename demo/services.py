"""Our own processes as a deployment runs them: Celery worker and beat, and the web server."""

import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from demo.processes import LOOPBACK, POLL_SECONDS, STOP_SECONDS, die_with_parent, free_port, stop, wait_until

REPOSITORY = Path(__file__).resolve().parent.parent
REAP_SECONDS = 2
WORKER_READY = re.compile(r" ready\.$", re.MULTILINE)
BEAT_READY = re.compile(r"beat: Ready\.$", re.MULTILINE)


@dataclass(frozen=True)
class Service:
    """A running process of ours, with the children it started."""

    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def pid(self) -> int:
        """The process id; it is the process group's as well."""
        return self.process.pid

    def log(self) -> str:
        """Return what it has written so far."""
        return self.log_path.read_text(errors="replace")

    def kill(self) -> None:
        """Kill it and its children at once, as a power cut would, and see them gone."""
        deadline = time.monotonic() + REAP_SECONDS
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()
            # Its children end a moment later, and until then may hold a lock. They are not ours to wait for.
            while time.monotonic() < deadline:
                os.killpg(self.pid, 0)
                time.sleep(POLL_SECONDS)

    def stop(self, *, seconds: float = STOP_SECONDS) -> int:
        """Let it finish what it is doing and end; return its exit status. What is left after that time is killed."""
        status = stop(self.process, signal.SIGTERM, seconds=seconds)
        self.kill()
        return status


@dataclass(frozen=True)
class WebServer(Service):
    """A running web server."""

    url: str


@contextmanager
def celery_worker(
    env: Mapping[str, str],
    *,
    concurrency: int = 1,
    queues: Sequence[str] = (),
    schedule: Path | None = None,
    log: Path | None = None,
) -> Iterator[Service]:
    """Run a Celery worker, ready for tasks; stop it at the end of the block.

    :param env: variables to set beside those of this process
    :param queues: the queues it takes tasks from; none named: the application's default
    :param schedule: where a beat of its own keeps its schedule; without it the worker has none
    :param log: where to keep its log; without it the log goes with the block
    :raises ServerFailed: if it does not start
    """
    # A name of its own: two workers of one name would answer for each other.
    command = ["worker", "--loglevel=INFO", f"--concurrency={concurrency}", f"--hostname={uuid.uuid4().hex[:8]}@%h"]
    command += ["--without-gossip", "--without-mingle"]
    if queues:
        command.append(f"--queues={','.join(queues)}")
    if schedule:
        command += ["--beat", f"--schedule={schedule}"]
    with _log_file(log) as log_path:
        process = _start(_celery(command), env=env, log_path=log_path, death_signal=signal.SIGKILL)
        service = Service(process, log_path)
        with _until_done(service, lambda: WORKER_READY.search(service.log()) is not None):
            yield service


@contextmanager
def celery_beat(env: Mapping[str, str], *, log: Path | None = None) -> Iterator[Service]:
    """Run Celery's beat with a schedule file of its own; stop it at the end of the block.

    :param env: variables to set beside those of this process
    :param log: where to keep its log; without it the log goes with the block
    :raises ServerFailed: if it does not start
    """
    with tempfile.TemporaryDirectory(prefix="talentcard-beat-") as folder, _log_file(log) as log_path:
        command = _celery(["beat", "--loglevel=INFO", f"--schedule={folder}/schedule", "--pidfile="])
        process = _start(command, env=env, log_path=log_path, death_signal=signal.SIGKILL)
        service = Service(process, log_path)
        with _until_done(service, lambda: BEAT_READY.search(service.log()) is not None):
            yield service


@contextmanager
def web_server(
    env: Mapping[str, str], port: int | None = None, *, workers: int = 1, threads: int = 4, log: Path | None = None
) -> Iterator[WebServer]:
    """Run the web server on loopback, until it answers that it is healthy; stop it at the end of the block.

    :param env: variables to set beside those of this process
    :param port: the port to listen on; none: any free one
    :param log: where to keep its log; without it the log goes with the block
    :raises ServerFailed: if it does not start
    """
    port = port or free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "talentcard.wsgi:application"]
    command += ["--host", LOOPBACK, "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)]
    with _log_file(log) as log_path:
        # Not SIGKILL: its worker process would stay behind.
        process = _start(command, env=env, log_path=log_path, death_signal=signal.SIGTERM)
        service = WebServer(process, log_path, url=f"http://{LOOPBACK}:{port}")
        with _until_done(service, lambda: _is_healthy(port)):
            yield service


def _celery(arguments: Sequence[str]) -> list[str]:
    # Whoever migrated the database ran the checks, on this same code.
    return [sys.executable, "-m", "celery", "-A", "talentcard", "--skip-checks", *arguments]


@contextmanager
def _log_file(path: Path | None) -> Iterator[Path]:
    if path is not None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="talentcard-log-") as folder:
        yield Path(folder) / "log"


def _start(
    command: Sequence[str], *, env: Mapping[str, str], log_path: Path, death_signal: signal.Signals
) -> subprocess.Popen[bytes]:
    with log_path.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=REPOSITORY,
            # The line that says it is ready is logged at this level.
            env=os.environ | dict(env) | {"LOG_LEVEL": "INFO", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(death_signal),
        )


@contextmanager
def _until_done(service: Service, is_ready: Callable[[], bool]) -> Iterator[None]:
    try:
        wait_until(is_ready, process=service.process, log=service.log_path)
        yield
    finally:
        service.stop()


def _is_healthy(port: int) -> bool:
    """Tell whether the server on a port answers that it is well."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
