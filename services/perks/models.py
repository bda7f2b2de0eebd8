"""What the engine keeps of every perk alike: quotas, their ledger, requests and their timeline.

A perk is named by its slug, which the registry knows: a new perk needs no migration here.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import TalentCard
from cards.talents.models import Talent
from services.perks.choices import OPEN, EntryKind, RequestStatus
from talentcard.accounts.models import Organisation
from talentcard.core.models import BaseModel

SLUG_LENGTH = 40


class PerkTerms(BaseModel):
    """How long a department may take over a perk's requests: policy data, over what the perk itself proposes.

    .. no_pii:
    """

    perk = models.SlugField(_("perk"), max_length=SLUG_LENGTH, unique=True)
    working_days = models.PositiveSmallIntegerField(_("time limit in working days"))

    class Meta:
        verbose_name = _("time limit of a perk")
        verbose_name_plural = _("time limits of perks")

    def __str__(self) -> str:
        return self.perk


class QuotaAccount(BaseModel):
    """What a person has used of a perk in a period: the holder's, not the card's, so a new card renews nothing.

    `limit` is the policy's at the latest use; `used` is the sum of the ledger.

    .. pii: use of services
    """

    holder = models.ForeignKey(Talent, models.PROTECT, related_name="quota_accounts")
    perk = models.SlugField(_("perk"), max_length=SLUG_LENGTH)
    period = models.CharField(_("period"), max_length=10)
    limit = models.PositiveIntegerField(_("limit"))
    used = models.PositiveIntegerField(_("used"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "perk", "period"], name="one_quota_account_per_period"),
            models.CheckConstraint(condition=Q(used__lte=F("limit")), name="quota_is_never_overspent"),
        ]
        verbose_name = _("quota account")
        verbose_name_plural = _("quota accounts")

    def __str__(self) -> str:
        return f"{self.perk} {self.period}: {self.used}/{self.limit}"


class LedgerEntry(BaseModel):
    """A use of a quota, or the reversal of one; never changed.

    `nonce` is the desk's own name for the use: sent again, it is the same use.

    .. pii: use of services
    """

    account = models.ForeignKey(QuotaAccount, models.PROTECT, related_name="entries")
    card = models.ForeignKey(TalentCard, models.PROTECT, related_name="ledger_entries")
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    quantity = models.IntegerField(_("quantity"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    nonce = models.CharField(max_length=64)
    attempt_id = models.UUIDField(_("verification"), null=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "nonce"], name="one_ledger_entry_per_nonce"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.USE, quantity__gt=0, reverses=None)
                | Q(kind=EntryKind.REVERSAL, quantity__lt=0, reverses__isnull=False),
                name="ledger_sign_follows_kind",
            ),
        ]
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity:+d}"


class PerkRequest(BaseModel):
    """What a holder asks a department for; the perk's own data hangs off it by OneToOne.

    `district` is where it is handled, for the scope of officers.

    .. pii: use of services
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    holder = models.ForeignKey(Talent, models.PROTECT, related_name="perk_requests", verbose_name=_("holder"))
    card = models.ForeignKey(TalentCard, models.PROTECT, related_name="perk_requests")
    perk = models.SlugField(_("perk"), max_length=SLUG_LENGTH)
    district = models.CharField(_("district or park"), max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=RequestStatus, default=RequestStatus.SUBMITTED)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("officer")
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    due_at = models.DateTimeField(_("due at"))
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        ordering = ["-submitted_at", "id"]
        indexes = [
            models.Index(fields=["perk", "due_at"], condition=Q(status__in=OPEN), name="perk_inbox"),
            models.Index(fields=["holder", "-submitted_at"], name="perk_requests_of_holder"),
        ]
        verbose_name = _("perk request")
        verbose_name_plural = _("perk requests")

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Tell whether a decision is still awaited."""
        return self.status in OPEN

    @property
    def is_overdue(self) -> bool:
        """Tell whether the time limit has passed without a decision."""
        return self.is_open and self.due_at < timezone.now()


class RequestTransition(BaseModel):
    """A step of a request's timeline.

    .. pii: the reason, written by an officer or the holder
    """

    request = models.ForeignKey(PerkRequest, models.CASCADE, related_name="transitions")
    from_status = models.CharField(max_length=12, choices=RequestStatus, blank=True)
    to_status = models.CharField(max_length=12, choices=RequestStatus)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "created_at"]
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
