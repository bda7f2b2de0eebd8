"""Cards given without a nomination, on a recognised list: one officer proposes, another confirms."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, PolicyVersion, RecognisedEntry, Tier
from cards.nominations.choices import DirectIssueStatus, EvidenceKind
from cards.talents.models import Talent
from talentcard.casework.models import WorkItem
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel
from talentcard.documents.models import Document


class DirectIssueCounter(models.Model):
    """The last serial number given to a direct issue in a year. .. no_pii:"""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class DirectIssueQuerySet(models.QuerySet["DirectIssue"]):
    def proposed(self) -> "DirectIssueQuerySet":
        """Keep those that wait for their second officer."""
        return self.filter(status=DirectIssueStatus.PROPOSED)

    def with_parties(self) -> "DirectIssueQuerySet":
        """Load what a list shows of each, in the same query."""
        return self.select_related(
            "talent", "basis__policy", "tier", "entry__recognised_list", "proposed_by", "decided_by", "item__assignee"
        )


class DirectIssue(BaseModel):
    """A case: an issuer finds that a person on a recognised list should have a card; a second officer decides.

    The basis names the policy version it keeps to. How the person is reached takes effect when the card is given, and
    only for somebody without an account. `legacy_card` is the number of the Green Card 绿卡 it upgrades, if it does.

    .. pii: refers to the person; encrypted: phone, e-mail; the reason may speak of the person
    """

    number = models.CharField(_("number"), max_length=16, unique=True)
    talent = models.ForeignKey(Talent, models.PROTECT, related_name="direct_issues", verbose_name=_("person"))
    basis = models.ForeignKey(Basis, models.PROTECT, related_name="direct_issues", verbose_name=_("basis"))
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="direct_issues", verbose_name=_("tier"))
    entry = models.ForeignKey(
        RecognisedEntry, models.PROTECT, related_name="direct_issues", verbose_name=_("entry of a recognised list")
    )
    district = models.CharField(_("district or park"), max_length=20)
    phone = EncryptedTextField(_("mobile"), blank=True, default="")
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    legacy_card = models.CharField(_("Green Card"), max_length=40, blank=True, default="")
    status = models.CharField(_("status"), max_length=16, choices=DirectIssueStatus, default=DirectIssueStatus.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, default="")
    item = models.ForeignKey(
        WorkItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("work item")
    )

    objects = DirectIssueQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["talent"],
                condition=Q(status=DirectIssueStatus.PROPOSED),
                name="one_proposed_direct_issue_per_person",
            ),
            models.UniqueConstraint(
                fields=["legacy_card"],
                condition=Q(status__in=[DirectIssueStatus.PROPOSED, DirectIssueStatus.ISSUED]) & ~Q(legacy_card=""),
                name="one_upgrade_per_green_card",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[DirectIssueStatus.ISSUED, DirectIssueStatus.REFUSED])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="direct_issue_is_decided_by_a_second_officer",
            ),
            models.CheckConstraint(
                condition=~Q(status=DirectIssueStatus.REFUSED) | ~Q(reason=""), name="refused_direct_issue_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["status", "-proposed_at"], name="direct_issue_by_status")]
        verbose_name = _("direct issue")
        verbose_name_plural = _("direct issues")

    def __str__(self) -> str:
        return self.number

    @property
    def policy(self) -> PolicyVersion:
        """Return the policy version the case keeps."""
        return self.basis.policy

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("nominations:direct-detail", args=[self.pk])


class DirectEvidence(BaseModel):
    """A document a direct issue rests on. .. no_pii: refers to the document"""

    direct_issue = models.ForeignKey(DirectIssue, models.CASCADE, related_name="evidence")
    document = models.OneToOneField(Document, models.PROTECT, related_name="direct_evidence")
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind)

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name = _("evidence of a direct issue")
        verbose_name_plural = _("evidence of direct issues")

    def __str__(self) -> str:
        return self.get_kind_display()


class DirectTransition(BaseModel):
    """A step a direct issue took: its history. Rows are only ever added. .. no_pii: refers to who did it"""

    direct_issue = models.ForeignKey(DirectIssue, models.CASCADE, related_name="transitions")
    from_status = models.CharField(_("from"), max_length=16, choices=DirectIssueStatus, blank=True)
    to_status = models.CharField(_("to"), max_length=16, choices=DirectIssueStatus)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "created_at"]
        verbose_name = _("step of a direct issue")
        verbose_name_plural = _("steps of direct issues")

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
