"""Hand files out; the caller has checked who asks."""

from django.http import FileResponse

from talentcard.documents.models import Document

# PDFs are not among them: a browser's viewer is a program, for which the sandbox would have to be opened.
SHOWN_INLINE = frozenset({"image/jpeg", "image/png"})
NOTHING_RUNS = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
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
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=not shown,
        filename=document.original_name,
        content_type=document.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PICTURE_ALONE if shown else NOTHING_RUNS
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
