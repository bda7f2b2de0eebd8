"""Run one entry: claim it, do the work, mark it done."""

import logging
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from talentcard.outbox import operations, registry
from talentcard.outbox.models import Entry

log = logging.getLogger(__name__)


def deliver(*, entry_id: UUID, fence: int) -> bool:
    """Run the entry a message names; return whether it ran to its end.

    An error of the task is logged and the entry put back: the outbox, not the broker, repeats it.
    """
    entry = operations.claim(entry_id=entry_id, fence=fence, at=timezone.now())
    if entry is None:
        log.info("entry %s fence %s is not ours to run", entry_id, fence)
        return False
    try:
        _run(entry)
    except operations.StaleFence:
        log.warning("entry %s was taken over while it ran; its work was undone", entry_id)
        return False
    except Exception as error:
        log.exception("task %s failed, attempt %s", entry.task, entry.attempts)
        operations.fail(entry=entry, error=error, at=timezone.now())
        return False
    finally:
        operations.relay(queue=entry.queue, at=timezone.now())
    return True


def _run(entry: Entry) -> None:
    task = registry.get(entry.task)
    if not task.atomic:
        task.body(**entry.kwargs)
        operations.finish(entry=entry, at=timezone.now())
        return
    with transaction.atomic():
        task.body(**entry.kwargs)
        operations.finish(entry=entry, at=timezone.now())
