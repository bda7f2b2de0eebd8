"""Look into a file that somebody hands in: nothing is stored."""

from pathlib import PurePath

import filetype
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from talentcard.core.errors import InvalidInput
from talentcard.documents import images, pdfs

PDF_AND_IMAGES = frozenset({"application/pdf", "image/jpeg", "image/png"})
EXTENSIONS = {"application/pdf": {".pdf"}, "image/jpeg": {".jpg", ".jpeg"}, "image/png": {".png"}}


def inspect_content(content: bytes, *, name: str, field: str, allowed: frozenset[str] = PDF_AND_IMAGES) -> str:
    """Return a file's media type, found from its content.

    :raises InvalidInput: naming `field`, if the file is empty, too large, damaged, not what its name says, or a PDF
        that is encrypted or does something by itself
    """
    ensure_size(len(content), name=name, field=field)
    kind = filetype.guess(content)
    media_type = kind.mime if kind else ""
    ending = PurePath(name).suffix.lower()
    if media_type not in allowed or ending not in EXTENSIONS[media_type]:
        raise InvalidInput.of(
            field,
            "file_type_mismatch",
            _("%(name)s is not what its name says, or not a PDF, JPEG or PNG.") % {"name": name},
        )
    if media_type.startswith("image/") and not images.is_whole(content):
        raise InvalidInput.of(field, "file_damaged", _("%(name)s is damaged or too large a picture.") % {"name": name})
    if media_type == "application/pdf":
        _ensure_passive(content, name=name, field=field)
    return media_type


def ensure_size(size: int, *, name: str, field: str) -> None:
    """Check a file's size before anything reads it.

    :raises InvalidInput: naming `field`, if the file is empty or too large
    """
    if not size:
        raise InvalidInput.of(field, "file_empty", _("%(name)s is empty.") % {"name": name})
    if size > settings.DOCUMENT_MAX_BYTES:
        limit = filesizeformat(settings.DOCUMENT_MAX_BYTES)
        raise InvalidInput.of(
            field, "file_too_large", _("%(name)s is larger than %(limit)s.") % {"name": name, "limit": limit}
        )


def _ensure_passive(content: bytes, *, name: str, field: str) -> None:
    if pdfs.is_encrypted(content):
        message = _("%(name)s is protected. Print it to a new PDF without protection, and hand that in.")
        raise InvalidInput.of(field, "pdf_encrypted", message % {"name": name})
    if what := pdfs.active_content(content):
        message = _(
            "%(name)s holds a program, an attached file or an action of its own (%(what)s). Print it to a new PDF, and"
            " hand that in."
        )
        raise InvalidInput.of(field, "pdf_active_content", message % {"name": name, "what": what})
