"""The served set-up is valid: there may be no container engine where the tests run, so its schema is the judge."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


def test_compose_file_follows_the_compose_schema() -> None:
    check = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert check.returncode == 0, check.stdout + check.stderr


def test_compose_runs_everything_the_service_needs() -> None:
    assert set(compose()["services"]) == {"postgres", "redis", "migrate", "web", "worker", "producer", "beat"}


def test_compose_listens_on_loopback_only() -> None:
    for service in compose()["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_every_queue_has_a_worker() -> None:
    source = "".join(
        path.read_text() for folder in ("talentcard", "cards", "services") for path in (ROOT / folder).rglob("*.py")
    )
    used = {"default", *re.findall(r'enqueue\w*\([^)]*queue="(\w+)"', source)}
    commands = [" ".join(service.get("command", [])) for service in compose()["services"].values()]
    served = {
        queue
        for command in commands
        for match in re.findall(r"--queues ([\w,]+)", command)
        for queue in match.split(",")
    }

    assert served == used
