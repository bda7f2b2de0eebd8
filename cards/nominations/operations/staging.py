"""Read a spreadsheet into rows and check them, in parts: a worker that dies leaves the parts that are done.

Two workers may be at it, when one was thought dead: each part locks the batch and looks first where the work is.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.template.defaultfilters import filesizeformat

from cards.nominations import cells, queries
from cards.nominations.archives import Archive, open_archive
from cards.nominations.choices import ImportStatus, RowStatus
from cards.nominations.faults import Fault, keep, keep_file, keep_refusal
from cards.nominations.models import ImportBatch, ImportRow
from cards.nominations.operations.evidence import DocumentsTooLarge, TooManyDocuments
from cards.nominations.operations.imports import kind_of, lock_batch
from cards.nominations.operations.rows import Judgement, repeated
from cards.nominations.sheets import Layout, open_sheet
from talentcard.core.errors import DomainError, InvalidInput
from talentcard.core.transactions import atomic_operation
from talentcard.documents.inspection import inspect_content
from talentcard.documents.models import Document
from talentcard.documents.operations import discard_document
from talentcard.outbox.operations import enqueue

T = TypeVar("T")

CHUNK = 200


def check_import(*, batch_id: UUID, after: int, at: dt.datetime) -> None:
    """Read a sheet if that is to do, and check the next part of its rows; the part after it is queued."""
    batch = ImportBatch.objects.select_related("sheet", "archive").get(pk=batch_id)
    if batch.status == ImportStatus.CHECKING and batch.read_at is None:
        _read(batch, at)
        batch.refresh_from_db()
    if batch.sheet is not None and (batch.read_at is not None or batch.status == ImportStatus.FAILED):
        # The rows hold all of it, encrypted.
        drop_file(batch, "sheet")
    if batch.status == ImportStatus.CHECKING and batch.cursor == after:
        _check_part(batch, after, at)


def drop_file(batch: ImportBatch, name: str) -> None:
    """Delete a file that a batch no longer needs; the file first, so that a worker killed here does it again."""
    document: Document | None = getattr(batch, name)
    if document is not None:
        document.file.delete(save=False)
        ImportBatch.objects.filter(pk=batch.pk).update(**{name: None})
        discard_document(document)


@contextmanager
def evidence_of(batch: ImportBatch) -> Iterator[Archive]:
    """Open a batch's archive; one that came without has no files."""
    if batch.archive is None:
        with open_archive(None) as archive:
            yield archive
        return
    with batch.archive.file.open("rb") as file, open_archive(file) as archive:
        yield archive


def file_faults(row: Any, archive: Archive, seen: dict[str, str]) -> list[Fault]:
    """Return what is wrong with the files a row names; `seen` keeps what was found out about each."""
    excess = _excess(row, archive)
    faults = keep_refusal(excess) if excess is not None else []
    for position, name in enumerate(row.evidence):
        if name not in seen:
            seen[name] = _file_fault(name, archive)
        if seen[name]:
            faults.append(keep_file(seen[name], position))
    return faults


def _read(batch: ImportBatch, at: dt.datetime) -> None:
    assert batch.sheet is not None  # noqa: S101  # kept until it is read
    try:
        with open_sheet(batch.sheet.read(), kind_of(batch).columns) as sheet:
            for part in _parts(sheet.rows, CHUNK):
                _keep_rows(batch.pk, part)
    except InvalidInput as error:
        _fail(batch.pk, error)
    else:
        _finish_reading(batch.pk, at)


@atomic_operation
def _keep_rows(batch_id: UUID, part: Sequence[tuple[int, list[cells.Cell]]]) -> None:
    batch = lock_batch(batch_id)
    if batch.read_at is not None or batch.status != ImportStatus.CHECKING:
        return
    last = batch.rows.aggregate(last=Max("number"))["last"] or 0
    rows = [ImportRow(batch=batch, number=number, cells=cells.dump(values)) for number, values in part if number > last]
    ImportRow.objects.bulk_create(rows)
    batch.row_count += len(rows)
    batch.save(update_fields=["row_count", "updated_at"])


@atomic_operation
def _finish_reading(batch_id: UUID, at: dt.datetime) -> None:
    batch = lock_batch(batch_id)
    if batch.read_at is None:
        batch.read_at = at
        batch.save(update_fields=["read_at", "updated_at"])


