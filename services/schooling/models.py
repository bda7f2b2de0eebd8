"""Seasons, schools and their places, and what a holder asks for a child."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cards.talents.models import FamilyMember
from services.perks.models import PerkRequest
from services.schooling.choices import Stage
from talentcard.core.models import BaseModel, BilingualName


class SeasonQuerySet(models.QuerySet["SchoolSeason"]):
    def not_over(self, at: dt.datetime) -> "SeasonQuerySet":
        """Keep the seasons that are open or will open."""
        return self.filter(closes_at__gt=at)

    def open(self, at: dt.datetime) -> "SeasonQuerySet":
        """Keep the seasons in whose window a request may be filed."""
        return self.filter(opens_at__lte=at, closes_at__gt=at)

    def for_tier(self, code: str) -> "SeasonQuerySet":
        """Keep the seasons that admit a tier."""
        return self.filter(tiers__tier_code=code)


class SchoolSeason(BaseModel, BilingualName):
    """A year's enrolment into one stage: its window, and the children it is for. .. no_pii:"""

    stage = models.CharField(_("stage"), max_length=16, choices=Stage)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    born_from = models.DateField(_("for children born from"))
    born_until = models.DateField(_("for children born until"))

    objects = SeasonQuerySet.as_manager()

    class Meta:
        ordering = ["opens_at", "stage"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="season_window_is_forward"),
            models.CheckConstraint(condition=Q(born_from__lte=F("born_until")), name="season_births_are_forward"),
        ]
        verbose_name = _("school season")
        verbose_name_plural = _("school seasons")

    def admits_birth(self, date: dt.date) -> bool:
        """Tell whether a child of this birth date enters the stage in this season."""
        return self.born_from <= date <= self.born_until


class SeasonTier(BaseModel):
    """A tier whose holders may ask in a season. .. no_pii:"""

    season = models.ForeignKey(SchoolSeason, models.CASCADE, related_name="tiers")
    tier_code = models.CharField(_("code of the tier"), max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["season", "tier_code"], name="tier_admitted_once_a_season")]
        verbose_name = _("tier of a season")
        verbose_name_plural = _("tiers of a season")

    def __str__(self) -> str:
        return self.tier_code


class School(BaseModel, BilingualName):
    """A school of one stage. .. no_pii:"""

    stage = models.CharField(_("stage"), max_length=16, choices=Stage)
    district = models.CharField(_("district or park"), max_length=20)

    class Meta:
        ordering = ["district", "name_en"]
        verbose_name = _("school")
        verbose_name_plural = _("schools")


class SchoolPlaces(BaseModel):
    """The places a school keeps for holders' children in a season, and how many are given. .. no_pii:"""

    season = models.ForeignKey(SchoolSeason, models.PROTECT, related_name="places", verbose_name=_("season"))
    school = models.ForeignKey(School, models.PROTECT, related_name="places", verbose_name=_("school"))
    places = models.PositiveSmallIntegerField(_("places"))
    taken = models.PositiveSmallIntegerField(_("places given"), default=0, editable=False)

    class Meta:
        ordering = ["school__district", "school__name_en"]
        constraints = [
            models.UniqueConstraint(fields=["season", "school"], name="places_counted_once_a_season"),
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="placement_never_exceeds_places"),
        ]
        verbose_name = _("places of a school")
        verbose_name_plural = _("places of schools")

    def __str__(self) -> str:
        return self.school.name

    @property
    def left(self) -> int:
        """Return how many places can still be given."""
        return self.places - self.taken


class SchoolingApplication(BaseModel):
    """What a holder asks for a child in a season; it follows its request.

    `child_index` is the child's document as a blind index: one child, one live application a season, whichever
    parent files it. It is live until it is declined, withdrawn or closed.

    .. pii: refers to a child; the child's own data is encrypted in the registry
    """

    request = models.OneToOneField(PerkRequest, models.CASCADE, related_name="schooling")
    season = models.ForeignKey(SchoolSeason, models.PROTECT, related_name="applications")
    child = models.ForeignKey(FamilyMember, models.PROTECT, related_name="schooling_applications")
    child_index = models.CharField(max_length=64)
    is_live = models.BooleanField(default=True)
    guardian_consent_at = models.DateTimeField(_("guardian's consent"))
    placed_at = models.ForeignKey(
        SchoolPlaces, models.PROTECT, null=True, related_name="placements", verbose_name=_("school given")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["season", "child_index"],
                condition=Q(is_live=True),
                name="one_application_per_child_and_season",
            )
        ]
        verbose_name = _("schooling application")
        verbose_name_plural = _("schooling applications")

    def __str__(self) -> str:
        return str(self.request_id)


class SchoolPreference(BaseModel):
    """A school a holder would like for the child, in order. .. no_pii:"""

    application = models.ForeignKey(SchoolingApplication, models.CASCADE, related_name="preferences")
    rank = models.PositiveSmallIntegerField(_("rank"))
    places = models.ForeignKey(SchoolPlaces, models.PROTECT, related_name="+", verbose_name=_("school"))

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["application", "rank"], name="one_school_per_rank"),
            models.UniqueConstraint(fields=["application", "places"], name="school_preferred_once"),
            models.CheckConstraint(condition=Q(rank__range=(1, 3)), name="three_schools_at_most"),
        ]
        verbose_name = _("preferred school")
        verbose_name_plural = _("preferred schools")

    def __str__(self) -> str:
        return f"{self.rank}. {self.places_id}"
