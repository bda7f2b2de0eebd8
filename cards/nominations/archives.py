"""Read an archive of evidence: bounded, by file name. No database."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talentcard.core.errors import InvalidInput

MAX_FILES = 5000
MAX_ARCHIVE_BYTES = 200 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
UTF8_NAMES = 0x800
# What a damaged, encrypted or exotic archive makes the library raise.
BAD_ARCHIVE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


class Archive:
    """An open archive: its files by name, in whatever folder they lie; read one at a time."""

    def __init__(self, file: zipfile.ZipFile | None) -> None:
        self._file = file
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._ambiguous: set[str] = set()
        for entry in file.infolist() if file else ():
            if not entry.is_dir():
                name = _name(entry)
                if name in self._entries:
                    self._ambiguous.add(name)
                self._entries[name] = entry

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def is_ambiguous(self, name: str) -> bool:
        """Tell whether two files have this name."""
        return name in self._ambiguous

    def size(self, name: str) -> int:
        """Return how many bytes a file has, 0 if there is none."""
        return self._entries[name].file_size if name in self._entries else 0

    def read(self, name: str) -> bytes:
        """Return a file, one that is larger than a document may be cut one byte past that size.

        :raises KeyError: if there is none
        :raises InvalidInput: naming `archive`, if it is damaged or encrypted
        """
        entry = self._entries[name]
        assert self._file is not None  # noqa: S101  # it has entries
        try:
            with self._file.open(entry) as file:
                return file.read(settings.DOCUMENT_MAX_BYTES + 1)
        except BAD_ARCHIVE as error:
            raise _unreadable() from error


@contextmanager
def open_archive(upload: IO[bytes] | None) -> Iterator[Archive]:
    """Open a ZIP archive; nothing is one without files.

    :raises InvalidInput: naming `archive`, if it is no ZIP archive or too large
    """
    if upload is None:
        yield Archive(None)
        return
    try:
        file = zipfile.ZipFile(upload)
    except BAD_ARCHIVE as error:
        raise _unreadable() from error
    with file:
        entries = file.infolist()
        if len(entries) > MAX_FILES:
            raise _refusal("archive_too_large", _("The archive holds too many files."))
        # The library reads no more of a file than its entry promises.
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise _refusal("archive_too_large", _("The archive is too large when unpacked."))
        yield Archive(file)


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


def _unreadable() -> InvalidInput:
    return _refusal("archive_unreadable", _("This file cannot be read as a ZIP archive."))


def _refusal(code: str, message: object) -> InvalidInput:
    return InvalidInput.of("archive", code, message)  # type: ignore[arg-type]  # a lazy string
