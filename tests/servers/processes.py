"""Processes that serve the tests: they listen on loopback, run unprivileged and end with whoever started them."""

import importlib.util
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from demo.processes import (
    LOOPBACK,
    STOP_SECONDS,
    PortTaken,
    ServerFailed,
    die_with_parent,
    free_port,
    stop,
    tail,
    wait_until,
)

__all__ = [
    "LOOPBACK",
    "STOP_SECONDS",
    "Account",
    "PortTaken",
    "Server",
    "ServerFailed",
    "die_with_parent",
    "free_port",
    "server_account",
    "tail",
    "wheel_folder",
    "write_private",
]

PORT_ATTEMPTS = 5


@dataclass(frozen=True)
class Account:
    """The system account a server runs as; without ids it is our own."""

    uid: int | None = None
    gid: int | None = None

    def popen(
        self,
        command: Sequence[str | Path],
        *,
        folder: Path,
        stdin: int = subprocess.DEVNULL,
        output: IO[bytes],
        death_signal: signal.Signals = signal.SIGKILL,
    ) -> subprocess.Popen[bytes]:
        """Start a command as this account, in a folder it can read, with a bare environment."""
        return subprocess.Popen(
            command,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd=folder,
            env={"LC_ALL": "C", "TZ": "UTC"},
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(death_signal),
        )

    def take(self, folder: Path) -> None:
        """Make this account the owner of a folder and all it holds."""
        if self.uid is None or self.gid is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def server_account() -> Account:
    """Return the account servers run as: `nobody` if we are root, which PostgreSQL refuses, else our own."""
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def wheel_folder(package: str, *, wheel: str) -> Path:
    """Return where a wheel's package is installed, without importing it.

    :raises ServerFailed: if it is not installed
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(f"{wheel} is not installed; run: {sys.executable} -m pip install {wheel}")
    return Path(spec.submodule_search_locations[0])


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600), "w") as file:
        file.write(text)


@dataclass(frozen=True)
class Server:
    """How to run one server: its command for a port, its folder, and how to tell that it is ready and stop it."""

    command: Callable[[int], Sequence[str | Path]]
    is_ready: Callable[[int], bool]
    folder: Path
    account: Account
    stop_signal: signal.Signals

    @contextmanager
    def running(self) -> Iterator[int]:
        """Run the server on a free port, which is yielded once it is ready; stop it afterwards.

        :raises ServerFailed: if it does not start
        """
        process, port = self._start()
        try:
            yield port
        finally:
            stop(process, self.stop_signal)

    def _start(self) -> tuple[subprocess.Popen[bytes], int]:
        attempt = 1
        while True:
            port = free_port()
            try:
                return self._start_on(port), port
            except PortTaken:
                if attempt == PORT_ATTEMPTS:
                    raise
                attempt += 1

    def _start_on(self, port: int) -> subprocess.Popen[bytes]:
        log = self.folder / "server.log"
        with log.open("wb") as output:
            process = self.account.popen(
                self.command(port), folder=self.folder, output=output, death_signal=self.stop_signal
            )
        try:
            wait_until(lambda: self.is_ready(port), process=process, log=log)
        except BaseException:
            stop(process, self.stop_signal)
            raise
        return process
