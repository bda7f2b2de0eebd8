"""The work on a spreadsheet: in parts, gone on with after a death, by two at once."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from cards.nominations import operations
from cards.nominations.choices import ImportStatus, NominationStatus
from cards.nominations.models import Evidence, ImportBatch, ImportedFile, Nomination
from cards.nominations.operations import applying, nomination_sheets, staging
from cards.nominations.sheets import HEADINGS
from samples import bulk
from talentcard.accounts.models import User
from talentcard.notifications.models import Message
from tests.cards.nominations.test_imports import archive, faults_of, work
from tests.concurrency import at_once
from tests.factories.nominations import PDF, make_policy

COUNT = 30


def workbook(count: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["举荐名单"])
    sheet.append([zh for zh, _en in HEADINGS.values()])
    for row in bulk.make_rows(count):
        sheet.append([row[field] for field in HEADINGS])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def received(actor: User, count: int = COUNT) -> ImportBatch:
    return operations.receive_import(
        actor=actor,
        sheet=SimpleUploadedFile("rows.xlsx", workbook(count)),
        archive=SimpleUploadedFile("evidence.zip", archive(letter=PDF, notes=b"text").read()),
        at=timezone.now(),
    )


def assert_all_is_right(batch: ImportBatch, count: int = COUNT) -> None:
    expected = bulk.expected_errors(count, first_row=3)
    batch.refresh_from_db()
    assert (batch.status, batch.row_count) == (ImportStatus.APPLIED, count)
    assert faults_of(batch) == expected
    assert list(Nomination.objects.values_list("status", flat=True)) == [NominationStatus.SUBMITTED] * (
        count - len(expected)
    )
    assert Evidence.objects.count() == Nomination.objects.count()
    assert ImportedFile.objects.count() == 1
    assert Message.objects.filter(event="nomination.batch_submitted").count() == 1


class Killed(BaseException):
    """Stands for the end of the process: no handler of errors sees it."""


def dying(body: Callable[..., object], *, after: int) -> Callable[..., object]:
    """Return a function that does its work so many times, then the process ends."""
    calls = iter(range(after))

    def run(*args: object, **kwargs: object) -> object:
        if next(calls, None) is None:
            raise Killed
        return body(*args, **kwargs)

    return run


def test_work_goes_on_where_a_worker_died(
    nominator: User, monkeypatch: pytest.MonkeyPatch, run_outbox: Callable[[], int]
) -> None:
    make_policy()
    monkeypatch.setattr(staging, "CHUNK", 7)
    monkeypatch.setattr(applying, "CHUNK", 7)
    batch = received(nominator)

    for name in ("_keep_rows", "_note_part"):
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(staging, name, dying(getattr(staging, name), after=2))
            while True:
                batch.refresh_from_db()
                staging.check_import(batch_id=batch.pk, after=batch.cursor, at=timezone.now())
    batch.refresh_from_db()
    assert (batch.status, batch.cursor) == (ImportStatus.CHECKING, 16)
    staging.check_import(batch_id=batch.pk, after=batch.cursor, at=timezone.now())
    run_outbox()
    operations.apply_import(actor=nominator, batch=batch, at=timezone.now())
    with monkeypatch.context() as patch, pytest.raises(Killed):
        # In the middle of a part and of a row: the draft is there, the submission is not.
        patch.setattr(nomination_sheets, "submit_locked", dying(nomination_sheets.submit_locked, after=4))
        applying.apply_rows(batch_id=batch.pk, after=0, at=timezone.now())
    assert Nomination.objects.count() == 4
    run_outbox()

    assert_all_is_right(batch)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_no_row_twice(nominator: User, run_outbox: Callable[[], int]) -> None:
    make_policy()
    batch = received(nominator)

    at_once([lambda: staging.check_import(batch_id=batch.pk, after=0, at=timezone.now())] * 2)
    operations.apply_import(actor=nominator, batch=batch, at=timezone.now())
    at_once([lambda: applying.apply_rows(batch_id=batch.pk, after=0, at=timezone.now())] * 2)
    run_outbox()

    assert_all_is_right(batch)


def test_every_fault_among_rows_of_every_habit_is_told_and_no_other(nominator: User) -> None:
    make_policy()
    count = bulk.FAULT_EVERY * len(bulk.FAULTS)
    batch = received(nominator, count)

    work()

    batch.refresh_from_db()
    assert (batch.status, batch.row_count) == (ImportStatus.CHECKED, count)
    assert {code for _row, _field, code in faults_of(batch)} == {code for _row, _field, code in bulk.FAULTS}
    assert faults_of(batch) == bulk.expected_errors(count, first_row=3)
