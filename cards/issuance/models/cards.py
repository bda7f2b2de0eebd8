"""Awards, cards and the editions of their proof."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.credentials.models import StatusEntry
from cards.issuance.choices import LIVE, CardStatus, EditionStatus, KnownReason, Route
from cards.issuance.models.policy import Basis, Tier
from cards.talents.models import Talent
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class Award(BaseModel):
    """A decision that gives a person a card: one for each deciding case.

    `evidence_hash` is the SHA-256, in hex, of what the decision rests on; the basis names the policy version.

    .. no_pii: refers to the holder
    """

    case_id = models.UUIDField(_("deciding case"), unique=True)
    holder = models.ForeignKey(Talent, models.PROTECT, related_name="awards")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    route = models.CharField(_("route"), max_length=32, choices=Route)
    basis = models.ForeignKey(Basis, models.PROTECT, related_name="+")
    evidence_hash = models.CharField(max_length=64)
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")

    def __str__(self) -> str:
        return str(self.case_id)


def reason_text(reason: str) -> str:
    """Return a stored reason as people read it."""
    return str(KnownReason(reason).label) if reason in KnownReason.values else reason


class CardQuerySet(models.QuerySet["TalentCard"]):
    def live(self) -> "CardQuerySet":
        """Keep the cards that stand in the way of another one for the same holder."""
        return self.filter(status__in=LIVE)


class TalentCard(BaseModel):
    """A holder's card. Its proof travels as a `CardEdition`.

    .. no_pii: refers to the holder
    """

    award = models.OneToOneField(Award, models.PROTECT, related_name="card")
    holder = models.ForeignKey(Talent, models.PROTECT, related_name="cards")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    number = models.CharField(_("card number"), max_length=16, unique=True)
    status = models.CharField(_("status"), max_length=16, choices=CardStatus, default=CardStatus.IN_PRODUCTION)
    status_reason = models.CharField(_("reason"), max_length=200, blank=True)
    valid_from = models.DateTimeField(_("valid from"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder"], condition=Q(status__in=LIVE), name="one_live_card_per_holder")
        ]
        indexes = [
            models.Index(fields=["valid_until"], condition=Q(status__in=["active", "suspended"]), name="card_expiry")
        ]
        verbose_name = _("talent card")
        verbose_name_plural = _("talent cards")

    def __str__(self) -> str:
        return self.number

    @property
    def reason_text(self) -> str:
        """Return the reason for the status, in the reader's language where it is one of ours."""
        return reason_text(self.status_reason)


class CardTransition(BaseModel):
    """A change of a card's status: who, when and why. Rows are only ever added.

    .. no_pii: refers to the card and the actor; the reason is an officer's words about the card
    """

    card = models.ForeignKey(TalentCard, models.PROTECT, related_name="transitions")
    from_status = models.CharField(_("from"), max_length=16, choices=CardStatus, blank=True)
    to_status = models.CharField(_("to"), max_length=16, choices=CardStatus)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "created_at"]
        verbose_name = _("change of a card")
        verbose_name_plural = _("changes of cards")

    def __str__(self) -> str:
        return f"{self.card_id}: {self.to_status}"

    @property
    def reason_text(self) -> str:
        """Return the reason, in the reader's language where it is one of ours."""
        return reason_text(self.reason)


class CardNumberCounter(models.Model):
    """The last serial number given out in a year. .. no_pii:"""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CardEdition(BaseModel):
    """One printing of a card's proof, with its own code and its own status index, which is never used again.

    .. pii: the code carries the holder's name; encrypted
    """

    card = models.ForeignKey(TalentCard, models.PROTECT, related_name="editions")
    sequence = models.PositiveSmallIntegerField(_("edition"))
    status = models.CharField(_("status"), max_length=12, choices=EditionStatus, default=EditionStatus.MADE)
    status_entry = models.OneToOneField(StatusEntry, models.PROTECT, related_name="edition")
    code = EncryptedTextField(_("code"))
    image = models.FileField(_("QR image"), blank=True)
    made_at = models.DateTimeField(_("made at"))
    activated_at = models.DateTimeField(_("activated at"), null=True)

    class Meta:
        ordering = ["card", "-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["card", "sequence"], name="one_edition_per_sequence"),
            models.UniqueConstraint(
                fields=["card"], condition=Q(status=EditionStatus.ACTIVE), name="one_active_edition_per_card"
            ),
        ]
        verbose_name = _("card edition")
        verbose_name_plural = _("card editions")

    def __str__(self) -> str:
        return f"{self.card_id}/{self.sequence}"
