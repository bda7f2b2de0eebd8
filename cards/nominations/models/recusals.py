"""Officers who may take no part in a person's cases."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import Relation
from cards.talents.models import Talent
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class RecusalQuerySet(models.QuerySet["Recusal"]):
    """Queries over recusals."""

    def standing(self) -> Self:
        """Those that nobody has withdrawn."""
        return self.filter(withdrawn_at=None)


class Recusal(BaseModel):
    """An officer's declared tie to a person 回避: from then on they take no part in any of that person's cases.

    .. pii: refers to the person; encrypted: the relation and the reason
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="recusals")
    talent = models.ForeignKey(Talent, models.PROTECT, related_name="+")
    number = models.CharField(_("declared in case"), max_length=20)
    relation = EncryptedTextField(_("relation"))
    reason = EncryptedTextField(_("reason"), blank=True, default="")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(_("declared at"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "officer"], condition=Q(withdrawn_at=None), name="one_recusal_per_officer_and_person"
            ),
        ]
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")

    def __str__(self) -> str:
        return f"{self.officer} · {self.number}"

    @property
    def relation_label(self) -> str:
        """Return the relation in the active language."""
        return str(Relation(self.relation).label)
