"""Somebody pulls the plug while a spreadsheet is applied; afterwards it is as if nobody had."""

from pathlib import Path

import pytest
from django.utils import timezone

from cards.nominations import operations
from cards.nominations.choices import DirectIssueStatus, ImportKind, ImportStatus, RowStatus
from cards.nominations.models import DirectIssue, ImportBatch
from cards.nominations.operations import staging
from cards.talents.models import Talent
from demo.services import celery_worker
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.notifications.models import Message
from talentcard.outbox.models import Entry
from tests.cards.nominations.test_import_work import assert_all_is_right, received
from tests.factories.accounts import UserFactory, give_role
from tests.factories.green_cards import make_upgrade, row, sheet
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


def kill_and_go_on(batch: ImportBatch, service_env: dict[str, str], logs: Path) -> None:
    """Have a checked sheet applied by a worker that is killed on the way, and by another one."""
    operations.apply_import(actor=batch.uploaded_by, batch=batch, at=timezone.now())
    with celery_worker(service_env, queues=QUEUES, log=logs / "killed.log") as worker:
        wait_until(lambda: applied(batch) >= 5)
        worker.kill()
    assert 5 <= applied(batch) < ROWS - 10
    assert not is_applied(batch)
    with celery_worker(service_env, queues=QUEUES, schedule=logs / "schedule") as worker:
        wait_until(lambda: is_applied(batch))
        # What is left to do is not this sheet's, and a worker takes seconds to stop in order.
        worker.kill()
    # It was given to a second worker, whose mark counts.
    assert Entry.objects.filter(task="nominations.apply_import", fence__gte=2).exists()


@pytest.mark.broker
def test_worker_killed_while_it_applies_a_sheet_makes_every_nomination_exactly_once(
    service_env: dict[str, str], nominator: User, tmp_path: Path
) -> None:
    make_policy()
    batch = received(nominator, ROWS)
    staging.check_import(batch_id=batch.pk, after=0, at=timezone.now())

    kill_and_go_on(batch, service_env, tmp_path)

    assert_all_is_right(batch, ROWS)


@pytest.mark.broker
def test_worker_killed_while_it_proposes_green_cards_proposes_every_one_exactly_once(
    service_env: dict[str, str], issuer: User, tmp_path: Path
) -> None:
    give_role(UserFactory(username="second_issuer"), Role.ISSUER)
    basis = make_upgrade(make_policy())
    batch = operations.receive_import(
        actor=issuer,
        sheet=sheet(*(row(rank) for rank in range(ROWS)), row(1), row(ROWS, tier="A")),
        archive=None,
        kind=ImportKind.GREEN_CARDS,
        at=timezone.now(),
    )
    staging.check_import(batch_id=batch.pk, after=0, at=timezone.now())

    kill_and_go_on(batch, service_env, tmp_path)

    cases = DirectIssue.objects.filter(status=DirectIssueStatus.PROPOSED)
    assert sorted(case.legacy_card for case in cases) == [f"TJ{rank:06}" for rank in range(ROWS)]
    assert DirectIssue.objects.count() == basis.recognised_list.entries.count() == Talent.objects.count() == ROWS
    assert batch.rows.exclude(status=RowStatus.APPLIED).count() == 2
    assert Message.objects.filter(event="direct_issue.batch_waits").count() == 1
