"""Somebody pulls the plug while a spreadsheet is applied; afterwards it is as if nobody had."""

from pathlib import Path

import pytest
from django.utils import timezone

from cards.nominations import operations
from cards.nominations.choices import ImportStatus, RowStatus
from cards.nominations.models import ImportBatch
from cards.nominations.operations import staging
from demo.services import celery_worker
from talentcard.accounts.models import User
from talentcard.outbox.models import Entry
from tests.cards.nominations.test_import_work import assert_all_is_right, received
from tests.factories.nominations import make_policy
from tests.journeys.conftest import wait_until

# More than a worker takes at once.
ROWS = 70
QUEUES = ("default", "mail", "produce")


def applied(batch: ImportBatch) -> int:
    return batch.rows.filter(status=RowStatus.APPLIED).count()


def is_applied(batch: ImportBatch) -> bool:
    batch.refresh_from_db()
    return batch.status == ImportStatus.APPLIED


@pytest.mark.broker
def test_worker_killed_while_it_applies_a_sheet_makes_every_nomination_exactly_once(
    service_env: dict[str, str], nominator: User, tmp_path: Path
) -> None:
    make_policy()
    batch = received(nominator, ROWS)
    staging.check_import(batch_id=batch.pk, after=0, at=timezone.now())
    operations.apply_import(actor=nominator, batch=batch, at=timezone.now())

    with celery_worker(service_env, queues=QUEUES, log=tmp_path / "killed.log") as worker:
        wait_until(lambda: applied(batch) >= 5)
        worker.kill()
    assert 5 <= applied(batch) < ROWS - 10
    assert not is_applied(batch)
    with celery_worker(service_env, queues=QUEUES, schedule=tmp_path / "schedule") as worker:
        wait_until(lambda: is_applied(batch))
        # What is left to do is not this sheet's, and a worker takes seconds to stop in order.
        worker.kill()

    assert_all_is_right(batch, ROWS)
    # It was given to a second worker, whose mark counts.
    assert Entry.objects.filter(task="nominations.apply_import", fence__gte=2).exists()
