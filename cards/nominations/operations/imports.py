"""Take a spreadsheet of nominations in, and have its good rows applied; workers do the rest."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cards.nominations import sheets
from cards.nominations.archives import MAX_ARCHIVE_BYTES, open_archive
from cards.nominations.choices import ImportKind, ImportStatus, RowStatus
from cards.nominations.models import ImportBatch
from cards.nominations.operations.green_cards import GreenCardSheets
from cards.nominations.operations.nomination_sheets import NominationSheets
from cards.nominations.operations.sheet_kinds import SheetKind
from talentcard.accounts.models import Organisation, User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.documents.models import Document
from talentcard.documents.operations import discard_document, store_inspected
from talentcard.outbox.operations import enqueue

MEDIA_TYPES = {
    sheets.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    sheets.CSV: "text/csv",
}
ZIP = "application/zip"
KINDS: dict[ImportKind, SheetKind[Any]] = {
    ImportKind.NOMINATIONS: NominationSheets(),
    ImportKind.GREEN_CARDS: GreenCardSheets(),
}


class ImportNotChecked(DomainError):
    """The rows of the sheet are not all checked, or never will be."""

    code = "import_not_checked"
    message = _("The rows of this spreadsheet are not checked yet.")


class NothingToApply(DomainError):
    """No row of the sheet can become a nomination."""

    code = "nothing_to_apply"
    message = _("No row of this spreadsheet is new and without faults.")


def receive_import(
    *,
    actor: User,
    sheet: UploadedFile,
    archive: UploadedFile | None,
    at: dt.datetime,
    kind: ImportKind = ImportKind.NOMINATIONS,
) -> ImportBatch:
    """Take in a spreadsheet, of nominations with the evidence in a ZIP archive, for a worker to check; apply nothing.

    :raises NotAllowed: if the actor hands in no sheets of this kind
    :raises InvalidInput: naming `sheet` or `archive`, if it cannot be read; or each column that is missing
    """
    if not KINDS[kind].may_hand_in(actor):
        raise NotAllowed
    nominator = actor.organisation if kind == ImportKind.NOMINATIONS else None
    # One byte past the bound, for the reader to refuse.
    with sheets.open_sheet(sheet.read(sheets.MAX_SHEET_BYTES + 1), KINDS[kind].columns) as opened:
        layout = opened.layout
        # An empty sheet says so now.
        next(opened.rows)
    sheet.seek(0)
    if archive is not None:
        if (archive.size or 0) > MAX_ARCHIVE_BYTES:
            raise InvalidInput.of("archive", "archive_too_large", _("The archive is larger than 200 MB."))
        with open_archive(archive):
            archive.seek(0)
    # Files before the transaction: none is written while the database waits.
    stored: list[Document] = []
    try:
        stored.append(store_inspected(actor=actor, upload=sheet, media_type=MEDIA_TYPES[layout.format]))
        if archive is not None:
            stored.append(store_inspected(actor=actor, upload=archive, media_type=ZIP))
        return _create_batch(actor, kind, nominator, layout, stored, at)
    except BaseException:
        for document in stored:
            discard_document(document)
        raise


@atomic_operation
def apply_import(*, actor: User, batch: ImportBatch, at: dt.datetime) -> ImportBatch:
    """Have the good rows of a checked sheet become submitted nominations, or proposed direct issues; but once.

    :raises NotAllowed: if the sheet is not of the actor's organisation, or of Green Cards and not the actor's own
    :raises ImportNotChecked: if it is not checked to the end
    :raises NothingToApply: if no row is new and without faults
    """
    batch = lock_batch(batch.pk)
    if not kind_of(batch).may_apply(actor, batch):
        raise NotAllowed
    if batch.status in (ImportStatus.APPLYING, ImportStatus.APPLIED):
        return batch
    if batch.status != ImportStatus.CHECKED:
        raise ImportNotChecked
    if not batch.rows.filter(status=RowStatus.VALID).exists():
        raise NothingToApply
    batch.status, batch.applied_by, batch.cursor = ImportStatus.APPLYING, actor, 0
    batch.save(update_fields=["status", "applied_by", "cursor", "updated_at"])
    record(actor=actor, action="nomination.import_started", target=batch)
    enqueue("nominations.apply_import", batch_id=batch.pk, after=0)
    return batch


def kind_of(batch: ImportBatch) -> SheetKind[Any]:
    """Return what a batch's rows are checked for, and become."""
    return KINDS[ImportKind(batch.kind)]


def lock_batch(batch_id: UUID) -> ImportBatch:
    """Return a batch locked; its layout is not written by whoever holds it."""
    return ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)


@atomic_operation
def _create_batch(
    actor: User,
    kind: ImportKind,
    nominator: Organisation | None,
    layout: sheets.Layout,
    stored: list[Document],
    at: dt.datetime,
) -> ImportBatch:
    sheet, *archive = stored
    batch = ImportBatch.objects.create(
        kind=kind,
        nominator=nominator,
        uploaded_by=actor,
        sheet=sheet,
        archive=archive[0] if archive else None,
        sheet_sha256=sheet.sha256,
        layout=layout.dump(),
        imported_at=at,
    )
    record(actor=actor, action="nomination.import_received", target=batch, data={"sheet": sheet.sha256})
    enqueue("nominations.check_import", batch_id=batch.pk, after=0)
    return batch
