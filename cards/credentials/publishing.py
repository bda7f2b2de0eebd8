"""Write status lists where anybody may fetch them."""

import datetime as dt
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from talentcard_verifier import statuslist

from cards.credentials.choices import StatusValue
from cards.credentials.models import StatusEntry, StatusList
from cards.credentials.operations import ensure_signing_key, private_key
from cards.credentials.queries import needs_publishing, status_list_address
from talentcard.outbox.operations import enqueue

# The values of each list at a version. Whoever reads or changes one has its list's turn.
_bitmaps: dict[UUID, tuple[int, bytearray]] = {}


def status_list_path(number: int) -> Path:
    """Return the file of a list."""
    return Path(settings.PUBLIC_DIR) / "status" / f"{number}.cwt"


def publish_status_list(*, status_list_id: UUID, at: dt.datetime) -> bool:
    """Publish a list if its file is behind, missing or no longer fresh; return whether it was written.

    Publishers of one list take turns, and each reads what it writes in its own turn: a file is never replaced by an
    older one.
    """
    number = StatusList.objects.values_list("number", flat=True).get(pk=status_list_id)
    path = status_list_path(number)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _turn(path):
        status_list = StatusList.objects.get(pk=status_list_id)
        if path.exists() and not needs_publishing(status_list, at=at):
            return False
        # Never before the file it replaces: of two files, a desk keeps the one issued later.
        issued_at = max(at, status_list.published_at or at)
        _replace(path, _build(status_list, issued_at=issued_at))
        # Only forwards, whatever wrote meanwhile from a machine that does not share this folder's lock.
        StatusList.objects.filter(pk=status_list_id, published_version__lte=status_list.version).update(
            published_version=status_list.version, published_at=issued_at, updated_at=at
        )
    return True


def refresh_status_lists(*, at: dt.datetime) -> int:
    """Have every list published that a desk would soon call stale or that lacks a change; return how many."""
    due = [entry for entry in StatusList.objects.defer("secret") if needs_publishing(entry, at=at)]
    for status_list in due:
        enqueue("credentials.publish_status_list", status_list_id=status_list.pk)
    return len(due)


def _build(status_list: StatusList, *, issued_at: dt.datetime) -> bytes:
    """Return the signed file.

    The version was read before the entries: a change that comes in between is in the file a version early, never
    missing from it.
    """
    key = ensure_signing_key(at=issued_at)
    return statuslist.build_status_list(
        uri=status_list_address(status_list.number),
        bitmap=_bitmap(status_list),
        issued_at=issued_at,
        expires_at=issued_at + dt.timedelta(seconds=settings.STATUS_LIST_LIFETIME),
        ttl=settings.STATUS_LIST_TTL,
        sign=private_key(key).sign,
        kid=bytes.fromhex(key.kid),
    )


def _bitmap(status_list: StatusList) -> bytearray:
    """Return the list's values, kept in memory between publications: only what changed since is read again."""
    entries = StatusEntry.objects.filter(status_list=status_list)
    known = _bitmaps.get(status_list.pk)
    # A version from the future: the database is another one, restored from before.
    if known is None or known[0] > status_list.version:
        bitmap = bytearray((1 << status_list.size_bits) // statuslist.ENTRIES_PER_BYTE)
        entries = entries.exclude(value=StatusValue.VALID)
    else:
        version, bitmap = known
        entries = entries.exclude(changed_in=0).filter(changed_in__gt=version)
    for index, value in entries.values_list("index", "value").iterator(chunk_size=10_000):
        place = 2 * (index & 3)
        bitmap[index >> 2] = bitmap[index >> 2] & ~(3 << place) | value << place
    _bitmaps[status_list.pk] = (status_list.version, bitmap)
    return bitmap


def _replace(path: Path, content: bytes) -> None:
    """Put a file in place whole: whoever reads meanwhile gets the old one or the new one."""
    draft = path.with_suffix(".tmp")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(0o644)
    draft.replace(path)


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Hold the list's lock; the system lets go of it when a process dies."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
