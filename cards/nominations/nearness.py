"""Who is too near to a person to decide about them: shared by the rules of nominations and of direct issues."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cards.nominations.models import Recusal
from cards.talents.models import Employment, Talent
from talentcard.accounts.rules import Actor


def is_too_near(user: Actor, talent: Talent) -> bool:
    """Tell whether it is the person, works for the person's employer, or has declared a tie to them: one query."""
    if user is None or (talent.user_id is not None and talent.user_id == user.pk):
        return True
    tied = reduce(or_, (Q(Exists(tie.filter(talent=OuterRef("pk")))) for tie in ties_of(user)))
    return Talent.objects.filter(tied, pk=talent.pk).exists()


def ties_of(user: Any) -> list[QuerySet[Any]]:
    """Return what ties a user to people, each with its `talent`: to leave those people out of a list."""
    ties: list[QuerySet[Any]] = [Recusal.objects.standing().filter(officer=user.pk)]
    if getattr(user, "organisation_id", None) is not None:
        ties.append(Employment.objects.filter(employer=user.organisation_id, until=None))
    return ties
