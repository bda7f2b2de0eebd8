"""What waits for whom."""

import datetime as dt
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from cards.nominations import rules
from cards.nominations.choices import APPEALS_DESK, NominationStatus, Step
from cards.nominations.models import (
    IntegrityCheck,
    IntegrityRuling,
    Nomination,
    NominationQuerySet,
    Objection,
    Question,
    Review,
    SuspectedDuplicate,
    Transition,
)
from cards.nominations.nearness import is_of_person, ties_of
from cards.nominations.queries.questions import with_answer_by
from cards.nominations.queries.window import filed_at_window_of
from talentcard.accounts.rules import Actor, has_role
from talentcard.casework import desks
from talentcard.casework import queries as casework


def inbox(user: Actor, *, at: dt.datetime) -> NominationQuerySet:
    """Return what waits for a user, the nearest deadline first.

    For reviewers without the cases they may not decide or a colleague has; for nominators and window clerks what was
    returned to them, or asked of them.
    """
    if user is None or not user.is_authenticated:
        return Nomination.objects.none()
    decidable = _decidable(user, casework.waits_for(user, at=at, path="item__"))
    own = []
    if organisation := rules.nominating_organisation(user):
        own.append(Q(nominator=organisation))
    if rules.is_window_clerk(user):
        own.append(filed_at_window_of(user))
    if not own:
        return _by_deadline(decidable)
    asked = _waits_on_nominator() & Q(*own, _connector=Q.OR)
    # Where the clock stands still for the nominator, the deadline is theirs.
    cases = with_answer_by(Nomination.objects.with_parties().filter(decidable | asked))
    corrections = Case(When(status=NominationStatus.RETURNED, then="correct_by"))
    deadline = Coalesce(corrections, "answer_by", "item__due_at")
    return cases.order_by(deadline.asc(nulls_last=True), "created_at", "id")


def _waits_on_nominator() -> Q:
    return Q(status=NominationStatus.RETURNED) | Q(pk__in=Question.objects.open().values("nomination"))


def held_by_others(user: Actor, *, at: dt.datetime) -> NominationQuerySet:
    """Return what a reviewer might decide if a colleague did not have it."""
    if user is None or not user.is_authenticated:
        return Nomination.objects.none()
    return _by_deadline(_decidable(user, casework.is_held_by_others(user, at=at, path="item__")))


def _by_deadline(waiting: Q) -> NominationQuerySet:
    cases = Nomination.objects.with_parties().filter(waiting)
    return cases.order_by(F("item__due_at").asc(nulls_last=True), "created_at", "id")


def _decidable(user: Any, is_theirs: Q) -> Q:
    # Mirrors rules.may_review, rules.may_handle_objections and rules.may_decide_appeal, for many at once. What may
    # keep any case from an officer is a "not exists" of its own: under an "or" PostgreSQL takes it for half of the
    # cases, and then rather sorts all that waits than go along the deadlines and stop after a page.
    decided = Review.objects.filter(nomination=OuterRef("pk"), reviewer=user.pk)
    moved = Transition.objects.filter(nomination=OuterRef("pk"), actor=user.pk)
    refusals = moved.filter(to_status=NominationStatus.REJECTED).exclude(from_status=NominationStatus.APPEALED)
    resolved = Objection.objects.filter(notice__nomination=OuterRef("pk"), resolved_by=user.pk)
    pairs = SuspectedDuplicate.objects.filter(Q(first=OuterRef("talent")) | Q(second=OuterRef("talent")))
    verdicts = pairs.filter(decided_by=user.pk)
    checks = IntegrityCheck.objects.filter(nomination=OuterRef("pk"), checked_by=user.pk)
    rulings = IntegrityRuling.objects.filter(nomination=OuterRef("pk"), decided_by=user.pk)
    decidable = is_theirs & _without_conflict(user) & ~Q(Exists(refusals.filter(nomination__appeal__isnull=False)))
    for step in Step:
        decidable &= ~Q(Exists(decided.filter(Exact(OuterRef("item__desk"), step.desk)).exclude(step=step)))
    if not has_role(user, desks.get(APPEALS_DESK).role):
        return decidable
    handled = Q(pk__in=[])
    asked = Question.objects.filter(nomination=OuterRef("pk"), asked_by=user.pk)
    for say in (moved, resolved, verdicts, checks, rulings, asked):
        handled |= Q(item__desk=APPEALS_DESK) & Q(Exists(say))
    return decidable & ~handled


def _without_conflict(user: Any) -> Q:
    # Mirrors rules.has_conflict. Nullable columns: "not equal" must hold for NULL as well.
    free = ~Q(filed_by=user.pk)
    for tie in ties_of(user):
        free &= ~is_of_person(tie)
    if user.organisation_id is None:
        return free
    return (
        free
        & ~Q(nominator=user.organisation_id)
        & (Q(office=None) | ~Q(office=user.organisation_id))
        & (Q(employer=None) | ~Q(employer=user.organisation_id))
    )
