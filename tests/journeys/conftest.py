"""Real processes on the test's own database and broker."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection


@pytest.fixture
def service_env(transactional_db: None, settings: Any) -> dict[str, str]:
    """Return the environment in which a worker or web process shares this test's database, broker and files."""
    # Passwords set here are checked there.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    for folder in ("mail", "files"):
        shutil.rmtree(Path(settings.VAR_DIR) / folder, ignore_errors=True)
    empty_broker()
    return {
        **os.environ,
        "DATABASE_URL": _test_database_url(),
        "OUTBOX_LEASE_SECONDS": "5",
        "EMAIL_BACKEND": "talentcard.notifications.backends.MailFolderBackend",
    }


def empty_broker() -> None:
    """Forget the messages that earlier tests left at the broker."""
    from talentcard.celery import app

    with app.connection_for_write() as broker:
        for queue in ("default", "mail", "produce"):
            broker.default_channel.queue_declare(queue)
            broker.default_channel.queue_purge(queue)


def wait_until(condition: Callable[[], bool], *, seconds: float = 90) -> None:
    """Wait for something other processes do.

    :raises AssertionError: if it does not come about in time
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


def _test_database_url() -> str:
    details: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{details['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**details)
