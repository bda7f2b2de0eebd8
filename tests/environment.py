"""The environment of the tests, set before Django's settings are read: a pytest plugin, see pyproject.toml."""

import os
import tempfile
from pathlib import Path

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def _var_dir() -> str:
    # One folder a test process, under one that the environment may name so that a reader can look at it afterwards.
    base = os.environ.get("TEST_VAR_DIR") or tempfile.mkdtemp(prefix="talentcard-tests-")
    os.environ["TEST_VAR_DIR"] = base
    folder = Path(base) / _WORKER
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


os.environ["VAR_DIR"] = _var_dir()
os.environ.update(
    {
        "STATIC_ROOT": f"{os.environ['VAR_DIR']}/static",
        "DJANGO_SETTINGS_MODULE": "talentcard.settings",
        "DEBUG": "false",
        "SECRET_KEY": "a key for tests only, of a length that the deployment check accepts: 0123456789",
        "FIELD_ENCRYPTION_KEYS": "1:dGVzdHMtb25seS1maWVsZC1lbmNyeXB0aW9uLWtleSE=",
        "BLIND_INDEX_KEY": "dGVzdHMtb25seS1ibGluZC1pbmRleC1rZXkgICAgICE=",
        "AUDIT_SIGNING_KEY": "dGVzdHMtb25seS1hdWRpdC1zaWduaW5nLWtleSAgICE=",
        "SECURE_HTTPS": "false",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "CODE_BASE_URL": "HTTP://127.0.0.1:8000",
        "LOG_LEVEL": "WARNING",
    }
)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['VAR_DIR']}/tests.sqlite3")

if redis_url := os.environ.get("REDIS_URL"):
    # A Redis database of their own for each test process: their brokers and caches must not meet.
    number = int(_WORKER.removeprefix("gw")) + 1 if _WORKER.startswith("gw") else 0
    os.environ["REDIS_URL"] = f"{redis_url.rsplit('/', 1)[0]}/{number}" if redis_url.count("/") > 2 else redis_url
