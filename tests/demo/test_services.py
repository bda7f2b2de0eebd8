"""Our own processes as the tests start them: ready when they say so, gone when they should be."""

import http.client
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from demo.services import celery_beat, celery_worker, web_server
from tests.servers import ServerFailed
from tests.servers.private import REPOSITORY
from tests.servers.traces import wait_for

START_AND_WAIT = """
import json, sys, time
from demo.services import celery_worker, web_server
env = json.loads(sys.argv[1])
with celery_worker(env) as worker, web_server(env) as web:
    print(worker.pid, web.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A place of their own for the processes; the broker is that of the run."""
    for folder in ("queue", "control"):
        (tmp_path / "broker" / folder).mkdir(parents=True)
    return {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}


def test_worker_is_ready_and_stops_in_order(env: dict[str, str]) -> None:
    with celery_worker(env, queues=["default", "slow"]) as worker:
        assert group_exists(worker.pid)
        assert "> slow " in worker.log()

        assert worker.stop() == 0

        assert not group_exists(worker.pid)
        assert "Warm shutdown" in worker.log()


def test_killed_worker_is_gone_with_its_children(env: dict[str, str]) -> None:
    with celery_worker(env, concurrency=2) as worker:
        worker.kill()

        assert worker.process.returncode == -signal.SIGKILL
        assert not group_exists(worker.pid)


def test_beat_is_ready_and_stops_in_order(env: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "beat.log"
    with celery_beat(env, log=log) as beat:
        assert beat.stop() == 0

    assert not group_exists(beat.pid)
    assert "beat: Starting..." in log.read_text()


def test_web_server_answers_and_stops_in_order(env: dict[str, str]) -> None:
    with web_server(env) as web:
        connection = http.client.HTTPConnection(urlsplit(web.url).netloc, timeout=10)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == http.HTTPStatus.OK
        connection.close()

        assert web.stop() == 0

    assert not group_exists(web.pid)


def test_a_process_that_cannot_start_shows_why(env: dict[str, str]) -> None:
    with pytest.raises(ServerFailed, match="ImproperlyConfigured"), celery_worker(env | {"DATABASE_URL": "no://x"}):
        raise AssertionError("it runs")


def test_processes_end_with_whoever_started_them(env: dict[str, str], tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, json.dumps(env)],
        cwd=REPOSITORY,
        # It will have no time to remove its temporary files.
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with starter:
        groups = [int(pid) for pid in starter.stdout.readline().split()]
        assert [group_exists(group) for group in groups] == [True, True]

        starter.kill()

    wait_for(lambda: not any(group_exists(group) for group in groups))


def group_exists(group: int) -> bool:
    """Tell whether any process of a group is left."""
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False
