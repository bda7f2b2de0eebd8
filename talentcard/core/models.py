"""What every model shares, and the platform's own small tables."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from talentcard.core.fields import EncryptedTextField


class BaseModel(models.Model):
    """A row with a UUID key, set before the insert, and its times. .. no_pii:"""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True


class BilingualName(models.Model):
    """A name in both languages, shown in the reader's. .. no_pii:"""

    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=160)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name in the active language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class CalendarDay(BaseModel):
    """A day an administrator declares to be a working day or a day off, over what the holiday calendar says.

    .. no_pii:
    """

    date = models.DateField(_("date"), unique=True)
    is_working_day = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        ordering = ["date"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")

    def __str__(self) -> str:
        return self.date.isoformat()


class IdempotencyKey(BaseModel):
    """A request that a client may send twice and that is carried out once.

    The answer is kept encrypted: it can hold whatever the endpoint shows.

    .. pii: the answer; encrypted, kept for a day
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    endpoint = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(default=200)
    response = EncryptedTextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "endpoint", "key"], name="one_request_per_idempotency_key")
        ]

    def __str__(self) -> str:
        return self.endpoint
