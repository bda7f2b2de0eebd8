"""A database and a folder of the benchmarks' own, on the servers that the environment names."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

from talentcard.core.keys import fresh_secrets

DATABASE = "talentcard_benchmark"
POSTGRES_SCHEMES = ("postgres", "postgresql")


class NoServers(Exception):
    """The environment names no PostgreSQL or no Redis-compatible server."""


@contextmanager
def served(environ: Mapping[str, str]) -> Iterator[list[str]]:
    """Set Django up on an empty, migrated database of our own; yield what the servers are.

    :raises NoServers: if the environment does not name them
    """
    urls = environ.get("DATABASE_URL", ""), environ.get("REDIS_URL", "")
    if urlsplit(urls[0]).scheme not in POSTGRES_SCHEMES or not urls[1]:
        raise NoServers("this work needs DATABASE_URL (PostgreSQL) and REDIS_URL; `make bench` brings both")
    _replace_database(urls[0])
    try:
        with tempfile.TemporaryDirectory(prefix="talentcard-benchmarks-") as folder:
            os.environ.update(_variables(urls[0], folder))
            _set_up_django()
            yield _describe(*urls)
            _close_connections()
    finally:
        _drop_database(urls[0])


def _variables(database_url: str, folder: str) -> dict[str, str]:
    return {
        **fresh_secrets(),
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DATABASE_URL": urlsplit(database_url)._replace(path=f"/{DATABASE}").geturl(),
        "VAR_DIR": folder,
        "STATIC_ROOT": f"{folder}/static",
        "DEMO": "false",
        "DEBUG": "false",
        "SECURE_HTTPS": "false",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOG_LEVEL": "WARNING",
    }


def _set_up_django() -> None:
    import django  # the settings read the environment as soon as they are asked
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    # Pages name their files by what those hold.
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["pico.[!m]*"])


def _close_connections() -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend


def _replace_database(url: str) -> None:
    _drop_database(url)
    _administer(url, "CREATE DATABASE {}")


def _drop_database(url: str) -> None:
    _administer(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _administer(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(DATABASE)))


def _describe(database_url: str, redis_url: str) -> list[str]:
    with psycopg.connect(database_url) as connection:
        names = ("server_version", "fsync", "synchronous_commit")
        database, fsync, commit = (connection.execute(f"SHOW {name}").fetchone()[0] for name in names)
    with redis.Redis.from_url(redis_url) as client:
        information = client.info("server")
    cache = (
        f"{information.get('server_name', 'redis')} {information.get('valkey_version', information['redis_version'])}"
    )
    return [
        f"PostgreSQL {database} (fsync {fsync}, synchronous_commit {commit})",
        cache,
        f"granian {version('granian')}",
        f"Django {version('django')}",
    ]
