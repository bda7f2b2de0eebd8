"""Run the private servers until whoever asked for them closes our standard input, or dies."""

import argparse
import json
import signal
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tests.servers.postgres import postgres
from tests.servers.processes import Account, ServerFailed, server_account
from tests.servers.valkey import valkey


def main() -> None:
    """Start servers, print their URLs as one line of JSON, and stop them at the end of the input."""
    parser = argparse.ArgumentParser(prog="tests.servers.supervisor", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="PostgreSQL without fsync")
    parser.add_argument("names", nargs="+", choices=["DATABASE_URL", "REDIS_URL"])
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _leave)
    try:
        with _servers(options.names, fast=options.fast) as urls:
            _answer(urls)
            sys.stdin.buffer.read()
    except ServerFailed as error:
        _answer({"error": str(error)})
        sys.exit(1)
    except BrokenPipeError:
        # Nobody waits for the servers any more, and by now they are stopped.
        sys.exit(1)


def _answer(content: dict[str, str]) -> None:
    sys.stdout.write(f"{json.dumps(content)}\n")
    sys.stdout.flush()


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + signum)


@contextmanager
def _servers(names: Sequence[str], *, fast: bool) -> Iterator[dict[str, str]]:
    account = server_account()
    with ExitStack() as stack:
        base = Path(stack.enter_context(_private_folder(account)))
        urls = {}
        if "DATABASE_URL" in names:
            urls["DATABASE_URL"] = stack.enter_context(postgres(_folder(base, "postgres"), account=account, fast=fast))
        if "REDIS_URL" in names:
            urls["REDIS_URL"] = stack.enter_context(valkey(_folder(base, "valkey"), account=account))
        yield urls


def _private_folder(account: Account) -> tempfile.TemporaryDirectory[str]:
    """Make a folder for the servers' account alone, removed on leaving it as a context."""
    folder = tempfile.TemporaryDirectory(prefix="talentcard-servers-", dir=_reachable_temp_folder(account))
    account.take(Path(folder.name))
    return folder


def _folder(base: Path, name: str) -> Path:
    folder = base / name
    folder.mkdir(mode=0o700)
    return folder


def _reachable_temp_folder(account: Account) -> Path:
    """Return a folder for temporary files that the servers' account can reach.

    :raises ServerFailed: if there is none
    """
    for candidate in (Path(tempfile.gettempdir()).resolve(), Path("/tmp"), Path("/var/tmp")):
        if account.uid is None or all(_is_open(folder) for folder in (candidate, *candidate.parents)):
            return candidate
    raise ServerFailed("no folder for temporary files is open to the servers' account")


def _is_open(folder: Path) -> bool:
    return folder.is_dir() and bool(folder.stat().st_mode & stat.S_IXOTH)


if __name__ == "__main__":
    main()
