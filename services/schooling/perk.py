"""Schooling: a place at a school for a holder's child, in a season, decided by an officer."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.perks.eligibility import Condition, PerkContext
from services.perks.models import PerkRequest
from services.perks.registry import Fact, Perk, register
from services.schooling import operations, views
from services.schooling.forms import PlacementForm, SchoolingRequestForm
from services.schooling.models import SchoolSeason
from talentcard.accounts.models import User


@register
class Schooling(Perk):
    slug = "schooling"
    name = gettext_lazy("A school place for your child")
    summary = gettext_lazy("Kindergarten to senior secondary: name up to three schools, an officer finds a place.")
    icon = "building"
    department = "schooling"
    working_days = 15
    request_form = SchoolingRequestForm
    grant_form = PlacementForm

    def facts(self, context: PerkContext) -> list[Fact]:
        """Say how many children can be asked for, and what is needed."""
        return [
            {"label": _("For whom"), "value": _("Each of your children, once a season")},
            {"label": _("You need"), "value": _("The child's identity document, and your consent as guardian")},
            {
                "label": _("Schools"),
                "value": _("Schools and their places"),
                "url": reverse("perks:schooling-school-list"),
            },
        ]

    def conditions(self, context: PerkContext) -> list[Condition]:
        """Ask for an admitted tier and an open season."""
        seasons = list(SchoolSeason.objects.not_over(context.at).prefetch_related("tiers"))
        admitting = [s for s in seasons if context.tier_code in {tier.tier_code for tier in s.tiers.all()}]
        found = [_season_condition(admitting or seasons, context.at)]
        if seasons and context.card is not None:
            found.insert(0, _tier_condition(context, is_met=bool(admitting)))
        return found

    def on_submitted(self, *, actor: User, request: PerkRequest, details: Mapping[str, Any], at: dt.datetime) -> None:
        """Keep the child, the season and the schools."""
        operations.file_application(actor=actor, request=request, details=details, at=at)

    def on_granted(self, *, actor: User, request: PerkRequest, details: Mapping[str, Any], at: dt.datetime) -> None:
        """Give the child a place."""
        operations.place_child(actor=actor, request=request, places=details["places"], at=at)

    def on_refused(self, *, request: PerkRequest, at: dt.datetime) -> None:
        """Let the child be applied for again."""
        operations.release_application(request=request)

    def request_facts(self, request: PerkRequest) -> list[Fact]:
        """Show the child, the season, the wishes and the place."""
        application = request.schooling
        wishes = application.preferences.select_related("places__school")
        facts: list[Fact] = [
            {"label": _("Season"), "value": application.season.name},
            {"label": _("Child's name"), "value": application.child.name},
            {"label": _("Child's date of birth"), "value": application.child.birth_date},
            {"label": _("Schools wished for"), "value": "\n".join(f"{w.rank}. {w.places.school.name}" for w in wishes)},
        ]
        if application.placed_at is not None:
            facts.append({"label": _("School given"), "value": application.placed_at.school.name})
        return facts

    def urls(self) -> list[URLPattern | URLResolver]:
        """Add the list of schools."""
        return [path("schools/", views.school_list, name="schooling-school-list")]


def _tier_condition(context: PerkContext, *, is_met: bool) -> Condition:
    tier = context.card.tier.name if context.card else ""
    reason = (
        _("Your tier, %(tier)s, may ask.") if is_met else _("No season announced so far is for your tier, %(tier)s.")
    )
    return Condition(code="tier", is_met=is_met, reason=reason % {"tier": tier})


def _season_condition(seasons: list[SchoolSeason], at: dt.datetime) -> Condition:
    """Say which season is open, else which opens next; seasons come in order of opening."""
    if not seasons:
        return Condition(
            code="season",
            is_met=False,
            reason=_("No season is announced yet. The education department announces the next one here."),
        )
    is_open = seasons[0].opens_at <= at
    # Of several open ones, the one that closes last says how long there is time.
    season = max((s for s in seasons if s.opens_at <= at), key=lambda s: s.closes_at, default=seasons[0])
    return Condition(
        code="season",
        is_met=is_open,
        reason=operations.window_reason(season, at),
        opens_at=None if is_open else season.opens_at,
    )
