"""Run a command with PostgreSQL and a Redis-compatible server: those the environment names, else private ones.

Usage: python -m tests.servers run [--fast] -- COMMAND…
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import FrameType

from tests.servers.private import private_servers, unnamed_servers
from tests.servers.processes import ServerFailed, die_with_parent

NOT_FOUND = 127
NOT_EXECUTABLE = 126


def main() -> int:
    """Run the command line; return the command's exit status, as a shell would."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="run a command with the servers")
    run.add_argument("--fast", action="store_true", help="PostgreSQL without fsync: for tests, not for measurements")
    run.add_argument("command", nargs="+", metavar="COMMAND")
    options = parser.parse_args()
    try:
        return run_with_servers(options.command, fast=options.fast)
    except (ServerFailed, OSError) as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return _status_of(error)


def _status_of(error: ServerFailed | OSError) -> int:
    match error:
        case FileNotFoundError():
            return NOT_FOUND
        case PermissionError():
            return NOT_EXECUTABLE
        case _:
            return 1


def run_with_servers(command: Sequence[str], *, fast: bool) -> int:
    """Run a command with the servers; return its exit status. If the environment names both, become the command.

    :raises ServerFailed: if a server does not start
    :raises OSError: if the command does not
    """
    if not unnamed_servers(os.environ):
        os.execvp(command[0], list(command))
    with private_servers(fast=fast) as urls:
        status = _run(command, os.environ | urls)
    return status if status >= 0 else 128 - status


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command, passing on what we are told to stop with, and never leaving it behind."""
    child = subprocess.Popen(command, env=environment, preexec_fn=die_with_parent(signal.SIGTERM))

    def forward(signum: int, frame: FrameType | None) -> None:
        # A terminal's Ctrl-C has reached the command as well; twice would cut short its own cleaning up.
        if signum != signal.SIGINT or not _in_foreground():
            child.send_signal(signum)

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, forward)
    return child.wait()


def _in_foreground() -> bool:
    """Tell whether a terminal's Ctrl-C goes to our process group."""
    try:
        terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


if __name__ == "__main__":
    sys.exit(main())
