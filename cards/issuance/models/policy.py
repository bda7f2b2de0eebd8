"""The city's policy: versions, tiers, and the bases on which a card may be given."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.issuance.choices import Route
from cards.issuance.models.lists import RecognisedList
from talentcard.core.models import BaseModel, BilingualName

REMEDIES_HELP = _("What decisions say of reconsideration and the courts, a paragraph a line.")


class PolicyVersion(BaseModel):
    """A version of the city's policy: tiers and bases belong to one; a case keeps the one it was filed under.

    .. no_pii:
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    # None while it is prepared; once it is complete it may be given its date.
    effective_from = models.DateTimeField(_("effective from"), null=True, blank=True)
    legal_ground_zh = models.CharField(_("legal ground (Chinese)"), max_length=200)
    legal_ground_en = models.CharField(_("legal ground (English)"), max_length=200)
    remedies_zh = models.TextField(
        _("what can be done about a decision (Chinese)"), blank=True, default="", help_text=REMEDIES_HELP
    )
    remedies_en = models.TextField(
        _("what can be done about a decision (English)"), blank=True, default="", help_text=REMEDIES_HELP
    )
    appeal_days = models.PositiveSmallIntegerField(
        _("days to appeal"), default=60, help_text=_("Calendar days after a refusal in which it may be appealed once.")
    )
    lapses_uncorrected = models.BooleanField(
        _("a case not corrected in time lapses"),
        default=True,
        help_text=_("It is closed as withdrawn when the time to correct it is over. Otherwise it waits on."),
    )
    is_sample = models.BooleanField(_("sample data"), default=False)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")

    def __str__(self) -> str:
        return f"v{self.number}"


class Tier(BaseModel, BilingualName):
    """A class of card. .. no_pii:"""

    policy = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="tiers")
    code = models.CharField(_("code"), max_length=10)
    validity_months = models.PositiveSmallIntegerField(_("validity in months"))
    renewal_days = models.PositiveSmallIntegerField(
        _("renewal window, days"), default=0, help_text=_("So many days before its end a card may be renewed.")
    )

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["policy", "code"], name="one_tier_per_policy_and_code")]
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Basis(BaseModel, BilingualName):
    """A ground on which a card may be given 认定依据, and the steps it asks for. .. no_pii:"""

    policy = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="bases")
    code = models.CharField(_("code"), max_length=30)
    route = models.CharField(_("route"), max_length=32, choices=Route)
    notice_working_days = models.PositiveSmallIntegerField(_("public notice, working days"), default=0)
    tiers = models.ManyToManyField(Tier, related_name="bases", verbose_name=_("tiers"))
    recognised_list = models.ForeignKey(
        RecognisedList,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bases",
        verbose_name=_("recognised list"),
        help_text=_("Whoever is given a card on this basis must be on it, or prove a title that is."),
    )
    experts_needed = models.PositiveSmallIntegerField(
        _("experts needed"), default=0, help_text=_("How many recognised experts must confirm a nomination.")
    )
    needs_consent = models.BooleanField(_("needs the nominee's consent"), default=False)
    may_renominate = models.BooleanField(
        _("may be nominated again"), default=True, help_text=_("After a refusal on this basis.")
    )
    renomination_months = models.PositiveSmallIntegerField(
        _("months until a new nomination"), default=0, help_text=_("Counted from the refusal; 0: at once.")
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "code"], name="one_basis_per_policy_and_code"),
            models.CheckConstraint(
                condition=~Q(route=Route.RECOMMENDATION) | Q(notice_working_days__gt=0), name="notice_has_a_length"
            ),
        ]
        verbose_name = _("basis")
        verbose_name_plural = _("bases")

    @property
    def needs_notice(self) -> bool:
        """Tell whether the public is told before the card is given."""
        return self.route == Route.RECOMMENDATION
