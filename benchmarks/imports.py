"""Importing a spreadsheet: how many rows a second are checked and applied, and how much memory a worker needs."""

import io
import json
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from benchmarks.figures import Figure, MeasurementFailed, Pair, number_of_rounds
from benchmarks.reference.models import Scan
from cards.nominations import operations
from cards.nominations.models import NominatorProfile
from cards.nominations.sheets import HEADINGS
from samples import bulk
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import PDF, make_policy, make_submitted

FEW, MANY = 1000, 5000
ROUND_ROWS = 25 * bulk.FAULT_EVERY
SLICE_SECONDS = 5.0
FIRST_ROW = 3
ENOUGH_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a worker did with a batch, and how many of its rows are good."""

    checked_a_second: float
    applied_a_second: float
    applied: int
    megabytes: float
    good: int


class Importer:
    """A nominator who hands sheets in, each of other people than those before it."""

    def __init__(self) -> None:
        make_policy()
        self.user: User = give_role(UserFactory(organisation=OrganisationFactory()), Role.NOMINATOR)
        NominatorProfile.objects.filter(organisation=self.user.organisation).update(yearly_quota=1_000_000)
        self._start = 0

    def run(self, rows: int, *, seconds: float) -> tuple[Work, bytes]:
        """Have a worker import a sheet of so many rows; return what it needed, and the sheet.

        :raises MeasurementFailed: if a fault is missed or made up
        """
        start, self._start = self._start, self._start + rows + bulk.FAULT_EVERY - rows % bulk.FAULT_EVERY
        sheet = _sheet(rows, start)
        batch = operations.receive_import(
            actor=self.user,
            sheet=SimpleUploadedFile("rows.xlsx", sheet),
            archive=SimpleUploadedFile("evidence.zip", _archive()),
            at=timezone.now(),
        )
        command = [sys.executable, "-m", "benchmarks.import_worker", str(batch.pk), str(seconds)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        expected = bulk.expected_errors(rows, start=start, first_row=FIRST_ROW)
        found = [(row.number, fault["field"], fault["code"]) for row in batch.rows.all() for fault in row.errors]
        if found != expected:
            raise MeasurementFailed("the errors of the sheet are not the expected ones")
        return Work(**json.loads(done.stdout), good=rows - len(expected)), sheet


def measure(seconds: float) -> list[Figure]:
    """Compare checking with reading and storing, applying with filing one by one, and many rows' memory with few's.

    :raises MeasurementFailed: if a fault is missed or made up, or a good row does not become a nomination
    """
    importer = Importer()
    checks, applied = [], []
    for _ in range(number_of_rounds(seconds, slice_seconds=SLICE_SECONDS)):
        work, sheet = importer.run(ROUND_ROWS, seconds=ENOUGH_SECONDS)
        if work.applied != work.good:
            raise MeasurementFailed("a good row did not become a nomination")
        checks.append(Pair(work.checked_a_second, _store(sheet, importer.user)))
        applied.append(Pair(work.applied_a_second, _file(importer.user, work.good)))
    few, many = (importer.run(rows, seconds=seconds)[0] for rows in (FEW, MANY))
    note = (
        f"ours with {MANY:,} rows ({many.applied:,} applied in the time), the reference with {FEW:,}"
        f" ({few.applied:,} applied); the process that reads the workbook is included"
    )
    memory = [Pair(many.megabytes, few.megabytes)]
    return [
        Figure(work="import-check", unit="rows/s", pairs=checks, required=0.05, goal=0.1),
        Figure(work="import-apply", unit="rows/s", pairs=applied, required=0.8, goal=1),
        Figure(work="import memory", unit="MB", pairs=memory, required=1.2, goal=1.1, is_less_better=True, note=note),
    ]


def _sheet(rows: int, start: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["举荐名单"])
    sheet.append([zh for zh, _en in HEADINGS.values()])
    for row in bulk.make_rows(rows, start=start):
        sheet.append([row[field] for field in HEADINGS])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _archive() -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as target:
        target.writestr(bulk.LETTER, PDF)
        target.writestr(bulk.NO_LETTER, b"text")
    return saved.getvalue()


def _store(sheet: bytes, user: User) -> float:
    """Read a sheet with openpyxl and store its rows as they are, unchecked; return how many a second."""
    started = time.perf_counter()
    rows = load_workbook(io.BytesIO(sheet), read_only=True).active.iter_rows(values_only=True)
    scans = [Scan(user=user, code=json.dumps(row, default=str)[:600]) for row in rows]
    Scan.objects.bulk_create(scans, batch_size=200)
    return len(scans) / (time.perf_counter() - started)


def _file(nominator: User, count: int) -> float:
    """File so many nominations one by one, each with a document; return how many a second."""
    started = time.perf_counter()
    for _ in range(count):
        make_submitted(nominator)
    return count / (time.perf_counter() - started)
