"""The public notice and what is objected to it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import ObjectionStatus
from cards.nominations.models.cases import Nomination
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class PublicNotice(BaseModel):
    """The time in which anyone may object; while an objection is open its clock stands still.

    .. no_pii: refers to the nomination
    """

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="notice")
    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("closes at"))
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    days_left = models.PositiveSmallIntegerField(_("working days left when paused"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["closes_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opened_at")), name="notice_closes_after_opening")
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(ended_at=None), name="notice_running")]
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")

    def __str__(self) -> str:
        return str(self.nomination_id)

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether objections are still taken."""
        return self.ended_at is None and (self.paused_at is not None or at < self.closes_at)


class Objection(BaseModel):
    """What somebody has against a nomination under notice; only the officers who handle it read it.

    .. pii: encrypted: name, contact and text
    """

    notice = models.ForeignKey(PublicNotice, models.CASCADE, related_name="objections")
    name = EncryptedTextField(_("name"))
    contact = EncryptedTextField(_("contact"))
    text = EncryptedTextField(_("objection"))
    status = models.CharField(_("status"), max_length=10, choices=ObjectionStatus, default=ObjectionStatus.OPEN)
    lodged_at = models.DateTimeField(_("lodged at"))
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolution = EncryptedTextField(_("resolution"), blank=True, default="")

    class Meta:
        ordering = ["lodged_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[ObjectionStatus.OPEN, ObjectionStatus.LAPSED]) | Q(resolved_by__isnull=False),
                name="resolved_objection_has_its_officer",
            )
        ]
        indexes = [models.Index(fields=["notice"], condition=Q(status="open"), name="objection_open")]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    def __str__(self) -> str:
        return self.get_status_display()
