"""What is brought against a refusal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import AppealStatus
from cards.nominations.models.cases import Nomination
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel
from talentcard.documents.models import Document


class Appeal(BaseModel):
    """An appeal against the refusal of a nomination: one a case, by its nominator or its nominee.

    The appellant's side and officers read what it says; the other party learns that there is one, and the decision.

    .. pii: encrypted: text and reason
    """

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="appeal")
    lodged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("lodged by")
    )
    lodged_at = models.DateTimeField(_("lodged at"))
    text = EncryptedTextField(_("appeal"))
    status = models.CharField(_("status"), max_length=10, choices=AppealStatus, default=AppealStatus.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = EncryptedTextField(_("reason"), blank=True, default="")

    class Meta:
        ordering = ["lodged_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=AppealStatus.OPEN) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_appeal_has_its_officer",
            )
        ]
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")

    def __str__(self) -> str:
        return str(self.nomination_id)


class AppealDocument(BaseModel):
    """A document that came with an appeal. .. no_pii: refers to the document"""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="documents")
    document = models.OneToOneField(Document, models.PROTECT, related_name="appeal_document")

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name = _("document of an appeal")
        verbose_name_plural = _("documents of appeals")

    def __str__(self) -> str:
        return str(self.document_id)
