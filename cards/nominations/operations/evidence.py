"""The documents a nomination rests on: taken in, taken out, read."""

import datetime as dt
import json

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import EvidenceKind
from cards.nominations.models import Evidence, Nomination
from cards.nominations.operations.drafts import ensure_editable, lock_editable
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.documents.models import Document
from talentcard.documents.operations import discard_document, store_document


class TooManyDocuments(DomainError):
    """The nomination holds as many documents as one may."""

    code = "too_many_documents"
    message = _("A nomination holds at most %(limit)s documents.")


class DocumentsTooLarge(DomainError):
    """The nomination's documents would be larger together than they may."""

    code = "documents_too_large"
    message = _("The documents of a nomination may have %(limit)s altogether.")


def attach_evidence(
    *,
    actor: User,
    nomination: Nomination,
    upload: UploadedFile,
    at: dt.datetime,
    kind: str = EvidenceKind.OTHER,
) -> Evidence:
    """Add a document to a draft or a returned nomination.

    :raises NotAllowed: if it is not the actor's organisation's
    :raises NotEditable: if it is neither a draft nor returned
    :raises TooManyDocuments: if it holds as many as one may
    :raises DocumentsTooLarge: if it would hold more bytes than one may
    :raises InvalidInput: naming `file`, if the file is empty, too large, not what its name says, active or infected
    :raises ScannerUnavailable: if a virus scanner is configured and gives no verdict
    """
    # Before the file is stored, so that nobody fills the disk with what is refused; and again under the lock.
    ensure_editable(actor, nomination)
    _ensure_room(nomination, size=1)
    document = store_document(actor=actor, upload=upload)
    try:
        return _link_document(actor, nomination, document, kind)
    except BaseException:
        discard_document(document)
        raise


@atomic_operation
def remove_evidence(*, actor: User, evidence: Evidence, at: dt.datetime) -> None:
    """Take a document out of a draft or a returned nomination.

    What officers have seen is kept for them; else the file goes once that is certain.

    :raises NotAllowed: if it is not the actor's organisation's
    :raises NotEditable: if it is neither a draft nor returned
    """
    nomination = lock_editable(actor, evidence.nomination)
    if not nomination.evidence.filter(pk=evidence.pk).exists():
        # Somebody else of the organisation was faster.
        return
    document = evidence.document
    record(
        actor=actor,
        action="nomination.evidence_removed",
        target=nomination,
        data={"document": str(document.pk), "sha256": document.sha256},
    )
    if _was_submitted(evidence):
        evidence.removed_at = at
        evidence.save(update_fields=["removed_at", "updated_at"])
        return
    evidence.delete()
    if not Evidence.with_removed.filter(document=document).exists():
        document.delete()
        transaction.on_commit(lambda: document.file.delete(save=False))


@atomic_operation
def read_evidence(*, actor: User, nomination: Nomination, evidence: Evidence, inline: bool = False) -> Document:
    """Hand a document of a case to who may read it, and note who that was.

    :param inline: whether they look at it rather than take it away
    :raises NotAllowed: if they may not read the case's documents; its nominee never may, and officers alone what was
        removed
    """
    if evidence.nomination_id != nomination.pk or not rules.may_read_evidence(actor, nomination):
        raise NotAllowed
    if evidence.removed_at is not None and not rules.reads_as_officer(actor, nomination):
        raise NotAllowed
    data = {"nomination": str(nomination.pk), "evidence": str(evidence.pk), "inline": inline}
    record(actor=actor, action="document.read", target=evidence.document, data=data)
    return evidence.document


def _was_submitted(evidence: Evidence) -> bool:
    last = evidence.nomination.submissions.last()
    if last is None:
        # Handed in before submissions were kept: officers may have seen it.
        return evidence.nomination.submitted_at is not None
    return str(evidence.pk) in json.loads(last.stated)["evidence"]


@atomic_operation
def _link_document(actor: User, nomination: Nomination, document: Document, kind: str) -> Evidence:
    nomination = lock_editable(actor, nomination)
    _ensure_room(nomination, size=document.size)
    evidence = Evidence.objects.create(nomination=nomination, document=document, kind=kind)
    data = {"document": str(document.pk), "sha256": document.sha256}
    record(actor=actor, action="nomination.evidence_attached", target=nomination, data=data)
    return evidence


def _ensure_room(nomination: Nomination, *, size: int) -> None:
    room = queries.room_for_evidence(nomination)
    if room.count < 1:
        raise TooManyDocuments(field="file", limit=settings.DOCUMENTS_PER_CASE)
    if room.size < size:
        raise DocumentsTooLarge(field="file", limit=filesizeformat(settings.DOCUMENTS_PER_CASE_BYTES))
