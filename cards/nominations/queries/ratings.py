"""How a case's parties rated its handling."""

from cards.nominations.choices import RATING_KIND
from cards.nominations.models import Nomination
from talentcard.accounts.models import Organisation
from talentcard.accounts.rules import Actor
from talentcard.casework import rating_queries
from talentcard.casework.models import Rating


def office_that_decided(nomination: Nomination) -> Organisation | None:
    """Return the office of the officer who reviewed a case last; None for one that nobody reviewed."""
    review = nomination.reviews.select_related("reviewer__organisation").order_by("decided_at", "pk").last()
    return review.reviewer.organisation if review is not None else None


def rating_by(user: Actor, nomination: Nomination) -> Rating | None:
    """Return how a user rated a case, if they did."""
    return rating_queries.rating_by(user, kind=RATING_KIND, subject_id=nomination.pk)
