"""The outbox: work that must follow a change, written in the change's own transaction."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talentcard.core.models import BaseModel
from talentcard.outbox.choices import OUT, EntryStatus


class Entry(BaseModel):
    """A task that must run, whatever becomes of the broker or the worker.

    `fence` counts how often the entry was sent: a worker that was thought dead and comes back finds another number
    and must not act.

    .. no_pii: arguments are ids only
    """

    task = models.CharField(_("task"), max_length=100)
    queue = models.CharField(_("queue"), max_length=40, default="default")
    kwargs = models.JSONField(_("arguments"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=EntryStatus, default=EntryStatus.WAITING)
    run_at = models.DateTimeField(_("not before"), default=timezone.now)
    leased_until = models.DateTimeField(_("leased until"), null=True)
    fence = models.PositiveIntegerField(_("fence"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox entries")
        indexes = [
            models.Index(fields=["queue", "run_at"], condition=Q(status=EntryStatus.WAITING), name="outbox_waiting"),
            models.Index(fields=["queue", "leased_until"], condition=Q(status__in=OUT), name="outbox_out"),
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.status})"

    @property
    def is_exhausted(self) -> bool:
        """Tell whether the entry has used all its attempts."""
        return self.attempts >= settings.OUTBOX_MAX_ATTEMPTS
