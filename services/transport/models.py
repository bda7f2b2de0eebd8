"""Policy data of the airport fast lane."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from talentcard.core.models import BaseModel


class AnnualAllowance(BaseModel):
    """How often a year a tier may use the fast lane. .. no_pii:"""

    tier_code = models.CharField(_("code of the tier"), max_length=10, unique=True)
    uses = models.PositiveSmallIntegerField(_("uses a year"))

    class Meta:
        ordering = ["tier_code"]
        verbose_name = _("annual allowance")
        verbose_name_plural = _("annual allowances")

    def __str__(self) -> str:
        return f"{self.tier_code}: {self.uses}"
