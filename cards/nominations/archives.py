"""Read an archive of evidence: bounded, by file name. No database."""

import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talentcard.core.errors import InvalidInput

MAX_FILES = 5000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
UTF8_NAMES = 0x800
# What a damaged, encrypted or exotic archive makes the library raise.
BAD_ARCHIVE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


def read_archive(upload: IO[bytes] | None, *, wanted: set[str]) -> dict[str, bytes]:
    """Return the wanted files of a ZIP archive by name, in whatever folder they lie.

    A file larger than a document may be is cut one byte past that size, for whoever checks documents to refuse.

    :raises InvalidInput: naming `archive`, if it is no ZIP archive, too large, encrypted or ambiguous
    """
    if upload is None:
        return {}
    found: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(upload) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_FILES:
                raise _refusal("archive_too_large", _("The archive holds too many files."))
            for entry in entries:
                name = _name(entry)
                if name not in wanted:
                    continue
                if name in found:
                    raise _refusal("archive_ambiguous", _("The archive holds two files of the same name."))
                with archive.open(entry) as file:
                    found[name] = file.read(min(left, settings.DOCUMENT_MAX_BYTES) + 1)
                left -= len(found[name])
                if left < 0:
                    raise _refusal("archive_too_large", _("The archive is too large when unpacked."))
    except BAD_ARCHIVE as error:
        raise _refusal("archive_unreadable", _("This file cannot be read as a ZIP archive.")) from error
    return found


def _name(entry: zipfile.ZipInfo) -> str:
    path = entry.filename
    if not entry.flag_bits & UTF8_NAMES:
        # Chinese versions of Windows write names in their own encoding without saying so.
        raw = path.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                path = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return PurePosixPath(path.replace("\\", "/")).name


def _refusal(code: str, message: object) -> InvalidInput:
    return InvalidInput.of("archive", code, message)  # type: ignore[arg-type]  # a lazy string
