"""Which cases a user may read, and what they may do with one."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cards.nominations import rules
from cards.nominations.choices import NominationStatus, ObjectionStatus, Step
from cards.nominations.models import Nomination, NominationQuerySet, Transition
from cards.nominations.queries.notices import objections_to
from cards.nominations.queries.window import filed_at_window_of
from talentcard.accounts.models import User
from talentcard.accounts.rules import Actor, assignments, is_auditor, is_head
from talentcard.casework import queries as casework
from talentcard.casework.models import DecisionDocument


def visible_to(user: Actor) -> NominationQuerySet:
    """Return the nominations a user may read.

    A nominator: those of the own organisation. A window clerk: those filed at the window, in the clerk's scope.
    Reviewers: those filed in their scope, for the second review from that step or an appeal on. The head of an
    office: those that wait there. A nominee: the own. An auditor: all.
    """
    nominations = Nomination.objects.with_parties()
    if is_auditor(user):
        return nominations
    if user is None or not user.is_authenticated:
        return nominations.none()
    seen = Q(talent__user=user.pk, submitted_at__isnull=False)
    if organisation := rules.nominating_organisation(user):
        seen |= Q(nominator=organisation)
    if rules.is_window_clerk(user):
        seen |= filed_at_window_of(user)
    seen |= _scope(user, Step.PRELIMINARY) & Q(submitted_at__isnull=False)
    # A case refused before the second review comes to its reviewers with an appeal.
    theirs = [NominationStatus.SECOND_REVIEW, NominationStatus.APPEALED]
    reached = Transition.objects.filter(nomination=OuterRef("pk"), to_status__in=theirs)
    if assignments(user, rules.ROLE_OF_STEP[Step.SECOND]):
        seen |= _scope(user, Step.SECOND) & Q(Exists(reached))
    if rules.is_reviewer(user):
        # What they took on stays theirs, also when its delegation has ended.
        seen |= Q(item__assignee=user.pk)
    if isinstance(user, User) and is_head(user):
        seen |= Q(item__in=casework.of_office(user, at=timezone.now()).order_by())
    return nominations.filter(seen)


def actions_open_to(user: Actor, nomination: Nomination) -> list[str]:
    """Return what a user may do with a case now, by the names of the operations."""
    actions = {
        "update_draft": rules.may_edit(user, nomination),
        "submit": rules.may_edit(user, nomination),
        "withdraw": rules.may_withdraw(user, nomination),
        "review_preliminary": rules.may_review(user, nomination, Step.PRELIMINARY),
        "review_second": rules.may_review(user, nomination, Step.SECOND),
        "lodge_appeal": rules.may_appeal(user, nomination, at=timezone.now()),
        "decide_appeal": rules.may_decide_appeal(user, nomination),
        "resolve_objection": nomination.status == NominationStatus.PUBLIC_NOTICE
        and rules.may_handle_objections(user, nomination)
        and objections_to(nomination).filter(status=ObjectionStatus.OPEN).exists(),
    }
    return [name for name, is_open in actions.items() if is_open]


def decisions_open_to(user: Actor, nomination: Nomination) -> QuerySet[DecisionDocument]:
    """Return the decisions about a case that a user who sees it may read, oldest first."""
    is_party = not rules.may_read_all_decisions(user, nomination)
    return casework.decisions_about([nomination.pk], addressed_to=user if is_party else None)


def _scope(user: Actor, step: Step) -> Q:
    """Return the condition that a user's assignments as reviewer of a step cover a nomination; none: nothing."""
    covered = Q(pk__in=[])
    for entry in assignments(user, rules.ROLE_OF_STEP[step]):
        part = Q()
        if entry.district:
            part &= Q(district=entry.district)
        if entry.tier:
            part &= Q(tier__code=entry.tier)
        if not part:
            return Q(pk__isnull=False)
        covered |= part
    return covered


@dataclass(frozen=True)
class Room:
    """How many more documents a case takes, and how many more bytes; below zero where it holds too much."""

    count: int
    size: int


def room_for_evidence(nomination: Nomination) -> Room:
    """Return what a case still takes: one query. Ask under its lock before something is added."""
    return room_beside(nomination.evidence.values_list("document__size", flat=True))


def room_beside(sizes: Collection[int]) -> Room:
    """Return what a case still takes that holds documents of these sizes."""
    return Room(
        count=settings.DOCUMENTS_PER_CASE - len(sizes),
        size=settings.DOCUMENTS_PER_CASE_BYTES - sum(sizes),
    )
