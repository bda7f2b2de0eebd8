"""Processes on this machine that listen on loopback and end with whoever started them."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

LOOPBACK = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 20
POLL_SECONDS = 0.02
PR_SET_PDEATHSIG = 1


class ServerFailed(Exception):
    """A server could not be started."""


class PortTaken(ServerFailed):
    """Another process took the port between its choice and its use."""


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def die_with_parent(signum: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` that has the kernel send the child a signal when its parent dies, where it can."""
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def request_signal() -> None:
        prctl(PR_SET_PDEATHSIG, int(signum))
        # The parent may have died before the kernel was asked.
        if os.getppid() != parent:
            os._exit(1)

    return request_signal


def wait_until(is_ready: Callable[[], bool], *, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a process that was just started is ready.

    :raises PortTaken: if it ended because its port is in use
    :raises ServerFailed: if it ended otherwise, or is not ready in time
    """
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None:
        if is_ready():
            return
        if time.monotonic() > deadline:
            raise ServerFailed(f"not ready after {START_SECONDS} s; its log ends:\n{tail(log)}")
        time.sleep(POLL_SECONDS)
    error = PortTaken if "already in use" in tail(log) else ServerFailed
    raise error(f"ended with status {process.returncode}; its log ends:\n{tail(log)}")


def tail(log: Path) -> str:
    """Return the last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])


def stop(process: subprocess.Popen[bytes], signum: signal.Signals, *, seconds: float = STOP_SECONDS) -> int:
    """Stop a process, by force if it ignores the signal; return its exit status."""
    process.send_signal(signum)
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
