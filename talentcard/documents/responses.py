"""Hand files out; the caller has checked who asks."""

from django.http import FileResponse

from talentcard.documents.models import Document


def private_file(document: Document) -> FileResponse:
    """Return a download that no browser runs, frames, caches or guesses about."""
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.original_name,
        content_type=document.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
