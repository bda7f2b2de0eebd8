"""How people rate the handling of what they asked for."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from talentcard.accounts.models import Organisation
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


def rating_of(*, kind: str, subject_id: UUID) -> Rating | None:
    """Return the first rating of a subject, if there is one: the only one, where one person is served."""
    return Rating.objects.filter(kind=kind, subject_id=subject_id).first()
