"""Take files in."""

import hashlib
import io
from pathlib import PurePath

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import InvalidInput
from talentcard.documents.models import Document

PDF_AND_IMAGES = frozenset({"application/pdf", "image/jpeg", "image/png"})
EXTENSIONS = {"application/pdf": {".pdf"}, "image/jpeg": {".jpg", ".jpeg"}, "image/png": {".png"}}
# A photograph larger than this is a decompression bomb, not evidence.
MAX_PIXELS = 60_000_000


def store_document(
    *, actor: User | None, upload: UploadedFile, field: str = "file", allowed: frozenset[str] = PDF_AND_IMAGES
) -> Document:
    """Store a file somebody handed in.

    The type is found from the content and must agree with the name's ending; images must open whole.

    :raises InvalidInput: naming `field`, if the file is empty, too large, or not what its name says
    """
    name = PurePath(upload.name or "").name[-200:]
    # Before it is read: what is refused must not fill the memory.
    _ensure_size(upload.size or 0, name=name, field=field)
    content = upload.read()
    media_type = inspect_content(content, name=name, field=field, allowed=allowed)
    document = Document(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type=media_type,
        original_name=name,
        uploaded_by=actor,
    )
    document.file.save(name, ContentFile(content), save=False)
    document.save()
    record(actor=actor, action="document.stored", target=document, data={"sha256": document.sha256})
    return document


def inspect_content(content: bytes, *, name: str, field: str, allowed: frozenset[str] = PDF_AND_IMAGES) -> str:
    """Return a file's media type, found from its content.

    :raises InvalidInput: naming `field`, if the file is empty, too large, or not what its name says
    """
    _ensure_size(len(content), name=name, field=field)
    kind = filetype.guess(content)
    media_type = kind.mime if kind else ""
    ending = PurePath(name).suffix.lower()
    if media_type not in allowed or ending not in EXTENSIONS[media_type]:
        raise InvalidInput.of(
            field,
            "file_type_mismatch",
            _("%(name)s is not what its name says, or not a PDF, JPEG or PNG.") % {"name": name},
        )
    if media_type.startswith("image/") and not _is_whole_image(content):
        raise InvalidInput.of(field, "file_damaged", _("%(name)s is damaged or too large a picture.") % {"name": name})
    return media_type


def _ensure_size(size: int, *, name: str, field: str) -> None:
    if not size:
        raise InvalidInput.of(field, "file_empty", _("%(name)s is empty.") % {"name": name})
    if size > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
        raise InvalidInput.of(
            field, "file_too_large", _("%(name)s is larger than %(limit)s MB.") % {"name": name, "limit": limit}
        )


def _is_whole_image(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                return False
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True
