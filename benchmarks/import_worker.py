"""The worker of an import, measured: `python -m benchmarks.import_worker BATCH SECONDS`.

It checks a batch, applies what it can in that time, writes the error report, and prints what it needed: a process of
its own, because a process's peak of memory is that of all it ever did.
"""

import json
import resource
import sys
import time
from uuid import UUID

import django
from django.utils import timezone

# The models are there once Django is set up.
django.setup()

from cards.nominations import operations  # noqa: E402
from cards.nominations.choices import ImportStatus, RowStatus  # noqa: E402
from cards.nominations.models import ImportBatch  # noqa: E402
from cards.nominations.operations import applying, staging  # noqa: E402
from cards.nominations.reports import write_report  # noqa: E402


def work(batch_id: UUID, seconds: float) -> dict[str, float]:
    """Import a batch; return its rates and the peak in megabytes, the process that read the workbook included."""
    started = time.perf_counter()
    while (batch := ImportBatch.objects.get(pk=batch_id)).status == ImportStatus.CHECKING:
        staging.check_import(batch_id=batch_id, after=batch.cursor, at=timezone.now())
    checked = time.perf_counter()
    operations.apply_import(actor=batch.uploaded_by, batch=batch, at=timezone.now())
    while time.perf_counter() < checked + seconds and batch.status != ImportStatus.APPLIED:
        batch = ImportBatch.objects.get(pk=batch_id)
        applying.apply_rows(batch_id=batch_id, after=batch.cursor, at=timezone.now())
    applied = time.perf_counter()
    write_report(batch).close()
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    count = batch.rows.filter(status=RowStatus.APPLIED).count()
    return {
        "checked_a_second": batch.row_count / (checked - started),
        "applied_a_second": count / (applied - checked),
        "applied": count,
        "megabytes": sum(peaks) / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(work(UUID(sys.argv[1]), float(sys.argv[2]))))
