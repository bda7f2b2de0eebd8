"""The audit log: events that nobody changes, sealed in signed batches."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from talentcard.core.models import BaseModel


class AuditEvent(models.Model):
    """Something somebody did. Rows are only ever added: the database refuses updates and deletes.

    The actor and target are kept as ids, without foreign keys: the log outlives what it speaks of.

    .. no_pii: ids, codes and numbers of things; never a person's data
    """

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField(_("at"), db_index=True)
    actor_id = models.UUIDField(_("actor"), null=True, db_index=True)
    action = models.CharField(_("action"), max_length=80)
    target_type = models.CharField(_("target type"), max_length=80)
    target_id = models.CharField(_("target"), max_length=64)
    data = models.JSONField(_("data"), default=dict)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["target_type", "target_id", "at"], name="audit_target")]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")

    def __str__(self) -> str:
        return f"{self.action} {self.target_type}:{self.target_id}"


class Seal(BaseModel):
    """A signed checkpoint over a batch of events and over the seal before it.

    .. no_pii:
    """

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    size = models.PositiveIntegerField(_("events"))
    root = models.BinaryField(_("Merkle root"), max_length=32)
    previous = models.BinaryField(_("hash of the seal before"), max_length=32)
    sealed_at = models.DateTimeField(_("sealed at"))
    signature = models.BinaryField(_("signature"), max_length=64)

    class Meta:
        ordering = ["number"]
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"#{self.number}"


class SealedEvent(models.Model):
    """An event's place in a seal: a table of its own, so that sealing never touches the event. .. no_pii:"""

    event = models.OneToOneField(AuditEvent, models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="leaves")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="one_event_per_leaf")]

    def __str__(self) -> str:
        return f"{self.seal_id}:{self.position}"
