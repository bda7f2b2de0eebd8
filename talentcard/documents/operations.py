"""Take files in."""

import hashlib
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import InvalidInput
from talentcard.documents import images, scanner
from talentcard.documents.inspection import PDF_AND_IMAGES, ensure_size, inspect_content
from talentcard.documents.models import Document


def store_document(
    *, actor: User | None, upload: UploadedFile, field: str = "file", allowed: frozenset[str] = PDF_AND_IMAGES
) -> Document:
    """Store a file somebody handed in; a photograph loses its metadata first, and size and hash are of what is stored.

    The type is found from the content and must agree with the name's ending; images must open whole. Where a virus
    scanner is configured, nothing is stored that it did not pass. It may take its time: call this outside operations.

    :raises InvalidInput: naming `field`, if the file is empty, too large, not what its name says, active or infected
    :raises ScannerUnavailable: if a virus scanner is configured and gives no verdict
    """
    name = _printable(PurePath(upload.name or "").name)[-200:]
    # Before it is read: what is refused must not fill the memory.
    ensure_size(upload.size or 0, name=name, field=field)
    content = upload.read()
    media_type = inspect_content(content, name=name, field=field, allowed=allowed)
    document = Document(media_type=media_type, original_name=name, uploaded_by=actor)
    if scanner.is_configured():
        # As it was handed in: what is stripped from a photograph may be the virus.
        _ensure_harmless(content, document, actor=actor, field=field)
    if media_type.startswith("image/"):
        content = images.strip_metadata(content, media_type)
    document.sha256 = hashlib.sha256(content).hexdigest()
    document.size = len(content)
    document.file.save(name, ContentFile(content), save=False)
    document.save()
    data = {"sha256": document.sha256, "scanned": scanner.is_configured()}
    record(actor=actor, action="document.stored", target=document, data=data)
    return document


def store_inspected(*, actor: User | None, upload: UploadedFile, media_type: str) -> Document:
    """Store a file that the caller has looked into; it is copied part by part, however large it is."""
    digest = hashlib.sha256()
    for part in upload.chunks():
        digest.update(part)
    upload.seek(0)
    name = PurePath(upload.name or "").name[-200:]
    document = Document(
        sha256=digest.hexdigest(),
        size=upload.size or 0,
        media_type=media_type,
        original_name=name,
        uploaded_by=actor,
    )
    document.file.save(name, upload, save=False)
    document.save()
    record(actor=actor, action="document.stored", target=document, data={"sha256": document.sha256, "scanned": False})
    return document


def discard_document(document: Document) -> None:
    """Undo the storing of a document that nothing refers to."""
    document.file.delete(save=False)
    Document.objects.filter(pk=document.pk).delete()


def _ensure_harmless(content: bytes, document: Document, *, actor: User | None, field: str) -> None:
    name = document.original_name
    try:
        virus = scanner.find_virus(content)
    except scanner.ScannerLimitExceeded as error:
        message = _("%(name)s is larger than the virus scanner takes.") % {"name": name}
        raise InvalidInput.of(field, "file_not_scannable", message) from error
    if virus:
        data = {"virus": virus, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        # The target is a document that never comes to be: the event is all that stays of it.
        record(actor=actor, action="document.infected", target=document, data=data)
        message = _("%(name)s is infected with a virus and was not saved.") % {"name": name}
        raise InvalidInput.of(field, "file_infected", message)


def _printable(name: str) -> str:
    """Return a file name without line ends, which no header carries, and marks that turn its direction about."""
    return "".join(letter for letter in name if letter.isprintable())
