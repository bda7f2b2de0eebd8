"""Hand files out; the caller has checked who asks."""

from typing import IO

from django.http import FileResponse

from talentcard.core.responses import NOTHING_RUNS, as_private
from talentcard.documents.models import Document

# PDFs are not among them: a browser's viewer is a program, for which the sandbox would have to be opened.
SHOWN_INLINE = frozenset({"image/jpeg", "image/png"})
# Around a picture opened by itself, browsers build a page with styles of its own.
PICTURE_ALONE = f"{NOTHING_RUNS}; img-src 'self'; style-src 'unsafe-inline'"


def may_show_inline(document: Document) -> bool:
    """Tell whether a browser may show a document, rather than save it."""
    return document.media_type in SHOWN_INLINE


def private_file(document: Document, *, inline: bool = False) -> FileResponse:
    """Return a file that no browser runs, frames, caches or guesses about: a download, or a picture to look at.

    :param inline: show it, if it is of a kind that can be shown safely; otherwise it is a download all the same
    """
    shown = inline and may_show_inline(document)
    file = document.file.open("rb")
    return _private(file, name=document.original_name, media_type=document.media_type, shown=shown)


def private_download(file: IO[bytes], *, name: str, media_type: str) -> FileResponse:
    """Return a file made for its reader as a download, with the same precautions."""
    return _private(file, name=name, media_type=media_type, shown=False)


def _private(file: IO[bytes], *, name: str, media_type: str, shown: bool) -> FileResponse:
    response = FileResponse(file, as_attachment=not shown, filename=name, content_type=media_type)
    return as_private(response, policy=PICTURE_ALONE if shown else NOTHING_RUNS)
