"""What is on record against a person's integrity, and what cases make of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import IntegrityKind
from cards.nominations.models.cases import Nomination
from cards.talents.models import Talent
from talentcard.accounts.models import PartnerSystem
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel, BilingualName


class IntegritySource(BaseModel, BilingualName):
    """A register whose own system may record facts, such as the courts' list of dishonest debtors. .. no_pii:"""

    system = models.OneToOneField(
        PartnerSystem, models.PROTECT, related_name="integrity_source", verbose_name=_("system")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name_zh"]
        verbose_name = _("source of integrity facts")
        verbose_name_plural = _("sources of integrity facts")


class IntegrityFactQuerySet(models.QuerySet["IntegrityFact"]):
    def standing(self) -> "IntegrityFactQuerySet":
        """Keep those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class IntegrityFact(BaseModel):
    """Something a source has on record against a person; whoever recorded it, an officer or a system, withdraws it.

    .. pii: an accusation; encrypted: reference, text and why it was withdrawn
    """

    talent = models.ForeignKey(Talent, models.PROTECT, related_name="integrity_facts")
    kind = models.CharField(_("kind"), max_length=20, choices=IntegrityKind)
    source = models.CharField(_("source"), max_length=160)
    reference = EncryptedTextField(_("reference"))
    # Finds what a system sends twice.
    reference_index = models.CharField(max_length=64, editable=False)
    text = EncryptedTextField(_("what is on record"), blank=True, default="")
    dated_on = models.DateField(_("dated"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reported_by = models.ForeignKey(IntegritySource, models.PROTECT, null=True, blank=True, related_name="facts")
    recorded_at = models.DateTimeField(_("recorded at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = EncryptedTextField(_("why it was withdrawn"), blank=True, default="")

    objects = IntegrityFactQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reported_by", "reference_index"],
                condition=Q(reported_by__isnull=False),
                name="fact_is_reported_once",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True) ^ Q(reported_by__isnull=True),
                name="fact_has_one_recorder",
            ),
        ]
        verbose_name = _("integrity fact")
        verbose_name_plural = _("integrity facts")

    def __str__(self) -> str:
        return self.get_kind_display()


class IntegrityCheck(BaseModel):
    """What an officer looked up for a case: against which source, and the fact that was found, or nothing.

    .. pii: refers to the nominee
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="integrity_checks")
    kind = models.CharField(_("kind"), max_length=20, choices=IntegrityKind)
    source = models.CharField(_("source"), max_length=160)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(_("checked at"))
    fact = models.OneToOneField(IntegrityFact, models.PROTECT, null=True, blank=True, related_name="check_record")

    class Meta:
        ordering = ["checked_at", "id"]
        verbose_name = _("integrity check")
        verbose_name_plural = _("integrity checks")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source}"


class IntegrityRuling(BaseModel):
    """Whether a case goes on despite a fact, as an officer decided; refused, it may come back by an appeal.

    .. pii: encrypted: the reason
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="integrity_rulings")
    fact = models.ForeignKey(IntegrityFact, models.PROTECT, related_name="rulings")
    goes_on = models.BooleanField(_("goes on"))
    reason = EncryptedTextField(_("reason"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        ordering = ["decided_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "fact"], condition=Q(goes_on=True), name="case_goes_on_once_despite_a_fact"
            ),
        ]
        verbose_name = _("ruling on an integrity fact")
        verbose_name_plural = _("rulings on integrity facts")

    def __str__(self) -> str:
        return str(self.goes_on)
