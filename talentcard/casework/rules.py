"""Who may act on an item: pure predicates, shared by API, pages and operations."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from talentcard.accounts.models import User
from talentcard.accounts.rules import Actor, decides, has_role, is_auditor, is_head, keeps
from talentcard.casework import decision_kinds, desks, queries
from talentcard.casework.models import Absence, DecisionDocument, Rating, WorkItem


def covers(user: Actor, item: WorkItem) -> bool:
    """Tell whether an item is a user's to decide by the scope of their office, or was when they took it on."""
    role = desks.get(item.desk).role
    scope = {"district": item.district, "tier": item.tier, "department": item.department}
    if decides(user, role, **scope):
        return True
    return user is not None and item.assignee_id == user.pk and keeps(user, role, **scope)


def may_see(user: Actor, item: WorkItem) -> bool:
    """Tell whether a user knows of an item: in their scope, theirs, or of the office they head."""
    role = desks.get(item.desk).role
    is_assigned = has_role(user, role, district=item.district, tier=item.tier, department=item.department)
    return is_assigned or covers(user, item) or may_direct(user, item)


def may_handle(user: Actor, item: WorkItem) -> bool:
    """Tell whether a user may act on an item, whoever has it: in their scope, and not too near to its subject."""
    return covers(user, item) and desks.get(item.desk).may_handle(user, item.subject_id)


def is_free_for(user: Actor, item: WorkItem, *, at: dt.datetime) -> bool:
    """Tell whether nobody else has an item, or only somebody who may act no more, or is away and has this deputy."""
    if user is None or item.assignee is None or item.assignee.pk == user.pk or not covers(item.assignee, item):
        return True
    away = absence_of(item.assignee_id, at=at)
    return away is not None and away.deputy_id in (None, user.pk)


def absence_of(user_id: UUID | None, *, at: dt.datetime) -> Absence | None:
    """Return the absence on account of which a person does not work today."""
    today = timezone.localdate(at)
    return Absence.objects.filter(user=user_id, first_day__lte=today, last_day__gte=today).first()


def is_head_of(user: Actor, officer: User) -> bool:
    """Tell whether a user heads the office an officer works in."""
    return is_head(user) and getattr(user, "organisation_id", None) == officer.organisation_id


def are_colleagues(one: User, other: User) -> bool:
    """Tell whether two people work in the same office, both still."""
    is_same = one.organisation_id is not None and one.organisation_id == other.organisation_id
    return is_same and one.is_active and other.is_active


def may_direct(user: Actor, item: WorkItem) -> bool:
    """Tell whether a user may give an item to somebody: who has it, or the head of who has it or might take it.

    A head who is too near to its subject may not choose who acts on it.
    """
    if not isinstance(user, User):
        return False
    if item.assignee_id == user.pk:
        return True
    if not is_head(user) or not desks.get(item.desk).may_handle(user, item.subject_id):
        return False
    if item.assignee is not None and is_head_of(user, item.assignee):
        return True
    if item.assignee is not None:
        return False
    return queries.officers_of(item, at=timezone.now()).filter(organisation=user.organisation_id).exists()


def may_read_decision(user: Actor, document: DecisionDocument) -> bool:
    """Tell whether a decision is addressed to a user in person, or the rules of its kind let them read it."""
    if not isinstance(user, User):
        return False
    is_addressee = document.addressees.filter(user=user.pk).exists()
    return is_addressee or decision_kinds.get(document.kind).may_read(user, document.subject_id)


def may_answer_rating(user: Actor, rating: Rating) -> bool:
    """Tell whether a user heads the office that a rating is about; nobody answers their own."""
    if user is None or not is_head(user) or rating.rated_by_id == user.pk:
        return False
    return rating.office_id is not None and rating.office_id == getattr(user, "organisation_id", None)


def may_read_satisfaction(user: Actor) -> bool:
    """Tell whether a user reads how satisfied people are: heads of their office, auditors of all."""
    return is_head(user) or is_auditor(user)


def may_read_rating(user: Actor, rating: Rating) -> bool:
    """Tell whether a user may read a rating: who gave it, who answers it, and the auditor."""
    if user is None or not user.is_authenticated:
        return False
    return rating.rated_by_id == user.pk or may_answer_rating(user, rating) or is_auditor(user)
