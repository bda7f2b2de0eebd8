"""The register of experts the bureau recognises."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cards.talents.models import Talent
from talentcard.accounts.models import Organisation
from talentcard.core.fields import EncryptedTextField, blind_index
from talentcard.core.models import BaseModel

EMAIL_INDEX = "expert.email"


def email_index(address: str) -> str:
    """Return what finds an expert by their e-mail; empty for none."""
    address = address.strip().casefold()
    return blind_index(address, purpose=EMAIL_INDEX) if address else ""


class ExpertQuerySet(models.QuerySet["RecognisedExpert"]):
    def recognised(self, at: dt.datetime) -> "ExpertQuerySet":
        """Keep those whom the bureau recognises at a moment."""
        begun = Q(valid_from=None) | Q(valid_from__lte=at)
        return self.filter(begun, Q(valid_until=None) | Q(valid_until__gt=at), is_active=True)


class RecognisedExpert(BaseModel):
    """Somebody whose word the bureau takes for a nominee; nominators ask them by name, and they need no account.

    `talent` says who they are in the registry of people, where that is known: it tells namesakes apart.

    .. pii: name, title; encrypted with a keyed index: e-mail
    """

    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    organisation_name = models.CharField(_("organisation, as written"), max_length=160, blank=True)
    field = models.CharField(_("field"), max_length=120, blank=True)
    email = EncryptedTextField(_("e-mail"))
    email_index = models.CharField(max_length=64, unique=True, editable=False)
    talent = models.OneToOneField(
        Talent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person in the registry")
    )
    is_active = models.BooleanField(_("active"), default=True)
    valid_from = models.DateTimeField(_("from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_from__lt=F("valid_until")),
                name="expert_period_is_forward",
            )
        ]
        verbose_name = _("recognised expert")
        verbose_name_plural = _("recognised experts")

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_display(self) -> str:
        """Return where they work, in the reader's language where it is an organisation we know."""
        return self.organisation.name if self.organisation else self.organisation_name

    def is_recognised(self, at: dt.datetime) -> bool:
        """Tell whether the bureau recognises them at a moment."""
        has_begun = self.valid_from is None or self.valid_from <= at
        return self.is_active and has_begun and (self.valid_until is None or at < self.valid_until)