@atomic_operation
def _fail(batch_id: UUID, error: InvalidInput) -> None:
    batch = lock_batch(batch_id)
    batch.rows.all().delete()
    batch.status, batch.row_count = ImportStatus.FAILED, 0
    batch.errors = [keep(each) for each in error.errors]
    batch.save(update_fields=["status", "row_count", "errors", "updated_at"])


def _check_part(batch: ImportBatch, after: int, at: dt.datetime) -> None:
    layout = Layout.load(batch.layout)
    kind = kind_of(batch)
    catalogue = kind.catalogue(at)
    rows = list(batch.rows.filter(number__gt=after).order_by("number")[:CHUNK])
    judged = [kind.judge(layout.row(row.number, cells.load(row.cells)), catalogue=catalogue, at=at) for row in rows]
    # Files before the transaction: none is read while the database waits.
    seen: dict[str, str] = {}
    with evidence_of(batch) as archive:
        faults = {each.row.number: file_faults(each.good, archive, seen) for each in judged if each.good is not None}
    _note_part(batch.pk, after, rows, judged, faults, at)


@atomic_operation
def _note_part(
    batch_id: UUID,
    after: int,
    rows: Sequence[ImportRow],
    judged: Sequence[Judgement[Any]],
    faults: dict[int, list[Fault]],
    at: dt.datetime,
) -> None:
    batch = lock_batch(batch_id)
    if batch.status != ImportStatus.CHECKING or batch.cursor != after:
        return
    good = [each.good for each in judged if each.good is not None]
    kind = kind_of(batch)
    prints = {each.number: kind.fingerprint(batch, each) for each in good}
    before = kind.twins(batch, prints.values())
    registry = kind.faults(batch, good, at)
    named = _named_before(batch, after, good)
    for row, each in zip(rows, judged, strict=True):
        row.fingerprint = prints.get(row.number, "")
        row.errors = [keep(error) for error in each.errors]
        known = before.get(row.fingerprint)
        setattr(row, f"{kind.case}_id", known)
        if each.good is not None:
            row.person_index = each.good.index
            if known is None:
                row.errors = faults[row.number]
                row.errors += [keep(repeated())] if each.good.index in named else []
                row.errors += [keep(error) for error in registry.get(row.number, ())]
                named.add(each.good.index)
        row.status = RowStatus.INVALID if row.errors else RowStatus.KNOWN if known else RowStatus.VALID
    ImportRow.objects.bulk_update(rows, ["status", "errors", "fingerprint", "person_index", kind.case])
    _move_on(batch, rows, at)


def _named_before(batch: ImportBatch, after: int, good: Sequence[Any]) -> set[str]:
    earlier = batch.rows.filter(number__lte=after, person_index__in=[each.index for each in good])
    return set(earlier.exclude(status=RowStatus.KNOWN).values_list("person_index", flat=True))


def _move_on(batch: ImportBatch, rows: Sequence[ImportRow], at: dt.datetime) -> None:
    if rows:
        batch.cursor = rows[-1].number
    if len(rows) == CHUNK:
        enqueue("nominations.check_import", batch_id=batch.pk, after=batch.cursor)
    else:
        batch.status, batch.checked_at = ImportStatus.CHECKED, at
    batch.save(update_fields=["cursor", "status", "checked_at", "updated_at"])


def _excess(row: Any, archive: Archive) -> DomainError | None:
    """Return what a case of a row's documents would be refused for, as it is when they come one by one."""
    room = queries.room_beside([archive.size(name) for name in row.evidence])
    if room.count < 0:
        return TooManyDocuments(field="evidence", limit=settings.DOCUMENTS_PER_CASE)
    if room.size < 0:
        return DocumentsTooLarge(field="evidence", limit=filesizeformat(settings.DOCUMENTS_PER_CASE_BYTES))
    return None


def _file_fault(name: str, archive: Archive) -> str:
    """Return the code of what is wrong with a file, or nothing."""
    if name not in archive:
        return "evidence_missing"
    if archive.is_ambiguous(name):
        return "evidence_ambiguous"
    try:
        inspect_content(archive.read(name), name=name, field="evidence")
    except InvalidInput as error:
        return error.errors[0].code
    return ""


def _parts(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while part := list(islice(items, size)):
        yield part
