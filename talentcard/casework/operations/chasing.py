"""Remind who has an item before its deadline, and tell their head after it.

What is due is read from the items themselves, so nothing is forgotten while the service is down; the mark that it was
told commits with the messages, so nobody is told twice.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from talentcard.accounts.models import User
from talentcard.casework import queries, rules
from talentcard.casework.models import WorkItem
from talentcard.core.transactions import act_on_each, atomic_operation
from talentcard.notifications.operations import notify_each


def chase(*, at: dt.datetime) -> int:
    """Send the reminders and the escalations that are due; return how many."""
    reminded = act_on_each(lambda: _to_remind(at), lambda pk: remind(item_id=pk, at=at), what="a reminder")
    escalated = act_on_each(lambda: _to_escalate(at), lambda pk: escalate(item_id=pk, at=at), what="an escalation")
    return reminded + escalated


@atomic_operation
def remind(*, item_id: UUID, at: dt.datetime) -> bool:
    """Remind who has an item, or who might take it, that its deadline is near; return False if that is done."""
    item = _lock(_to_remind(at), item_id)
    if item is None:
        return False
    item.reminded_at = at
    item.save(update_fields=["reminded_at", "updated_at"])
    _tell("casework.due_soon", item, _in_charge(item, at))
    return True


@atomic_operation
def escalate(*, item_id: UUID, at: dt.datetime) -> bool:
    """Tell who has an item, and their head, that its deadline has passed; return False if that is done."""
    item = _lock(_to_escalate(at), item_id)
    if item is None:
        return False
    item.escalated_at = at
    item.save(update_fields=["escalated_at", "updated_at"])
    in_charge = _in_charge(item, at)
    _tell("casework.overdue", item, in_charge)
    heads = set(queries.heads_of([item.assignee] if item.assignee else in_charge, at=at))
    _tell("casework.overdue_in_office", item, sorted(heads - set(in_charge), key=lambda head: head.username))
    return True


def _to_remind(at: dt.datetime) -> QuerySet[WorkItem]:
    # One that is overdue already is escalated instead.
    return WorkItem.objects.open().filter(remind_at__lte=at, reminded_at=None, due_at__gt=at)


def _to_escalate(at: dt.datetime) -> QuerySet[WorkItem]:
    return WorkItem.objects.open().filter(due_at__lte=at, escalated_at=None)


def _lock(due: QuerySet[WorkItem], item_id: UUID) -> WorkItem | None:
    return due.select_for_update().filter(pk=item_id).first()


def _in_charge(item: WorkItem, at: dt.datetime) -> list[User]:
    """Return who has an item, or the deputy of who is away; where nobody has it, who might take it."""
    if item.assignee is None:
        return [officer for officer in queries.told_of(item, at=at) if rules.may_handle(officer, item)]
    away = rules.absence_of(item.assignee.pk, at=at)
    deputy = away.deputy if away is not None else None
    return [deputy if deputy is not None and rules.may_handle(deputy, item) else item.assignee]


def _tell(event: str, item: WorkItem, recipients: Iterable[User]) -> None:
    # The deadline is part of the fact: one that was set anew is another.
    key = f"{item.pk}:{item.due_at:%Y%m%d%H%M%S}"
    facts = [(recipient, key, {"number": item.number}) for recipient in recipients]
    notify_each(event=event, facts=facts, url=item.get_absolute_url())
