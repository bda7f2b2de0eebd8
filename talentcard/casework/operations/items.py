"""An item's arrival at a desk, its clock, and its end."""

import datetime as dt
from uuid import UUID

from talentcard.accounts.models import User
from talentcard.casework import desks
from talentcard.casework.models import WorkItem
from talentcard.core.transactions import atomic_operation
from talentcard.core.workdays import add_working_days, working_days_until


@atomic_operation
def open_item(
    *,
    desk: str,
    subject_id: UUID,
    number: str,
    at: dt.datetime,
    working_days: int | None,
    district: str = "",
    tier: str = "",
    department: str = "",
    assignee: User | None = None,
) -> WorkItem:
    """Put a subject on a desk.

    :param number: how people name the subject
    :param working_days: how long the desk may take; None sets no limit
    :param assignee: who has it from the start, such as the officer who asked for a correction
    :raises KeyError: if there is no such desk
    :raises CalendarUnknown: if the deadline would lie in a year whose holidays are unknown
    """
    desks.get(desk)
    item = WorkItem(
        desk=desk,
        subject_id=subject_id,
        number=number,
        district=district,
        tier=tier,
        department=department,
        assignee=assignee,
        opened_at=at,
    )
    _set_deadline(item, working_days, at)
    item.save(force_insert=True)
    return item


@atomic_operation
def close_item(*, item: WorkItem, actor: User | None, at: dt.datetime) -> None:
    """Note that an item was acted on; one that is closed stays as it is."""
    closed = WorkItem.objects.filter(pk=item.pk, closed_at=None).update(closed_at=at, closed_by=actor, updated_at=at)
    if closed:
        item.closed_at, item.closed_by = at, actor


@atomic_operation
def stop_clock(*, item: WorkItem, at: dt.datetime) -> WorkItem:
    """Stop an open item's clock and keep the working days that are left; a stopped one stays as it is.

    One that is overdue stays so: nobody gains time by asking late.
    """
    item = lock_item(item)
    if item.is_open and item.due_at is not None and at <= item.due_at:
        # Of its last day a part is left: nobody is to act on the evening, or the Saturday, of the day it goes on.
        item.days_left = max(1, working_days_until(item.due_at, at=at))
        item.due_at = item.remind_at = None
        item.save(update_fields=["days_left", "due_at", "remind_at", "updated_at"])
    return item


@atomic_operation
def restart_clock(*, item: WorkItem, at: dt.datetime) -> WorkItem:
    """Let a stopped clock go on, with the working days that were left; a running one stays as it is.

    :raises CalendarUnknown: if the deadline would lie in a year whose holidays are unknown
    """
    item = lock_item(item)
    if item.is_open and item.days_left is not None:
        days, item.days_left = item.days_left, None
        _set_deadline(item, days, at)
        item.save(update_fields=["days_left", "due_at", "remind_at", "reminded_at", "escalated_at", "updated_at"])
    return item


def lock_item(item: WorkItem) -> WorkItem:
    """Return an item as it is now, locked until the transaction ends."""
    # Nothing joined: a row that was waited for is read anew, but what is joined to it is not.
    return WorkItem.objects.select_for_update().get(pk=item.pk)


def _set_deadline(item: WorkItem, working_days: int | None, at: dt.datetime) -> None:
    item.reminded_at = item.escalated_at = None
    if working_days is None:
        item.due_at = item.remind_at = None
        return
    item.due_at = add_working_days(at, working_days)
    ahead = desks.get(item.desk).reminder_days
    # A limit no longer than the reminder's lead is announced by the item itself.
    item.remind_at = add_working_days(at, working_days - ahead) if working_days > ahead else None
