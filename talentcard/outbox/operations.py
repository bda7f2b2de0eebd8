"""Write work into the outbox, hand it to the broker, and finish it exactly once.

The database is the truth on every broker. A message only says "entry E, fence F": a worker acts on it if it can
turn E from sent to running under that very fence, so a message delivered twice, or delivered after the entry was
sent again, does nothing. What a dead broker or worker forgot is sent again when its lease runs out.
"""

import datetime as dt
import logging
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from talentcard.outbox.choices import OUT, EntryStatus
from talentcard.outbox.models import Entry

log = logging.getLogger(__name__)

DELIVERY_TASK = "outbox.deliver"
MAX_BACKOFF = dt.timedelta(minutes=30)


class StaleFence(Exception):
    """The entry was sent again while this worker held it: what it did must not be kept."""


def enqueue(task: str, *, queue: str = "default", run_at: dt.datetime | None = None, **ids: UUID | int | str) -> Entry:
    """Write a task into the outbox in the caller's transaction; it is sent once that commits.

    :param ids: what the task needs to find its work, as keyword arguments; never personal data
    """
    entry = Entry(task=task, queue=queue, kwargs=_as_json(ids), run_at=run_at or timezone.now())
    entry.save(force_insert=True)
    if run_at is None:
        _relay_after_commit(queue)
    return entry


def enqueue_each(task: str, batch: Iterable[Mapping[str, UUID | int | str]], *, queue: str = "default") -> None:
    """Write a task into the outbox for each of a batch of arguments, like `enqueue`, in one statement."""
    now = timezone.now()
    entries = [Entry(task=task, queue=queue, kwargs=_as_json(ids), run_at=now) for ids in batch]
    if entries:
        Entry.objects.bulk_create(entries)
        _relay_after_commit(queue)


def _as_json(ids: Mapping[str, UUID | int | str]) -> dict[str, int | str]:
    return {name: value if isinstance(value, int) else str(value) for name, value in ids.items()}


def _relay_after_commit(queue: str) -> None:
    """Relay a queue when the transaction commits: once, however many entries it wrote.

    Every entry asks for it, because the savepoint of any one of them may be rolled back; the first that is called does
    the work of all.
    """
    marks: set[str] = transaction.get_connection().__dict__.setdefault("outbox_queues_to_relay", set())
    marks.add(queue)

    def relay_if_marked() -> None:
        if queue in marks:
            marks.discard(queue)
            relay(queue=queue, at=timezone.now())

    transaction.on_commit(relay_if_marked, robust=True)


def relay(*, queue: str, at: dt.datetime) -> int:
    """Send what waits in a queue to the broker, up to the window; return how many were sent."""
    with transaction.atomic():
        room = settings.OUTBOX_WINDOW - Entry.objects.filter(queue=queue, status__in=OUT).count()
        if room <= 0:
            return 0
        waiting = Entry.objects.filter(queue=queue, status=EntryStatus.WAITING, run_at__lte=at)
        waiting = waiting.order_by("run_at", "created_at")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        entries = list(waiting[:room])
        for entry in entries:
            entry.fence += 1
        Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
            status=EntryStatus.SENT, fence=F("fence") + 1, leased_until=at + _lease(), updated_at=at
        )
    for entry in entries:
        _publish(entry)
    return len(entries)


def sweep(*, at: dt.datetime) -> int:
    """Take back what was sent or started and never finished, and relay all that is due; return how many were sent.

    What was started as often as it may be, and took its worker down each time, is given up.
    """
    lost = Entry.objects.filter(status__in=OUT, leased_until__lt=at)
    lost.filter(status=EntryStatus.RUNNING, attempts__gte=settings.OUTBOX_MAX_ATTEMPTS).update(
        status=EntryStatus.DEAD, leased_until=None, last_error="WorkerLost", updated_at=at
    )
    lost.update(status=EntryStatus.WAITING, leased_until=None, updated_at=at)
    due = Entry.objects.filter(status=EntryStatus.WAITING, run_at__lte=at)
    queues = due.values_list("queue", flat=True).distinct().order_by()
    return sum(relay(queue=queue, at=at) for queue in list(queues))


