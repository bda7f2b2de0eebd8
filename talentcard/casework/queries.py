"""Read items across people and their roles."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from talentcard.accounts.choices import DELEGABLE, Role
from talentcard.accounts.models import Delegation, DelegationQuerySet, Organisation, RoleAssignment, User
from talentcard.accounts.rules import (
    Actor,
    assignments,
    given_away,
    has_role,
    is_auditor,
    is_head,
    may_delegate,
    own_assignments,
    received,
)
from talentcard.casework import desks
from talentcard.casework.models import Absence, DecisionAddressee, DecisionDocument, WorkItem, WorkItemQuerySet

# A new item is announced to this many officers at most; the others find it in their inbox.
OFFICERS_TOLD = 50
Scoped = RoleAssignment | Delegation
BY_DEADLINE = (F("due_at").asc(nulls_last=True), "id")


def inbox(user: Actor, *, at: dt.datetime) -> WorkItemQuerySet:
    """Return what waits for an officer, the nearest deadline first: what is theirs, nobody's, or an absent one's."""
    return WorkItem.objects.filter(waits_for(user, at=at)).order_by(*BY_DEADLINE)


def waits_for(user: Actor, *, at: dt.datetime, path: str = "") -> Q:
    """Return the condition that an item waits for an officer: it is theirs, nobody's, or an absent one's.

    :param path: where the item is found from the rows that are asked for, as in "item__": a condition on what is
        joined, unlike a subquery, lets the database go along the deadlines and stop after a page
    """
    is_open = Q(**{f"{path}closed_at": None})
    return _is_turn_of(user, at, path) & is_open & _is_free_for(user, at, path)


def is_held_by_others(user: Actor, *, at: dt.datetime, path: str = "") -> Q:
    """Return the condition that an item waits in an officer's scope and somebody else has it; `path` as above."""
    is_open = Q(**{f"{path}closed_at": None})
    return _is_turn_of(user, at, path) & is_open & ~_is_free_for(user, at, path)


def held_by_others(user: Actor, *, at: dt.datetime) -> WorkItemQuerySet:
    """Return what waits in an officer's scope and somebody else has."""
    held = WorkItem.objects.filter(is_held_by_others(user, at=at))
    return held.select_related("assignee").order_by(*BY_DEADLINE)


def in_scope_of(user: Actor) -> WorkItemQuerySet:
    """Return the items, open and closed, that a user's assignments cover, and what they have."""
    own = user.pk if user is not None else None
    return WorkItem.objects.filter(_covered_by(assignments(user)) | Q(assignee=own, assignee__isnull=False))


def of_office(head: User, *, at: dt.datetime) -> WorkItemQuerySet:
    """Return the open items that somebody of a head's office has or might take."""
    theirs = RoleAssignment.objects.filter(in_force(at), user__organisation=head.organisation_id, user__is_active=True)
    has_one = Q(assignee__organisation=head.organisation_id) if head.organisation_id else Q(pk__in=[])
    mine = Q(from_office=head.organisation_id) | Q(to_office=head.organisation_id)
    delegations = list(Delegation.objects.in_force(at).filter(mine))
    given = [each for each in delegations if each.from_office_id == head.organisation_id]
    lent = [each for each in delegations if each not in given and each.role in {entry.role for entry in theirs}]
    free = WorkItem.objects.filter(_turn(theirs, given, lent), assignee=None).values("pk")
    items = WorkItem.objects.open().filter(has_one | Q(pk__in=free))
    return items.select_related("assignee").order_by(*BY_DEADLINE)


def officers_of(item: WorkItem, *, at: dt.datetime) -> QuerySet[User]:
    """Return the officers whose turn it is to decide an item: their office has not delegated it, or received it."""
    role, scope = desks.get(item.desk).role, {"district": item.district, "tier": item.tier}
    held = RoleAssignment.objects.filter(in_force(at), user=OuterRef("pk"), role=role)
    own = held.filter(department__in=["", item.department], **{f"{name}__in": ["", scope[name]] for name in scope})
    turn = Q(Exists(own))
    # Few at any moment, and none of most roles.
    moved = list(Delegation.objects.in_force(at).covering(**scope).filter(role=role)) if role in DELEGABLE else []
    if moved:
        turn &= ~Q(organisation__in=[each.from_office_id for each in moved])
        turn |= Q(organisation__in=[each.to_office_id for each in moved]) & Q(Exists(held))
    return User.objects.filter(turn, is_active=True).order_by("username")


def told_of(item: WorkItem, *, at: dt.datetime) -> list[User]:
    """Return who is told of what happens to an item: who has it, else the officers who might take it, up to a bound."""
    return [item.assignee] if item.assignee is not None else list(officers_of(item, at=at)[:OFFICERS_TOLD])


def heads_of(officers: Iterable[User], *, at: dt.datetime) -> QuerySet[User]:
    """Return the heads of the offices that people work in."""
    offices = {officer.organisation_id for officer in officers if officer.organisation_id is not None}
    entries = RoleAssignment.objects.filter(in_force(at), user=OuterRef("pk"), role=Role.HEAD)
    return User.objects.filter(Exists(entries), organisation__in=offices, is_active=True).order_by("username")


def heads_of_office(office: Organisation | None, *, at: dt.datetime) -> QuerySet[User]:
    """Return the heads of an office; of none, nobody."""
    entries = RoleAssignment.objects.filter(in_force(at), user=OuterRef("pk"), role=Role.HEAD)
    return User.objects.filter(
        Exists(entries), organisation=office, organisation__isnull=False, is_active=True
    ).order_by("username")


