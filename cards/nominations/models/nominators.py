"""What an organisation that nominates is granted, and has used."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.models import Organisation
from talentcard.core.models import BaseModel


class NominatorProfile(BaseModel):
    """What the bureau grants an organisation that nominates. .. no_pii:"""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="nominator_profile", verbose_name=_("organisation")
    )
    yearly_quota = models.PositiveIntegerField(_("nominations a year"))
    credit_class = models.CharField(_("credit class"), max_length=10)

    class Meta:
        verbose_name = _("nominator")
        verbose_name_plural = _("nominators")

    def __str__(self) -> str:
        return str(self.organisation)


class NominatorYear(BaseModel):
    """How many nominations an organisation has submitted in a year, of how many; `limit` is that of the latest charge.

    .. no_pii:
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="nominator_years")
    year = models.PositiveSmallIntegerField(_("year"))
    limit = models.PositiveIntegerField(_("limit"))
    used = models.PositiveIntegerField(_("used"), default=0)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="one_quota_per_nominator_and_year"),
            models.CheckConstraint(condition=Q(used__lte=models.F("limit")), name="nominator_quota_is_never_overspent"),
        ]
        verbose_name = _("quota of a year")
        verbose_name_plural = _("quotas by year")

    def __str__(self) -> str:
        return f"{self.year}: {self.used}/{self.limit}"
