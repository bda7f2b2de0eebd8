import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from talentcard_verifier.statuslist import StatusList as PublishedList
from talentcard_verifier.statuslist import StatusValue as PublishedValue

from cards.credentials import operations, publishing
from cards.credentials.choices import StatusValue
from cards.credentials.models import StatusEntry, StatusList
from cards.credentials.tasks import refresh_status_lists as refresh_task
from talentcard.outbox.models import Entry
from tests.factories.credentials import allocate_status, published_keys

AT = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def read_published(number: int = 1) -> PublishedList:
    return PublishedList.parse(publishing.status_list_path(number).read_bytes(), published_keys())


def test_published_list_says_what_became_of_each_code(settings: Any, run_outbox: Callable[[], int]) -> None:
    entries = [allocate_status() for _ in range(4)]
    for entry, value in zip(entries, StatusValue, strict=True):
        operations.set_status(entry=entry, value=value, at=timezone.now())

    run_outbox()

    published = read_published()
    assert [published.value(entry.index) for entry in entries] == list(PublishedValue)
    assert sum(published.bitmap) == sum(
        value << (2 * (e.index & 3)) for e, value in zip(entries, StatusValue, strict=True)
    )
    assert published.uri == f"{settings.STATUS_LIST_BASE_URL}/status/1.cwt"
    assert published.ttl == settings.STATUS_LIST_TTL
    assert published.expires_at - published.issued_at == dt.timedelta(seconds=settings.STATUS_LIST_LIFETIME)


def test_publish_writes_once_for_many_changes(run_outbox: Callable[[], int]) -> None:
    entries = [allocate_status() for _ in range(3)]
    for entry in entries:
        operations.set_status(entry=entry, value=StatusValue.SUSPENDED, at=timezone.now())
    listed = StatusList.objects.get()

    assert publishing.publish_status_list(status_list_id=listed.pk, at=timezone.now())
    written = publishing.status_list_path(1).stat().st_mtime_ns
    assert run_outbox() == 4
    assert publishing.status_list_path(1).stat().st_mtime_ns == written


def test_publish_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = allocate_status()
    listed = StatusList.objects.get()
    publishing.publish_status_list(status_list_id=listed.pk, at=AT)
    operations.set_status(entry=entry, value=StatusValue.REVOKED, at=AT)
    publishing.publish_status_list(status_list_id=listed.pk, at=AT)

    # A publisher that started earlier and comes late: its clock is behind, the register is not.
    assert not publishing.publish_status_list(status_list_id=listed.pk, at=AT - dt.timedelta(minutes=5))

    assert read_published().value(entry.index) == PublishedValue.REVOKED
    assert StatusList.objects.get().published_version == 2


def test_publish_reads_only_what_changed_since_and_gets_all_of_it() -> None:
    entries = [allocate_status() for _ in range(6)]
    listed = StatusList.objects.get()
    values = [StatusValue.REVOKED, StatusValue.SUSPENDED, StatusValue.SUPERSEDED]
    for entry, value in zip(entries, values, strict=False):
        operations.set_status(entry=entry, value=value, at=AT)
    publishing.publish_status_list(status_list_id=listed.pk, at=AT)

    operations.set_status(entry=entries[1], value=StatusValue.VALID, at=AT)
    operations.set_status(entry=entries[5], value=StatusValue.REVOKED, at=AT)
    publishing.publish_status_list(status_list_id=listed.pk, at=AT)

    kept = read_published()
    publishing._bitmaps.clear()
    StatusList.objects.update(published_version=0)
    publishing.publish_status_list(status_list_id=listed.pk, at=AT)
    assert [kept.value(entry.index) for entry in entries] == [1, 0, 3, 0, 0, 1]
    assert kept.bitmap == read_published().bitmap


def test_publish_reads_everything_again_from_a_restored_database() -> None:
    entry = allocate_status()
    operations.set_status(entry=entry, value=StatusValue.REVOKED, at=AT)
    listed = StatusList.objects.get()
    publishing.publish_status_list(status_list_id=listed.pk, at=AT)
    StatusEntry.objects.update(value=StatusValue.VALID, changed_in=0)
    StatusList.objects.update(version=1, published_version=0)

    publishing.publish_status_list(status_list_id=listed.pk, at=AT)

    assert read_published().value(entry.index) == PublishedValue.VALID


def test_publish_writes_a_missing_file_again() -> None:
    allocate_status()
    listed = StatusList.objects.get()
    publishing.publish_status_list(status_list_id=listed.pk, at=AT)
    publishing.status_list_path(1).unlink()

    assert publishing.publish_status_list(status_list_id=listed.pk, at=AT)
    assert publishing.status_list_path(1).exists()


def test_publish_keeps_issue_times_in_order() -> None:
    entry = allocate_status()
    listed = StatusList.objects.get()
    publishing.publish_status_list(status_list_id=listed.pk, at=AT)
    operations.set_status(entry=entry, value=StatusValue.REVOKED, at=AT)

    publishing.publish_status_list(status_list_id=listed.pk, at=AT - dt.timedelta(seconds=30))

    assert read_published().issued_at == AT


def test_refresh_renews_a_list_before_desks_call_it_stale(settings: Any) -> None:
    allocate_status()
    listed = StatusList.objects.get()
    publishing.publish_status_list(status_list_id=listed.pk, at=AT)
    Entry.objects.all().delete()

    half = dt.timedelta(seconds=settings.STATUS_LIST_TTL / 2)
    assert publishing.refresh_status_lists(at=AT + half - dt.timedelta(seconds=1)) == 0
    assert publishing.refresh_status_lists(at=AT + half) == 1
    assert Entry.objects.get().kwargs == {"status_list_id": str(listed.pk)}


def test_refresh_task_publishes_what_no_task_remembers(run_outbox: Callable[[], int]) -> None:
    allocate_status()
    Entry.objects.all().delete()

    refresh_task()
    run_outbox()

    assert publishing.status_list_path(1).exists()
