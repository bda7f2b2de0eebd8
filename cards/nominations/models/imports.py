"""Spreadsheets whose rows become nominations."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import ImportKind, ImportStatus, RowStatus
from talentcard.accounts.models import Organisation
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel
from talentcard.documents.models import Document


class ImportBatch(BaseModel):
    """A spreadsheet on its way: read and checked row by row, then applied row by row.

    Its rows become nominations of its nominator; or, of legacy Green Cards, direct issues for a second officer.
    The sheet's own file is kept until its rows are read, the archive of evidence until they are applied. `cursor` is
    the last row of the work in hand that is done, `errors` is why the sheet as a whole failed.

    .. pii: encrypted: layout, because titles above the headings may hold anything
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ImportKind, default=ImportKind.NOMINATIONS)
    nominator = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("nominator")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("applied by")
    )
    status = models.CharField(_("status"), max_length=10, choices=ImportStatus, default=ImportStatus.CHECKING)
    sheet = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name=_("spreadsheet"))
    archive = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name=_("evidence"))
    sheet_sha256 = models.CharField(max_length=64)
    layout = EncryptedTextField(default="")
    cursor = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    imported_at = models.DateTimeField(_("imported at"))
    read_at = models.DateTimeField(_("read at"), null=True)
    checked_at = models.DateTimeField(_("checked at"), null=True)
    applied_at = models.DateTimeField(_("applied at"), null=True)

    class Meta:
        ordering = ["-imported_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ImportKind.NOMINATIONS, nominator__isnull=False)
                | Q(kind=ImportKind.GREEN_CARDS, nominator=None),
                name="import_of_nominations_has_its_nominator",
            )
        ]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.imported_at:%Y-%m-%d}: {self.row_count}"

    @property
    def is_running(self) -> bool:
        """Tell whether a worker has yet to do something."""
        return self.status in (ImportStatus.CHECKING, ImportStatus.APPLYING)

    @property
    def is_checked(self) -> bool:
        """Tell whether every row has been checked."""
        return self.status in (ImportStatus.CHECKED, ImportStatus.APPLYING, ImportStatus.APPLIED)

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("nominations:import-detail", args=[self.pk])


class ImportedFile(BaseModel):
    """A file of a batch's archive that became a document, shared by all rows that name it. .. no_pii: refers to it"""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="files")
    name_index = models.CharField(max_length=64)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "name_index"], name="one_document_per_imported_file")]
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")

    def __str__(self) -> str:
        return str(self.document_id)


class ImportRow(BaseModel):
    """A row of a spreadsheet: what its cells hold, what is wrong with it, and the nomination or direct issue it became.

    `fingerprint` is equal for rows of one nominator that say the same, however it is typed; `person_index` finds its
    person. Both are keyed, and empty for a row that has faults of its own. `errors`: see `nominations.faults`.

    .. pii: encrypted: cells
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    cells = EncryptedTextField(_("cells"))
    status = models.CharField(_("status"), max_length=8, choices=RowStatus, default=RowStatus.WAITING)
    errors = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True)
    person_index = models.CharField(max_length=64, blank=True)
    nomination = models.ForeignKey(
        "nominations.Nomination", models.PROTECT, null=True, related_name="import_rows", verbose_name=_("nomination")
    )
    direct_issue = models.ForeignKey(
        "nominations.DirectIssue",
        models.PROTECT,
        null=True,
        related_name="import_rows",
        verbose_name=_("direct issue"),
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_import_row_per_number"),
            models.UniqueConstraint(
                fields=["nomination"], condition=Q(status=RowStatus.APPLIED), name="one_import_row_per_nomination"
            ),
            models.UniqueConstraint(
                fields=["direct_issue"], condition=Q(status=RowStatus.APPLIED), name="one_import_row_per_direct_issue"
            ),
            models.CheckConstraint(
                condition=~Q(status=RowStatus.APPLIED) | Q(nomination__isnull=False) | Q(direct_issue__isnull=False),
                name="applied_import_row_has_its_case",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "status", "number"], name="import_row_by_status"),
            models.Index(fields=["batch", "person_index"], name="import_row_by_person"),
            models.Index(fields=["fingerprint"], condition=Q(status=RowStatus.APPLIED), name="import_row_applied"),
        ]
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")

    def __str__(self) -> str:
        return f"{self.number}: {self.get_status_display()}"


class SheetConfirmation(BaseModel):
    """A second officer's confirmation of all direct issues of a sheet, case by case by a worker.

    `total` is how many waited for the officer when it began, `cursor` the last row of the sheet that is done. What
    could not be confirmed waits on.

    .. no_pii: refers to the sheet
    """

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="confirmations", verbose_name=_("import"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer"))
    total = models.PositiveIntegerField(_("cases"))
    cursor = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "officer"], condition=Q(ended_at=None), name="one_running_confirmation_of_a_sheet"
            )
        ]
        verbose_name = _("confirmation of a sheet")
        verbose_name_plural = _("confirmations of sheets")

    def __str__(self) -> str:
        return f"{self.batch} · {self.officer}"
