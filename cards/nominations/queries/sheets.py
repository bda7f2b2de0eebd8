"""Sheets of Green Cards whose direct issues wait for a second officer."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from cards.nominations.choices import DirectIssueStatus, ImportKind, RowStatus
from cards.nominations.models import DirectIssue, DirectIssueQuerySet, ImportBatch, SheetConfirmation
from cards.nominations.queries.direct import direct_inbox
from talentcard.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class WaitingSheet:
    """A sheet, and how many of its cases an officer may decide now."""

    batch: ImportBatch
    waiting: int


@dataclass(frozen=True, kw_only=True)
class ConfirmationProgress:
    """How far an officer's confirmation of a sheet is; `left` could not be confirmed, once it has ended."""

    total: int
    confirmed: int
    is_running: bool

    @property
    def left(self) -> int:
        """Return how many of them are not confirmed."""
        return max(self.total - self.confirmed, 0)


def waiting_of_sheet(officer: User, batch: ImportBatch, *, at: dt.datetime, after: int = 0) -> DirectIssueQuerySet:
    """Return a sheet's direct issues that an officer may decide now, in the order of its rows, after one of them."""
    waiting = direct_inbox(officer, at=at).filter(
        import_rows__batch=batch, import_rows__status=RowStatus.APPLIED, import_rows__number__gt=after
    )
    return waiting.order_by("import_rows__number")


def waiting_sheets(officer: User, *, at: dt.datetime) -> list[WaitingSheet]:
    """Return the sheets of which direct issues wait for an officer, the latest first: two queries."""
    waiting = direct_inbox(officer, at=at).filter(import_rows__status=RowStatus.APPLIED).order_by()
    counts = dict(waiting.values_list("import_rows__batch").annotate(Count("pk")))
    batches = ImportBatch.objects.select_related("uploaded_by").filter(pk__in=counts)
    return [WaitingSheet(batch=batch, waiting=counts[batch.pk]) for batch in batches]


def sheet_for(officer: User, batch_id: UUID, *, at: dt.datetime) -> ImportBatch | None:
    """Return a sheet of Green Cards of which something waits for an officer, or which they confirmed."""
    batch = ImportBatch.objects.select_related("uploaded_by").filter(pk=batch_id, kind=ImportKind.GREEN_CARDS).first()
    if batch is None:
        return None
    is_theirs = waiting_of_sheet(officer, batch, at=at).exists() or batch.confirmations.filter(officer=officer).exists()
    return batch if is_theirs else None


def confirmation_progress(officer: User, batch: ImportBatch) -> ConfirmationProgress | None:
    """Return how far an officer's last confirmation of a sheet is; None where there was none."""
    last = SheetConfirmation.objects.filter(officer=officer, batch=batch).first()
    if last is None:
        return None
    confirmed = DirectIssue.objects.filter(
        import_rows__batch=batch,
        import_rows__status=RowStatus.APPLIED,
        status=DirectIssueStatus.ISSUED,
        decided_by=officer,
        decided_at__gte=last.started_at,
    )
    return ConfirmationProgress(total=last.total, confirmed=confirmed.count(), is_running=last.ended_at is None)