def try_again(*, entry_ids: Collection[UUID], at: dt.datetime) -> int:
    """Have entries that were given up tried anew, as often as new ones; return how many there were."""
    revived = Entry.objects.filter(pk__in=entry_ids, status=EntryStatus.DEAD).update(
        status=EntryStatus.WAITING, attempts=0, run_at=at, updated_at=at
    )
    sweep(at=at)
    return revived


def claim(*, entry_id: UUID, fence: int, at: dt.datetime) -> Entry | None:
    """Start on an entry if the message that asked for it is the latest one sent; else return None."""
    claimed = Entry.objects.filter(pk=entry_id, fence=fence, status=EntryStatus.SENT).update(
        status=EntryStatus.RUNNING, leased_until=at + _lease(), attempts=F("attempts") + 1, updated_at=at
    )
    return Entry.objects.get(pk=entry_id) if claimed else None


def claim_more(*, entry: Entry, limit: int, at: dt.datetime) -> list[Entry]:
    """Start on others of a claimed entry's task that were sent too; their own messages will find them taken.

    Only on such as nobody has tried: one that kills its worker would take the same others down every time.
    """
    with transaction.atomic():
        others = Entry.objects.filter(queue=entry.queue, task=entry.task, status=EntryStatus.SENT, attempts=0)
        others = others.order_by("run_at", "created_at")
        if connection.features.has_select_for_update_skip_locked:
            others = others.select_for_update(skip_locked=True)
        claimed = list(others[:limit])
        Entry.objects.filter(pk__in=[other.pk for other in claimed]).update(
            status=EntryStatus.RUNNING, leased_until=at + _lease(), attempts=F("attempts") + 1, updated_at=at
        )
    for other in claimed:
        other.attempts += 1
    return claimed


def finish(*, entries: Collection[Entry], at: dt.datetime) -> None:
    """Mark entries done.

    :raises StaleFence: if one was sent again meanwhile; raised inside a transaction it undoes the work
    """
    with transaction.atomic():
        for fence in {entry.fence for entry in entries}:
            ids = [entry.pk for entry in entries if entry.fence == fence]
            done = Entry.objects.filter(pk__in=ids, fence=fence, status=EntryStatus.RUNNING).update(
                status=EntryStatus.DONE, leased_until=None, done_at=at, updated_at=at
            )
            if done != len(ids):
                raise StaleFence(", ".join(map(str, ids)))


def renew(*, entry: Entry, at: dt.datetime) -> bool:
    """Extend the lease of an entry that is being run; return False if it was sent again meanwhile."""
    running = Entry.objects.filter(pk=entry.pk, fence=entry.fence, status=EntryStatus.RUNNING)
    return bool(running.update(leased_until=at + _lease(), updated_at=at))


def fail(*, entry: Entry, error: BaseException, at: dt.datetime) -> None:
    """Put an entry back with exponential backoff, or give it up after too many attempts."""
    status = EntryStatus.DEAD if entry.is_exhausted else EntryStatus.WAITING
    backoff = min(dt.timedelta(seconds=2 ** min(entry.attempts, 12)), MAX_BACKOFF)
    # The type only: a message could quote personal data.
    Entry.objects.filter(pk=entry.pk, fence=entry.fence, status=EntryStatus.RUNNING).update(
        status=status, leased_until=None, run_at=at + backoff, last_error=type(error).__name__, updated_at=at
    )


def _lease() -> dt.timedelta:
    return dt.timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def _publish(entry: Entry) -> None:
    from kombu.exceptions import OperationalError

    from talentcard.celery import app

    try:
        app.send_task(
            DELIVERY_TASK, kwargs={"entry_id": str(entry.pk), "fence": entry.fence}, queue=entry.queue, retry=False
        )
    except (OperationalError, OSError) as error:
        # The entry keeps its lease; the sweep sends it again when the broker is back.
        log.warning("broker unreachable (%s): entry %s waits for the sweep", type(error).__name__, entry.pk)
