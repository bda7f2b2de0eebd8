"""Make the good rows of a checked spreadsheet into submitted nominations, each in a transaction of its own.

A row and its nomination are marked together, under the row's lock: a worker that dies, or two at once, make no row
twice. A row that is refused now, because somebody else was faster, says so and holds up no other.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from cards.nominations import cells
from cards.nominations.archives import Archive
from cards.nominations.choices import ImportStatus, RowStatus, Source
from cards.nominations.faults import keep, keep_file, keep_refusal
from cards.nominations.models import Evidence, ImportBatch, ImportedFile, ImportRow, Nomination
from cards.nominations.operations.drafts import create_draft
from cards.nominations.operations.experts import name_expert
from cards.nominations.operations.imports import lock_batch
from cards.nominations.operations.recognition import experts_by_email
from cards.nominations.operations.rows import Catalogue, GoodRow, judge
from cards.nominations.operations.staging import drop_file, evidence_of, file_faults, twins
from cards.nominations.operations.submission import submit_locked
from cards.nominations.sheets import Layout
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.queries import told_of
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.fields import blind_index
from talentcard.core.transactions import atomic_operation
from talentcard.documents.models import Document
from talentcard.documents.operations import discard_document, store_document
from talentcard.notifications.operations import notify
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
            work = _Work(batch=batch, archive=archive, catalogue=Catalogue.load(at), at=at)
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
    catalogue: Catalogue
    at: dt.datetime
    seen: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)

    def apply(self, row_id: UUID) -> None:
        """Make a row into a nomination, unless that was done; the files first, outside the transaction."""
        row = ImportRow.objects.get(pk=row_id)
        layout = Layout.load(self.batch.layout)
        judged = judge(layout.row(row.number, cells.load(row.cells)), catalogue=self.catalogue, at=self.at)
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
def _apply_row(
    row_id: UUID, batch: ImportBatch, good: GoodRow, documents: dict[str, Document], at: dt.datetime
) -> None:
    row = ImportRow.objects.select_for_update().get(pk=row_id)
    if row.status != RowStatus.VALID:
        return
    row.nomination_id = _twin(batch, row)
    if row.nomination_id is not None:
        row.status = RowStatus.KNOWN
    else:
        try:
            # A savepoint: a refusal leaves nothing of the row but its faults.
            with transaction.atomic():
                row.nomination = _nominate(batch, good, documents, at)
            row.status = RowStatus.APPLIED
        except DomainError as error:
            # Another sheet with the same row may have been faster, and then nothing is wrong.
            row.nomination_id = _twin(batch, row)
            row.status = RowStatus.KNOWN if row.nomination_id else RowStatus.FAILED
            row.errors = [] if row.nomination_id else keep_refusal(error)
    row.save(update_fields=["status", "errors", "nomination", "updated_at"])


@atomic_operation
def _refuse_row(row_id: UUID, errors: list[dict[str, object]]) -> None:
    row = ImportRow.objects.select_for_update().get(pk=row_id)
    if row.status == RowStatus.VALID:
        row.status, row.errors = RowStatus.FAILED, errors
        row.save(update_fields=["status", "errors", "updated_at"])


def _twin(batch: ImportBatch, row: ImportRow) -> UUID | None:
    return twins(batch.nominator_id, [row.fingerprint]).get(row.fingerprint)


def _nominate(batch: ImportBatch, good: GoodRow, documents: dict[str, Document], at: dt.datetime) -> Nomination:
    actor = _actor(batch)
    if actor.organisation_id != batch.nominator_id:
        # They work for somebody else since they started it.
        raise NotAllowed
    nomination = create_draft(
        actor=actor,
        nominee=good.nominee,
        basis=good.basis,
        tier=good.tier,
        district=good.district,
        statement=good.reasons,
        source=Source.IMPORT,
        at=at,
    )
    nomination.import_batch = batch
    nomination.save(update_fields=["import_batch"])
    for name, kind in good.evidence.items():
        Evidence.objects.create(nomination=nomination, document=documents[name], kind=kind)
    for expert in experts_by_email(good.experts).values():
        name_expert(actor=actor, nomination=nomination, expert=expert, at=at)
    submit_locked(actor=actor, nomination=nomination, at=at)
    return nomination


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
        _tell(batch, count, at)
    batch.save(update_fields=["cursor", "status", "applied_at", "updated_at"])


def _tell(batch: ImportBatch, count: int, at: dt.datetime) -> None:
    """Tell the nominator and the officers of the whole batch, each once, not of every row."""
    params = {"count": str(count)}
    notify(
        event="nomination.batch_submitted",
        recipient=_actor(batch),
        key=str(batch.pk),
        params=params,
        url=batch.get_absolute_url(),
    )
    inbox = reverse("nominations:nomination-inbox")
    officers = {
        officer
        for nomination in _one_of_each_scope(batch)
        if nomination.item is not None
        for officer in told_of(nomination.item, at=at)
    }
    for officer in sorted(officers, key=lambda user: user.username):
        notify(event="nomination.batch_waits", recipient=officer, key=str(batch.pk), params=params, url=inbox)


def _one_of_each_scope(batch: ImportBatch) -> Iterator[Nomination]:
    seen = set()
    for nomination in batch.nominations.select_related("tier", "item").iterator(chunk_size=200):
        scope = (nomination.district, nomination.tier.code)
        if scope not in seen:
            seen.add(scope)
            yield nomination


def _actor(batch: ImportBatch) -> User:
    assert batch.applied_by is not None  # noqa: S101  # set when it was started
    return batch.applied_by
