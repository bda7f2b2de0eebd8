"""The whole main job from outside, on real servers and processes, played twice; then a search for leaked data."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cards.issuance.choices import CardStatus
from cards.issuance.models import CardEdition, TalentCard
from cards.nominations.models import Nomination
from cards.talents import identity
from cards.verification.models import VerificationAttempt
from demo import world
from demo.environment import ROOT
from demo.journey import Journey
from demo.people import CHILD, NEXT_NOMINEE, NOMINEE
from demo.processes import free_port
from demo.services import celery_beat, celery_worker, web_server
from services.perks.models import LedgerEntry, PerkRequest
from talentcard.notifications.models import Message
from tests.journeys.conftest import wait_until
from tests.journeys.test_kill import QUEUES, nothing_left_to_do

SAMPLES = ROOT / "samples"
# Of the sheet's 266: the suite has ten minutes. `make demo-once` plays all of them.
ROWS = 16
# First check, public check, preview and use of the fast lane, suspended, reinstated.
CHECKS = 6
MANIFEST_STORAGE = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


@pytest.mark.broker
def test_journey_played_twice_happens_once_and_leaks_nothing(
    service_env: dict[str, str], settings: Any, tmp_path: Path
) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    addresses = {"SITE_URL": base, "CODE_BASE_URL": base.upper(), "CODE_ISSUER": base, "STATUS_LIST_BASE_URL": base}
    env = {**service_env, **addresses, "DEMO": "true", "DEMO_WORKING_DAY_SECONDS": "1"}
    # As in the demonstration, whose pages name files by what they hold.
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST_STORAGE}}
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["pico.[!m]*"])
    world.make()
    samples = _first_rows(tmp_path)
    with (
        celery_worker(env, queues=QUEUES, log=tmp_path / "worker.log") as worker,
        celery_beat(env, log=tmp_path / "beat.log"),
        web_server(env, port, log=tmp_path / "web.log") as web,
    ):
        journey = Journey(web.url, folder=Path(settings.VAR_DIR), samples=samples, rows=ROWS)
        journey.play()
        journey.play()
        wait_until(nothing_left_to_do)
        worker.kill()

    assert Nomination.objects.count() == ROWS + 2
    assert TalentCard.objects.filter(status=CardStatus.ACTIVE).count() == TalentCard.objects.count() == ROWS + 1
    assert CardEdition.objects.count() == ROWS + 1
    assert PerkRequest.objects.count() == 1
    assert LedgerEntry.objects.count() == 1
    assert VerificationAttempt.objects.count() == CHECKS
    assert Message.objects.filter(event="card.activated").count() == ROWS + 1
    assert (
        len(list((Path(settings.VAR_DIR) / "mail").glob("*.eml")))
        == Message.objects.filter(email_status="sent").count()
    )
    assert _leaks([Path(settings.VAR_DIR), tmp_path]) == []


def _first_rows(folder: Path) -> Path:
    """Return a copy of the samples with the sheet's first rows."""
    samples = folder / "samples"
    shutil.copytree(SAMPLES, samples, ignore=shutil.ignore_patterns("__pycache__"))
    book = openpyxl.load_workbook(samples / "nominations.xlsx")
    book.worksheets[0].delete_rows(ROWS + 2, book.worksheets[0].max_row)
    book.save(samples / "nominations.xlsx")
    return samples


def _leaks(folders: list[Path]) -> list[str]:
    """Return where a sample person's identity number, phone or address stands in the clear."""
    secrets = re.compile(b"|".join(re.escape(text.encode()) for text in _personal_data()))
    found = [f"{name}: {match.group()!r}" for name, data in _contents(folders) for match in secrets.finditer(data)]
    return sorted(set(found))


def _without_durations(name: str, data: bytes) -> bytes:
    # "succeeded in 0.045999900170s": by chance, a duration's decimals hold an eight-digit travel permit's number.
    return re.sub(rb"\b\d+\.\d+(?=s\b)", b"", data) if name.endswith(".log") else data


def _personal_data() -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO((SAMPLES / "nominations.xlsx").read_bytes()), read_only=True)
    rows = book.worksheets[0].iter_rows(min_row=2, values_only=True)
    texts = {CHILD["identity_number"]}
    for person in (NOMINEE, NEXT_NOMINEE):
        texts |= {person["identity_number"], person["phone"], person["address"]}
    for _name, kind, number, _region, _gender, _born, phone, _email, address, *_rest in rows:
        texts |= {str(number), identity.normalise(str(kind), str(number)), str(phone), str(address)}
    # Two characters or three would be found by chance in any ciphertext.
    return {text for text in texts if len(text) > 6}


def _read_elsewhere(path: Path) -> bytes:
    # Opening SQLite's files and closing them again would drop every lock this process holds on them: POSIX locks
    # belong to the process. The next worker would then take the database for its own, and we would see it no more.
    return subprocess.run(["cat", str(path)], capture_output=True, check=True).stdout


def _contents(folders: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield everything the service keeps: database, broker, files it wrote, e-mails and logs."""
    for folder in folders:
        for path in folder.rglob("*"):
            # The sample sheet is where the data comes from.
            if path.is_file() and "samples" not in path.parts:
                yield path.name, _without_durations(path.name, _read_elsewhere(path))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f'SELECT entry::text FROM "{table}" AS entry')
                yield table, "\n".join(row[0] for row in cursor.fetchall()).encode()
    if settings.REDIS_URL:
        import redis

        server = redis.Redis.from_url(settings.REDIS_URL)
        for key in server.scan_iter():
            yield key.decode(errors="replace"), key + (server.dump(key) or b"")
