"""What a policy version says of nominations."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, PolicyVersion
from cards.nominations.choices import EvidenceKind, IntegrityKind, LimitedStep
from talentcard.core.models import BaseModel, BilingualName


class StepLimit(BaseModel):
    """How long a step may take under a policy. .. no_pii:"""

    policy = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="step_limits", verbose_name=_("policy"))
    step = models.CharField(_("step"), max_length=16, choices=LimitedStep)
    working_days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        ordering = ["policy", "created_at", "step"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "step"], name="one_limit_per_policy_and_step"),
            models.CheckConstraint(condition=Q(working_days__gt=0), name="step_limit_is_positive"),
        ]
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.working_days}"


class RequiredDocument(BaseModel):
    """A kind of document without which nobody is nominated, or given a card directly, on a basis. .. no_pii:"""

    basis = models.ForeignKey(Basis, models.CASCADE, related_name="required_documents", verbose_name=_("basis"))
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind)

    class Meta:
        ordering = ["kind"]
        constraints = [models.UniqueConstraint(fields=["basis", "kind"], name="document_required_once_by_basis")]
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")

    def __str__(self) -> str:
        return self.get_kind_display()


class RequiredCheck(BaseModel):
    """An integrity check without whose result no case of a policy passes its preliminary review.

    Less trusted nominators can be checked more: a check may be required of one credit class only.

    .. no_pii:
    """

    policy = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="required_checks", verbose_name=_("policy"))
    kind = models.CharField(_("kind"), max_length=20, choices=IntegrityKind)
    tier = models.CharField(_("tier"), max_length=10, blank=True, help_text=_("The code of a tier; empty: all tiers."))
    credit_class = models.CharField(
        _("credit class"), max_length=10, blank=True, help_text=_("The code of a credit class; empty: all nominators.")
    )

    class Meta:
        ordering = ["kind", "tier", "credit_class"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "kind", "tier", "credit_class"], name="check_required_once_by_policy_tier_and_class"
            )
        ]
        verbose_name = _("required integrity check")
        verbose_name_plural = _("required integrity checks")

    def __str__(self) -> str:
        return " ".join(part for part in (self.get_kind_display(), self.tier, self.credit_class) if part)


class CreditClass(BaseModel, BilingualName):
    """What a policy grants nominators of a labour-security credit class. .. no_pii:"""

    policy = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="credit_classes", verbose_name=_("policy"))
    code = models.CharField(_("code"), max_length=10)
    may_nominate = models.BooleanField(_("may nominate"), default=True)
    quota_percent = models.PositiveSmallIntegerField(_("quota, per cent of the yearly one"), default=100)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["policy", "code"], name="one_credit_class_per_policy_and_code")]
        verbose_name = _("credit class")
        verbose_name_plural = _("credit classes")
