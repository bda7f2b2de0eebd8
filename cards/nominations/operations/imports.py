"""Make a spreadsheet's rows into nominations: all of them, or none and everything that is wrong with them."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.nominations import rules
from cards.nominations.archives import read_archive
from cards.nominations.choices import EvidenceKind
from cards.nominations.models import Evidence, ImportBatch, Nomination
from cards.nominations.operations.drafts import create_draft
from cards.nominations.operations.evidence import DocumentsTooLarge, TooManyDocuments
from cards.nominations.operations.rows import Catalogue, ImportRow, check_rows
from cards.nominations.operations.submission import submit_locked
from cards.nominations.sheets import MAX_SHEET_BYTES, read_sheet
from talentcard.accounts.models import Organisation, User
from talentcard.audit.operations import record
from talentcard.casework.queries import told_of
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.documents.inspection import inspect_content
from talentcard.documents.models import Document
from talentcard.documents.operations import discard_document, store_document
from talentcard.notifications.operations import notify


def import_nominations(*, actor: User, sheet: IO[bytes], archive: IO[bytes] | None, at: dt.datetime) -> ImportBatch:
    """Nominate everybody in a spreadsheet, with the evidence of a ZIP archive, and submit every case.

    Every row is checked before anything is saved; one fault, and nothing is: no row, no file.

    :raises NotAllowed: if the actor nominates for no organisation
    :raises InvalidInput: with everything that is wrong, by row and field
    :raises ScannerUnavailable: if a virus scanner is configured and gives no verdict
    """
    nominator = actor.organisation
    if nominator is None or not rules.may_nominate(actor):
        raise NotAllowed
    # One byte past the bound, for the reader to refuse.
    content = sheet.read(MAX_SHEET_BYTES + 1)
    rows, errors = check_rows(read_sheet(content), actor=actor, catalogue=Catalogue.load(at), at=at)
    wanted = {name for row in rows for name in row.evidence}
    files = read_archive(archive, wanted=wanted)
    errors += _evidence_errors(rows, files)
    if errors:
        raise InvalidInput(sorted(errors, key=lambda error: error.row or 0))
    # Files before the transaction: none is written while the database waits.
    documents: dict[str, Document] = {}
    try:
        for name in sorted(wanted):
            upload = SimpleUploadedFile(name, files[name])
            documents[name] = store_document(actor=actor, upload=upload, field="evidence")
        return _create_batch(actor, nominator, rows, documents, sha256=hashlib.sha256(content).hexdigest(), at=at)
    except BaseException:
        for document in documents.values():
            discard_document(document)
        raise


@atomic_operation
def _create_batch(
    actor: User,
    nominator: Organisation,
    rows: Sequence[ImportRow],
    documents: dict[str, Document],
    *,
    sha256: str,
    at: dt.datetime,
) -> ImportBatch:
    batch = ImportBatch.objects.create(
        nominator=nominator, uploaded_by=actor, sheet_sha256=sha256, row_count=len(rows), imported_at=at
    )
    errors = []
    for row in rows:
        try:
            # A savepoint: the other rows are looked at too, so that all faults are told at once.
            with transaction.atomic():
                _create_row(actor, batch, row, documents, at)
        except InvalidInput as error:
            errors += [_in_row(row, each.field, each.code, str(each.message)) for each in error.errors]
        except DomainError as error:
            # Somebody else nominated the person since the rows were checked.
            errors.append(_in_row(row, error.field or "", error.code, str(error)))
    if errors:
        raise InvalidInput(errors)
    record(actor=actor, action="nomination.imported", target=batch, data={"rows": len(rows), "sheet": sha256})
    _tell(actor, batch, rows, at)
    return batch


def _create_row(
    actor: User, batch: ImportBatch, row: ImportRow, documents: dict[str, Document], at: dt.datetime
) -> None:
    nomination = create_draft(
        actor=actor,
        nominee=row.nominee,
        basis=row.basis,
        tier=row.tier,
        district=row.district,
        statement=row.reasons,
        at=at,
    )
    nomination.import_batch = batch
    nomination.save(update_fields=["import_batch"])
    for name in row.evidence:
        Evidence.objects.create(nomination=nomination, document=documents[name], kind=EvidenceKind.RECOMMENDATION)
    submit_locked(actor=actor, nomination=nomination, at=at)


def _evidence_errors(rows: Sequence[ImportRow], files: dict[str, bytes]) -> list[FieldError]:
    faults: dict[str, FieldError] = {}
    for name, content in files.items():
        try:
            inspect_content(content, name=name, field="evidence")
        except InvalidInput as error:
            faults[name] = error.errors[0]
    errors = []
    for row in rows:
        if (excess := _excess(row, files)) is not None:
            errors.append(_in_row(row, "evidence", excess.code, str(excess)))
        for name in row.evidence:
            if name not in files:
                message = _("The archive holds no file of this name.")
                errors.append(FieldError(row=row.number, field="evidence", code="evidence_missing", message=message))
            elif fault := faults.get(name):
                errors.append(_in_row(row, "evidence", fault.code, str(fault.message)))
    return errors


def _excess(row: ImportRow, files: dict[str, bytes]) -> DomainError | None:
    """Return what a case of a row's documents would be refused for, as it is when they come one by one."""
    if len(row.evidence) > settings.DOCUMENTS_PER_CASE:
        return TooManyDocuments(limit=settings.DOCUMENTS_PER_CASE)
    if sum(len(files.get(name, b"")) for name in row.evidence) > settings.DOCUMENTS_PER_CASE_BYTES:
        return DocumentsTooLarge(limit=filesizeformat(settings.DOCUMENTS_PER_CASE_BYTES))
    return None


def _in_row(row: ImportRow, field: str, code: str, message: str) -> FieldError:
    return FieldError(row=row.number, field=field, code=code, message=message)


def _tell(actor: User, batch: ImportBatch, rows: Sequence[ImportRow], at: dt.datetime) -> None:
    """Tell the nominator and the officers of the whole batch, each once, not of every row."""
    params = {"count": str(len(rows))}
    notify(
        event="nomination.batch_submitted",
        recipient=actor,
        key=str(batch.pk),
        params=params,
        url=reverse("nominations:import-detail", args=[batch.pk]),
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
    for nomination in batch.nominations.select_related("tier", "item"):
        scope = (nomination.district, nomination.tier.code)
        if scope not in seen:
            seen.add(scope)
            yield nomination
