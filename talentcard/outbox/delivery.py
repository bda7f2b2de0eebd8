"""Run entries: claim them, do the work, mark them done."""

import logging
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from talentcard.outbox import operations, registry
from talentcard.outbox.models import Entry

log = logging.getLogger(__name__)


def deliver(*, entry_id: UUID, fence: int) -> bool:
    """Run the entry a message names, with others of a task that takes several; return whether all ran to their end.

    An error of the task is logged and the entry put back: the outbox, not the broker, repeats it.
    """
    entry = operations.claim(entry_id=entry_id, fence=fence, at=timezone.now())
    if entry is None:
        log.info("entry %s fence %s is not ours to run", entry_id, fence)
        return False
    try:
        return _run_or_put_back([entry, *_others(entry)])
    finally:
        operations.relay(queue=entry.queue, at=timezone.now())


def _others(entry: Entry) -> list[Entry]:
    batch = registry.batch_of(entry.task)
    if batch == 1 or entry.attempts > 1:
        return []
    try:
        return operations.claim_more(entry=entry, limit=batch - 1, at=timezone.now())
    except OperationalError as error:
        # Without the others, then: they have messages of their own.
        log.warning("entry %s runs alone (%s)", entry.pk, type(error).__name__)
        return []


def _run_or_put_back(entries: list[Entry]) -> bool:
    try:
        _run(entries)
    except Exception as error:
        if len(entries) > 1:
            log.warning("a batch of %s failed (%s): each runs alone", entries[0].task, type(error).__name__)
            results = [_run_alone(entry) for entry in entries]
            return all(results)
        [entry] = entries
        if isinstance(error, operations.StaleFence):
            log.warning("entry %s was taken over while it ran; its work was undone", entry.pk)
            return False
        log.exception("task %s failed, attempt %s", entry.task, entry.attempts)
        operations.fail(entry=entry, error=error, at=timezone.now())
        return False
    return True


def _run_alone(entry: Entry) -> bool:
    # The batch has used up some of the lease, and the others before this one will.
    if not operations.renew(entry=entry, at=timezone.now()):
        log.warning("entry %s was taken over before its turn", entry.pk)
        return False
    return _run_or_put_back([entry])


def _run(entries: list[Entry]) -> None:
    task = registry.get(entries[0].task)
    arguments = {"batch": [entry.kwargs for entry in entries]} if task.batch > 1 else entries[0].kwargs
    if not task.atomic:
        task.body(**arguments)
        operations.finish(entries=entries, at=timezone.now())
        return
    with transaction.atomic():
        task.body(**arguments)
        operations.finish(entries=entries, at=timezone.now())
