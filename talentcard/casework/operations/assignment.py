"""Who has an item: taken, put back, given to somebody."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework import rules
from talentcard.casework.models import Handover, WorkItem
from talentcard.casework.operations.items import lock_item
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.notifications.operations import notify

REASON_LENGTH = Handover._meta.get_field("reason").max_length or 0


class ItemClosed(DomainError):
    """Somebody has acted on it already."""

    code = "item_closed"
    message = _("%(number)s no longer waits here.")


class ItemTaken(DomainError):
    """A colleague has it."""

    code = "item_taken"
    message = _("%(name)s has taken on %(number)s.")


class OfficerUnfit(DomainError):
    """Whom it should go to may not act on it."""

    code = "officer_unfit"
    message = _("%(name)s may not act on %(number)s: it lies outside their scope, or they are too near to it.")


class OfficerAway(DomainError):
    """Whom it should go to does not work today."""

    code = "officer_away"
    message = _("%(name)s is away until %(day)s.")


@atomic_operation
def claim(*, actor: User, item: WorkItem, at: dt.datetime) -> WorkItem:
    """Take an item on; one that the actor has already stays as it is.

    :raises NotAllowed: if the actor may not act on it
    :raises ItemClosed: if it no longer waits
    :raises ItemTaken: if somebody else has it who is at work, or whose deputy is another
    """
    item = lock_item(item)
    if not rules.may_handle(actor, item):
        raise NotAllowed
    ensure_free(actor, item, at=at)
    if item.assignee_id == actor.pk:
        return item
    return _hand(item, actor=actor, to=actor, reason="", at=at)


@atomic_operation
def release(*, actor: User, item: WorkItem, at: dt.datetime) -> WorkItem:
    """Put an item back for all, the actor's own or one of the actor's office.

    :raises NotAllowed: if it is neither
    :raises ItemClosed: if it no longer waits
    """
    item = lock_item(item)
    if item.assignee is None:
        return item
    if not rules.may_direct(actor, item):
        raise NotAllowed
    _ensure_open(item)
    return _hand(item, actor=actor, to=None, reason="", at=at)


@atomic_operation
def hand_over(*, actor: User, item: WorkItem, to: User, reason: str, at: dt.datetime) -> WorkItem:
    """Give an item to somebody: one's own to a colleague, or as head of an office what lies with it.

    :raises InvalidInput: naming `reason`, if it is too long
    :raises NotAllowed: if the actor neither has it nor heads the office that it lies with
    :raises ItemClosed: if it no longer waits
    :raises OfficerUnfit: if the person may not act on it
    :raises OfficerAway: if the person does not work today
    """
    if len(reason) > REASON_LENGTH:
        raise InvalidInput.of("reason", "max_length", _("Give the reason in fewer words."))
    item = lock_item(item)
    if not rules.may_direct(actor, item):
        raise NotAllowed
    _ensure_open(item)
    if not to.is_active or not rules.may_handle(to, item):
        raise OfficerUnfit(field="to", name=str(to), number=item.number)
    if (away := rules.absence_of(to.pk, at=at)) is not None:
        raise OfficerAway(field="to", name=str(to), day=away.last_day.isoformat())
    if item.assignee_id == to.pk:
        return item
    return _hand(item, actor=actor, to=to, reason=reason, at=at)


def ensure_free(actor: User, item: WorkItem, *, at: dt.datetime) -> None:
    """Check that an item waits and that nobody else has it.

    :raises ItemClosed: if it no longer waits
    :raises ItemTaken: if somebody else has it who is at work, or whose deputy is another
    """
    _ensure_open(item)
    if not rules.is_free_for(actor, item, at=at):
        raise ItemTaken(name=str(item.assignee), number=item.number)


def _ensure_open(item: WorkItem) -> None:
    if not item.is_open:
        raise ItemClosed(number=item.number)


def _hand(item: WorkItem, *, actor: User, to: User | None, reason: str, at: dt.datetime) -> WorkItem:
    step = Handover.objects.create(item=item, from_user=item.assignee, to_user=to, by=actor, reason=reason, at=at)
    item.assignee = to
    item.save(update_fields=["assignee", "updated_at"])
    data = {"desk": item.desk, "subject": str(item.subject_id), "to": str(to.pk) if to else None}
    record(actor=actor, action="work_item.handed" if to else "work_item.released", target=item, data=data)
    if to is not None and to != actor:
        notify(
            event="casework.handed_to_you",
            recipient=to,
            key=str(step.pk),
            params={"number": item.number},
            url=item.get_absolute_url(),
        )
    return item
