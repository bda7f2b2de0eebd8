"""Make the good rows of a checked spreadsheet into what they become, each in a transaction of its own.

A row and its case are marked together, under the row's lock: a worker that dies, or two at once, make no row
twice. A row that is refused now, because somebody else was faster, says so and holds up no other.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from cards.nominations import cells
from cards.nominations.archives import Archive
from cards.nominations.choices import ImportStatus, RowStatus
from cards.nominations.faults import keep, keep_file, keep_refusal
from cards.nominations.models import ImportBatch, ImportedFile, ImportRow
from cards.nominations.operations.imports import kind_of, lock_batch
from cards.nominations.operations.staging import drop_file, evidence_of, file_faults
from cards.nominations.sheets import Layout
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, InvalidInput
from talentcard.core.fields import blind_index
from talentcard.core.transactions import atomic_operation
from talentcard.documents.models import Document
from talentcard.documents.operations import discard_document, store_document
from talentcard.outbox.operations import enqueue

# What a worker does of it before it hands on: well within an entry's lease.
CHUNK = 50


def apply_rows(*, batch_id: UUID, after: int, at: dt.datetime) -> None:
    """Apply the next part of a batch's good rows; the part after it is queued, and at the end people are told."""
    batch = ImportBatch.objects.select_related("archive", "applied_by").get(pk=batch_id)
    if batch.status == ImportStatus.APPLYING and batch.cursor == after:
        rows = batch.rows.filter(number__gt=after, status=RowStatus.VALID).order_by("number")
        numbers = dict(rows.values_list("number", "pk")[:CHUNK])
        with evidence_of(batch) as archive:
            work = _Work(batch=batch, archive=archive, catalogue=kind_of(batch).catalogue(at), at=at)
            for row_id in numbers.values():
                work.apply(row_id)
        _move_on(batch.pk, after, max(numbers, default=after), at)
        batch.refresh_from_db()
    if batch.status == ImportStatus.APPLIED:
        drop_file(batch, "archive")


@dataclass
class _Work:
    """A part of a batch in hand: what its rows share."""

    batch: ImportBatch
    archive: Archive
    catalogue: Any
    at: dt.datetime
    seen: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)

    def apply(self, row_id: UUID) -> None:
        """Make a row into what it becomes, unless that was done; the files first, outside the transaction."""
        row = ImportRow.objects.get(pk=row_id)
        layout = Layout.load(self.batch.layout)
        kind = kind_of(self.batch)
        judged = kind.judge(layout.row(row.number, cells.load(row.cells)), catalogue=self.catalogue, at=self.at)
        # The check may be of yesterday: the policy may have changed since.
        errors = [keep(error) for error in judged.errors]
        if judged.good is not None:
            errors = file_faults(judged.good, self.archive, self.seen)
        if judged.good is None or errors:
            _refuse_row(row_id, errors)
            return
        for position, name in enumerate(judged.good.evidence):
            try:
                self.documents[name] = self.documents.get(name) or self._document(name)
            except InvalidInput as error:
                # What only storing finds out, such as a virus; other rows that name the file hear of it too.
                self.seen[name] = error.errors[0].code
                _refuse_row(row_id, [keep_file(self.seen[name], position)])
                return
        _apply_row(row_id, self.batch, judged.good, self.documents, self.at)

    def _document(self, name: str) -> Document:
        index = blind_index(f"{self.batch.pk}|{name}", purpose="imported_file")
        files = ImportedFile.objects.filter(batch=self.batch, name_index=index).select_related("document")
        if (known := files.first()) is not None:
            return known.document
        upload = SimpleUploadedFile(name, self.archive.read(name))
        document = store_document(actor=self.batch.applied_by, upload=upload, field="evidence")
        try:
            with transaction.atomic():
                ImportedFile.objects.create(batch=self.batch, name_index=index, document=document)
        except IntegrityError:
            # Another worker was faster.
            discard_document(document)
            return files.get().document
        return document


@atomic_operation
def _apply_row(row_id: UUID, batch: ImportBatch, good: Any, documents: dict[str, Document], at: dt.datetime) -> None:
    row = ImportRow.objects.select_for_update().get(pk=row_id)
    if row.status != RowStatus.VALID:
        return
    kind = kind_of(batch)
    case_id = f"{kind.case}_id"
    if (twin := _twin(batch, row)) is not None:
        setattr(row, case_id, twin)
        row.status = RowStatus.KNOWN
    else:
        try:
            # A savepoint: a refusal leaves nothing of the row but its faults.
            with transaction.atomic():
                setattr(row, kind.case, kind.make(batch, good, documents, at))
            row.status = RowStatus.APPLIED
        except DomainError as error:
            # Another sheet with the same row may have been faster, and then nothing is wrong.
            twin = _twin(batch, row)
            setattr(row, case_id, twin)
            row.status = RowStatus.KNOWN if twin else RowStatus.FAILED
            row.errors = [] if twin else keep_refusal(error)
    row.save(update_fields=["status", "errors", kind.case, "updated_at"])


@atomic_operation
def _refuse_row(row_id: UUID, errors: list[dict[str, object]]) -> None:
    row = ImportRow.objects.select_for_update().get(pk=row_id)
    if row.status == RowStatus.VALID:
        row.status, row.errors = RowStatus.FAILED, errors
        row.save(update_fields=["status", "errors", "updated_at"])


def _twin(batch: ImportBatch, row: ImportRow) -> UUID | None:
    return kind_of(batch).twins(batch, [row.fingerprint]).get(row.fingerprint)


@atomic_operation
def _move_on(batch_id: UUID, after: int, done: int, at: dt.datetime) -> None:
    batch = lock_batch(batch_id)
    if batch.status != ImportStatus.APPLYING or batch.cursor != after:
        return
    batch.cursor = done
    if batch.rows.filter(status=RowStatus.VALID, number__gt=done).exists():
        enqueue("nominations.apply_import", batch_id=batch.pk, after=done)
    else:
        batch.status, batch.applied_at = ImportStatus.APPLIED, at
        count = batch.rows.filter(status=RowStatus.APPLIED).count()
        data = {"rows": count, "sheet": batch.sheet_sha256}
        record(actor=batch.applied_by, action="nomination.imported", target=batch, data=data)
        kind_of(batch).tell(batch, count, at)
    batch.save(update_fields=["cursor", "status", "applied_at", "updated_at"])
