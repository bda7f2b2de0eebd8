"""Spreadsheets whose rows become nominations."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.models import Organisation
from talentcard.core.models import BaseModel


class ImportBatch(BaseModel):
    """A spreadsheet whose rows became nominations, all or none. .. no_pii:"""

    nominator = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("nominator"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    sheet_sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField(_("rows"))
    imported_at = models.DateTimeField(_("imported at"))

    class Meta:
        ordering = ["-imported_at"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.imported_at:%Y-%m-%d}: {self.row_count}"
