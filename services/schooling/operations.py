"""Keep what a holder asks for a child, and give the child a place."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.talents.choices import Relation
from cards.talents.models import FamilyMember
from cards.talents.operations import IdentityInput, add_family_member
from services.perks.eligibility import local_date
from services.perks.models import PerkRequest
from services.schooling.models import SchoolingApplication, SchoolPlaces, SchoolPreference, SchoolSeason
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, InvalidInput
from talentcard.core.transactions import atomic_operation


class SeasonNotOpen(DomainError):
    """The season's window is not open, or not for this tier."""

    code = "season_not_open"
    message = gettext_lazy("Enrolment in this season is not open to you.")


class ChildAlreadyApplied(DomainError):
    """Somebody asked for this child in this season already; who is not told."""

    code = "child_already_applied"
    message = gettext_lazy("There is a live request for this child in this season already.")


class NoPlaceLeft(DomainError):
    """The school's places in the season are all given."""

    code = "no_place_left"
    message = gettext_lazy("%(school)s has no place left in this season.")


class SchoolNotInSeason(DomainError):
    """The school takes part in another season."""

    code = "school_not_in_season"
    message = gettext_lazy("This school takes no part in this season.")


@atomic_operation
def file_application(
    *, actor: User, request: PerkRequest, details: Mapping[str, Any], at: dt.datetime
) -> SchoolingApplication:
    """Keep a request's child, season and preferred schools.

    :raises SeasonNotOpen: if the season does not take requests of this holder now
    :raises InvalidInput: naming every field at fault
    :raises ChildAlreadyApplied: if the child has a live application in the season
    """
    season: SchoolSeason = details["season"]
    if not SchoolSeason.objects.open(at).for_tier(request.card.tier.code).filter(pk=season.pk).exists():
        raise SeasonNotOpen(field="season")
    schools: list[SchoolPlaces] = details["schools"]
    _ensure_sound(season, schools, details)
    child = _register_child(actor, request, details, at=at)
    application = SchoolingApplication(
        request=request, season=season, child=child, child_index=child.identity_index, guardian_consent_at=at
    )
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError as error:
        raise ChildAlreadyApplied from error
    SchoolPreference.objects.bulk_create(
        SchoolPreference(application=application, rank=rank, places=places)
        for rank, places in enumerate(schools, start=1)
    )
    # The district of the first wish handles it, not the district the holder lives in.
    request.district = schools[0].school.district
    return application


@atomic_operation
def place_child(*, actor: User, request: PerkRequest, places: SchoolPlaces, at: dt.datetime) -> SchoolingApplication:
    """Give a child a place at a school.

    :raises SchoolNotInSeason: if the school takes no part in the application's season
    :raises NoPlaceLeft: if its places are all given
    """
    application = SchoolingApplication.objects.select_for_update().get(request=request)
    if places.season_id != application.season_id:
        raise SchoolNotInSeason(field="places")
    # The condition is in the statement: officers who place at once are judged one after the other.
    given = SchoolPlaces.objects.filter(pk=places.pk, taken__lt=F("places")).update(taken=F("taken") + 1, updated_at=at)
    if not given:
        raise NoPlaceLeft(field="places", school=places.school.name)
    application.placed_at = places
    application.save(update_fields=["placed_at", "updated_at"])
    record(actor=actor, action="schooling.placed", target=application, data={"places": str(places.pk)})
    return application


@atomic_operation
def release_application(*, request: PerkRequest) -> None:
    """Let the child be applied for again."""
    SchoolingApplication.objects.filter(request=request).update(is_live=False)


def _ensure_sound(season: SchoolSeason, schools: list[SchoolPlaces], details: Mapping[str, Any]) -> None:
    errors = []
    if not season.admits_birth(details["birth_date"]):
        message = _("This season is for children born from %(start)s to %(end)s.")
        facts = {"start": season.born_from.isoformat(), "end": season.born_until.isoformat()}
        errors += InvalidInput.of("birth_date", "age", message % facts).errors
    if any(places.season_id != season.pk for places in schools):
        message = _("Choose schools that take part in %(season)s.") % {"season": season.name}
        errors += InvalidInput.of("school_1", "season", message).errors
    if not schools or len({places.pk for places in schools}) != len(schools):
        errors += InvalidInput.of("school_1", "schools", _("Choose one to three different schools.")).errors
    if details.get("guardian_consent") is not True:
        message = _("A child's data may be used only with the guardian's consent.")
        errors += InvalidInput.of("guardian_consent", "required", message).errors
    if errors:
        raise InvalidInput(errors)


def _register_child(actor: User, request: PerkRequest, details: Mapping[str, Any], *, at: dt.datetime) -> FamilyMember:
    return add_family_member(
        actor=actor,
        talent=request.holder,
        relation=Relation.CHILD,
        name=details["name"],
        birth_date=details["birth_date"],
        identity=IdentityInput(
            kind=details["identity_kind"],
            number=details["identity_number"],
            issuing_region=details.get("issuing_region", ""),
        ),
        at=at,
    )


def window_reason(season: SchoolSeason, at: dt.datetime) -> str:
    """Say when a season takes requests, in the reader's language."""
    facts = {"season": season.name, "opens": local_date(season.opens_at), "closes": local_date(season.closes_at)}
    if at < season.opens_at:
        return _("%(season)s opens on %(opens)s.") % facts
    return _("%(season)s is open until %(closes)s.") % facts
