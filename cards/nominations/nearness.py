"""Who is too near to a person to decide about them: shared by the rules of nominations and of direct issues."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from cards.nominations.models import Recusal
from cards.talents.models import Employment, Talent
from talentcard.accounts.rules import Actor


def is_too_near(user: Actor, talent: Talent) -> bool:
    """Tell whether it is the person, works for the person's employer, or has declared a tie to them.

    A tie to any record of the person counts. One query for a talent object's whole life, since a page asks many times;
    who decides loads the record under its lock.
    """
    if user is None or (talent.user_id is not None and talent.user_id == user.pk):
        return True
    answers: dict[Any, bool] = talent.__dict__.setdefault("_near", {})
    if user.pk not in answers:
        tied = reduce(or_, (Q(Exists(tie.filter(person=talent.person_id))) for tie in ties_of(user)))
        answers[user.pk] = Talent.objects.filter(tied, pk=talent.pk).exists()
    return answers[user.pk]


def ties_of(user: Any) -> list[QuerySet[Any]]:
    """Return what ties a user to people, each with the `person`, as in `Talent.person_id`: see `is_of_person`."""
    ties: list[QuerySet[Any]] = [Recusal.objects.standing().filter(officer=user.pk)]
    if getattr(user, "organisation_id", None) is not None:
        ties.append(Employment.objects.filter(employer=user.organisation_id, until=None))
    people = [tie.annotate(person=Coalesce(F("talent__same_as"), F("talent"))) for tie in ties]
    return [*people, Talent.objects.filter(user=user.pk, user__isnull=False).annotate(person=Coalesce("same_as", "pk"))]


def is_of_person(tie: QuerySet[Any]) -> Q:
    """Return the condition that a tie is to the person whom a row's `talent` is a record of: to leave them out."""
    return Q(Exists(tie.filter(person=Coalesce(OuterRef("talent__same_as"), OuterRef("talent")))))
