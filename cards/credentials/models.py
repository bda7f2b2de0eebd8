"""Keys that sign codes, and the lists that say what has become of each code. Nothing here knows a card."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.credentials.choices import KeyStatus, StatusValue
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class SigningKey(BaseModel):
    """An Ed25519 key pair; the private half is encrypted. .. no_pii:"""

    kid = models.CharField(_("key id"), max_length=16, unique=True)
    public_key = models.BinaryField(max_length=32)
    private_key = EncryptedTextField()
    status = models.CharField(_("status"), max_length=10, choices=KeyStatus, default=KeyStatus.ACTIVE)
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status=KeyStatus.ACTIVE), name="one_active_signing_key"
            )
        ]
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return self.kid


class StatusList(BaseModel):
    """A published list of two bits a code.

    Indexes are handed out once each, in an order that only `secret` predicts, so that neighbours in the list tell
    nothing. `version` counts changes; the file holds `published_version`.

    .. no_pii:
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    size_bits = models.PositiveSmallIntegerField(_("size, as a power of two"))
    secret = EncryptedTextField()
    allocated = models.PositiveIntegerField(_("indexes handed out"), default=0)
    version = models.PositiveIntegerField(_("version"), default=1)
    published_version = models.PositiveIntegerField(_("published version"), default=0)
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(published_version__lte=models.F("version")), name="publish_no_future")
        ]
        verbose_name = _("status list")
        verbose_name_plural = _("status lists")

    def __str__(self) -> str:
        return f"#{self.number}"


class StatusEntry(BaseModel):
    """One code's place in a list, and its value. `changed_in` is the list's version that brought the value.

    .. no_pii:
    """

    status_list = models.ForeignKey(StatusList, models.PROTECT, related_name="entries")
    index = models.PositiveIntegerField(_("index"))
    value = models.PositiveSmallIntegerField(_("status"), choices=StatusValue, default=StatusValue.VALID)
    changed_in = models.PositiveIntegerField(_("changed in version"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["status_list", "index"], name="status_index_used_once"),
            models.CheckConstraint(condition=Q(value__in=[0, 1, 2, 3]), name="status_value_in_two_bits"),
        ]
        indexes = [
            models.Index(fields=["status_list", "index"], condition=~Q(value=0), name="status_not_valid"),
            models.Index(fields=["status_list", "changed_in"], condition=~Q(changed_in=0), name="status_changed"),
        ]
        verbose_name = _("status entry")
        verbose_name_plural = _("status entries")

    def __str__(self) -> str:
        return f"{self.index}: {self.get_value_display()}"
