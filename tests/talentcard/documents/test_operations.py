import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput
from talentcard.documents.models import Document
from talentcard.documents.operations import store_document
from talentcard.documents.responses import private_file

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    return buffer.getvalue()


def test_store_document_keeps_content_hash_and_type(outsider: User) -> None:
    document = store_document(actor=outsider, upload=SimpleUploadedFile("论文.pdf", PDF))

    assert (document.media_type, document.size, document.read()) == ("application/pdf", len(PDF), PDF)
    assert "论文" not in document.file.name


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("paper.pdf", b"", "file_empty"),
        ("paper.pdf", b"just text", "file_type_mismatch"),
        ("paper.pdf", png(), "file_type_mismatch"),
        ("photo.png", PDF, "file_type_mismatch"),
        ("page.html", b"<html><script>alert(1)</script>", "file_type_mismatch"),
        ("photo.png", png()[:40], "file_damaged"),
        ("paper.pdf", PDF + b" " * 2_000_000, "file_too_large"),
    ],
)
def test_store_document_refuses_what_is_not_what_it_says(
    outsider: User, settings: object, name: str, content: bytes, code: str
) -> None:
    settings.DOCUMENT_MAX_BYTES = 1_000_000  # type: ignore[attr-defined]

    with pytest.raises(InvalidInput) as caught:
        store_document(actor=outsider, upload=SimpleUploadedFile(name, content), field="evidence")

    assert [(error.field, error.code) for error in caught.value.errors] == [("evidence", code)]
    assert Document.objects.count() == 0


def test_private_file_is_a_download_no_browser_runs(outsider: User) -> None:
    document = store_document(actor=outsider, upload=SimpleUploadedFile("paper.pdf", PDF))

    response = private_file(document)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "private, no-store"
