"""How people rate the handling of what they asked for."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from talentcard.accounts.models import Organisation, User
from talentcard.accounts.rules import Actor, is_auditor, is_head
from talentcard.casework.choices import FOLLOWED_UP, RatingLevel
from talentcard.casework.models import Rating


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """How many ratings there are of each level."""

    by_level: dict[RatingLevel, int]

    @property
    def total(self) -> int:
        """Return how many ratings there are."""
        return sum(self.by_level.values())

    @property
    def share(self) -> float | None:
        """Return the share of those at least basically satisfied, from 0 to 1; None where nobody has rated."""
        satisfied = sum(count for level, count in self.by_level.items() if level not in FOLLOWED_UP)
        return satisfied / self.total if self.total else None


def satisfaction(
    *, since: dt.datetime, until: dt.datetime, kind: str = "", office: Organisation | None = None
) -> Satisfaction:
    """Count the ratings of a time, of one kind or office or of all: one query."""
    ratings = Rating.objects.filter(at__gte=since, at__lt=until)
    if kind:
        ratings = ratings.filter(kind=kind)
    if office is not None:
        ratings = ratings.filter(office=office)
    counts = dict(ratings.order_by().values_list("level").annotate(Count("pk")))
    return Satisfaction(by_level={level: counts.get(level, 0) for level in RatingLevel})


def satisfaction_seen_by(user: User, *, since: dt.datetime, until: dt.datetime) -> Satisfaction:
    """Count the ratings of a time that a user answers for: of the office they head; for the auditor, all."""
    return satisfaction(since=since, until=until, office=None if is_auditor(user) else user.organisation)


def low_ratings_seen_by(user: User, *, since: dt.datetime, until: dt.datetime) -> QuerySet[Rating]:
    """Return the bad ratings of a time that a user answers for, the latest first: those of `satisfaction_seen_by`."""
    ratings = Rating.objects.filter(at__gte=since, at__lt=until, level__in=FOLLOWED_UP).order_by("-at", "id")
    if is_auditor(user):
        return ratings
    return ratings.filter(office=user.organisation_id) if is_head(user) else ratings.none()


def rating_of(*, kind: str, subject_id: UUID) -> Rating | None:
    """Return the first rating of a subject, if there is one: the only one, where one person is served."""
    return Rating.objects.filter(kind=kind, subject_id=subject_id).first()


def rating_by(user: Actor, *, kind: str, subject_id: UUID) -> Rating | None:
    """Return how a person rated a subject, if they did."""
    own = user.pk if user is not None else None
    return Rating.objects.filter(kind=kind, subject_id=subject_id, rated_by=own, rated_by__isnull=False).first()
