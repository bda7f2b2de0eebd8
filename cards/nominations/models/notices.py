"""The public notice and what is objected to it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import ObjectionStatus
from cards.nominations.models.cases import Nomination
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class ReleaseCounter(models.Model):
    """The last serial number given to a release in a year. .. no_pii:"""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class NoticeRelease(BaseModel):
    """Cases that are put under public notice together, as the public reads of them.

    All of them may be objected to until `closes_at`; whose clock was stopped meanwhile, for longer.

    .. no_pii: its notices refer to the nominations
    """

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("serial number"))
    title_zh = models.CharField(_("title (Chinese)"), max_length=160)
    title_en = models.CharField(_("title (English)"), max_length=200)
    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("closes at"))
    # None for what was put under notice before there were releases.
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("released by")
    )

    class Meta:
        ordering = ["-year", "-serial"]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="one_release_per_year_and_serial"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opened_at")), name="release_closes_after_opening"
            ),
        ]
        verbose_name = _("release of public notices")
        verbose_name_plural = _("releases of public notices")

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Return the number as officials write it, the same in every language."""
        return f"公示〔{self.year}〕{self.serial}号"

    @property
    def title(self) -> str:
        """Return the title in the active language."""
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en

    def get_absolute_url(self) -> str:
        """Return the path of its public page."""
        return reverse("nominations:release-detail", args=[self.year, self.serial])


class PublicNoticeQuerySet(models.QuerySet["PublicNotice"]):
    def open(self, *, at: dt.datetime) -> "PublicNoticeQuerySet":
        """Keep those that may be objected to: not ended, and their time not over unless their clock stands still."""
        return self.filter(Q(paused_at__isnull=False) | Q(closes_at__gt=at), ended_at=None)


class PublicNotice(BaseModel):
    """The time in which anyone may object; while an objection is open its clock stands still.

    .. no_pii: refers to the nomination
    """

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="notice")
    release = models.ForeignKey(NoticeRelease, models.PROTECT, related_name="notices", verbose_name=_("release"))
    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("closes at"))
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    days_left = models.PositiveSmallIntegerField(_("working days left when paused"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = PublicNoticeQuerySet.as_manager()

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