def delegations_seen_by(user: User) -> DelegationQuerySet:
    """Return the delegations a user reads: from and to their office; the auditor, all."""
    delegations = Delegation.objects.select_related("from_office", "to_office", "made_by", "withdrawn_by")
    if is_auditor(user):
        return delegations
    if user.organisation_id is None or not (may_delegate(user) or any(has_role(user, role) for role in DELEGABLE)):
        return delegations.none()
    return delegations.filter(Q(from_office=user.organisation_id) | Q(to_office=user.organisation_id))


def in_force(at: dt.datetime) -> Q:
    """Return the condition that an assignment's period covers a moment."""
    return (Q(valid_from=None) | Q(valid_from__lte=at)) & (Q(valid_until=None) | Q(valid_until__gt=at))


def may_declare_for(user: User) -> QuerySet[User]:
    """Return the people whose absences a user enters: the user, and as head of an office whoever works there."""
    people = User.objects.filter(is_active=True).order_by("username")
    if is_head(user):
        return people.filter(organisation=user.organisation_id)
    return people.filter(pk=user.pk)


def possible_deputies(user: User) -> QuerySet[User]:
    """Return the people of a user's own office."""
    if user.organisation_id is None:
        return User.objects.none()
    return User.objects.filter(organisation=user.organisation_id, is_active=True).order_by("username")


def coming_absences(people: QuerySet[User], *, at: dt.datetime) -> QuerySet[Absence]:
    """Return people's absences of today and later."""
    absences = Absence.objects.filter(user__in=people, last_day__gte=timezone.localdate(at))
    return absences.select_related("user", "deputy")


def decisions_about(subject_ids: Iterable[Any], *, addressed_to: Actor = None) -> QuerySet[DecisionDocument]:
    """Return the decisions about subjects, oldest first; only those addressed to a person, if one is named."""
    decisions = DecisionDocument.objects.filter(subject_id__in=subject_ids).defer("content")
    if addressed_to is not None:
        mine = DecisionAddressee.objects.filter(document=OuterRef("pk"), user=addressed_to.pk)
        decisions = decisions.filter(Exists(mine))
    return decisions


def _is_turn_of(user: Actor, at: dt.datetime, path: str) -> Q:
    # Mirrors rules.covers, for many at once.
    own, lent = own_assignments(user, at=at), received(user, at=at)
    turn = _turn(own, given_away(user, at=at), lent, path)
    before = received(user, at=at, is_over_too=True)
    if user is None or not (before or given_away(user, at=at)):
        return turn
    return turn | (Q(**{f"{path}assignee": user.pk}) & _covered_by([*own, *before], path))


def _turn(own: Iterable[Scoped], given: list[Delegation], lent: list[Delegation], path: str = "") -> Q:
    """Return the condition that it is an officer's or an office's turn to decide an item."""
    turn = _covered_by(own, path)
    if given:
        turn &= ~_covered_by(given, path)
    return turn | _covered_by(lent, path) if lent else turn


def _covered_by(entries: Iterable[Scoped], path: str = "") -> Q:
    slugs = _desks_by_role()
    covered = Q(pk__in=[])
    for entry in entries:
        if entry.role in slugs:
            part = Q(**{f"{path}desk__in": slugs[entry.role]})
            for name in ("district", "tier", "department"):
                if value := getattr(entry, name):
                    part &= Q(**{path + name: value})
            covered |= part
    return covered


def _is_free_for(user: Actor, at: dt.datetime, path: str) -> Q:
    # Mirrors rules.is_free_for, for many at once.
    today = timezone.localdate(at)
    away = Absence.objects.filter(first_day__lte=today, last_day__gte=today)
    own = user.pk if user is not None else None
    absent = away.filter(Q(deputy=None) | Q(deputy=own)).values("user")
    free = Q(**{f"{path}assignee": None}) | Q(**{f"{path}assignee": own}) | Q(**{f"{path}assignee__in": absent})
    # Nothing of other roles is the officer's turn, whoever has it.
    held: list[Scoped] = [*own_assignments(user, at=at), *received(user, at=at, is_over_too=True)]
    roles = {entry.role for entry in held}
    return free | _assignee_may_act_no_more(roles, at, path)


def _assignee_may_act_no_more(roles: set[str], at: dt.datetime, path: str) -> Q:
    lost = Q(**{f"{path}assignee__is_active": False})
    for role, slugs in _desks_by_role().items():
        if role not in roles:
            continue
        held = RoleAssignment.objects.filter(
            in_force(at),
            user=OuterRef(f"{path}assignee"),
            role=role,
            district__in=["", OuterRef(f"{path}district")],
            tier__in=["", OuterRef(f"{path}tier")],
            department__in=["", OuterRef(f"{path}department")],
        )
        may_act = Q(Exists(held)) | _had_by_delegation(role, at, path) if role in DELEGABLE else Q(Exists(held))
        lost |= Q(**{f"{path}desk__in": slugs, f"{path}assignee__isnull": False}) & ~may_act
    return lost


def _had_by_delegation(role: str, at: dt.datetime, path: str) -> Q:
    """Return the condition that who has an item could take it on because it was delegated to their office."""
    scope = {name: OuterRef(f"{path}{name}") for name in ("district", "tier")}
    theirs = Delegation.objects.begun(at).covering(**scope).filter(role=role)
    held = RoleAssignment.objects.filter(in_force(at), user=OuterRef(f"{path}assignee"), role=role)
    return Q(Exists(theirs.filter(to_office=OuterRef(f"{path}assignee__organisation")))) & Q(Exists(held))


def _desks_by_role() -> dict[str, list[str]]:
    slugs: dict[str, list[str]] = {}
    for desk in desks.all_desks():
        slugs.setdefault(desk.role, []).append(desk.slug)
    return slugs
