"""Private files."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from talentcard.core.models import BaseModel


def storage_path(document: "Document", filename: str) -> str:
    """Return where a document lies: its id, never the uploader's file name."""
    return f"documents/{document.pk.hex[:2]}/{document.pk.hex}"


class Document(BaseModel):
    """A file somebody handed in: private, its type found from its content, its hash kept as evidence.

    .. pii: the file and its name may hold anything; private storage
    """

    file = models.FileField(_("file"), upload_to=storage_path)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    media_type = models.CharField(_("type"), max_length=80)
    original_name = models.CharField(_("file name"), max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.original_name

    def read(self) -> bytes:
        """Return the file's content."""
        with self.file.open("rb") as file:
            content: Any = file.read()
        return bytes(content)
