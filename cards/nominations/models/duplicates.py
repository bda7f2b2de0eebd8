"""People who may be one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import DuplicateVerdict
from cards.nominations.models.cases import Nomination
from cards.talents.models import Talent
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class SuspectedDuplicate(BaseModel):
    """Two records of one name and birth date with different documents, and what an officer found of them.

    `first` is the one with the smaller key, so that a pair is asked about once, whichever of them is nominated.

    .. pii: refers to both people; encrypted: the reason
    """

    first = models.ForeignKey(Talent, models.PROTECT, related_name="+")
    second = models.ForeignKey(Talent, models.PROTECT, related_name="+")
    found_at = models.DateTimeField(_("found at"))
    found_by = models.ForeignKey(Nomination, models.PROTECT, related_name="+", verbose_name=_("found by"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=DuplicateVerdict, default=DuplicateVerdict.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = EncryptedTextField(_("reason"), blank=True, default="")

    class Meta:
        ordering = ["found_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_is_suspected_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="pair_is_in_order"),
            models.CheckConstraint(
                condition=Q(verdict=DuplicateVerdict.OPEN) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="verdict_has_its_officer",
            ),
        ]
        verbose_name = _("suspected duplicate")
        verbose_name_plural = _("suspected duplicates")

    def __str__(self) -> str:
        return self.get_verdict_display()

    def other_than(self, talent: Talent) -> Talent:
        """Return the one of the pair that a talent is not."""
        return self.second if self.first_id == talent.pk else self.first
