import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from talentcard.accounts.models import Organisation
from talentcard.outbox import delivery, operations, registry
from talentcard.outbox.choices import EntryStatus
from talentcard.outbox.models import Entry
from tests.concurrency import at_once
from tests.factories.accounts import OrganisationFactory

NOW = timezone.now()


@pytest.fixture
def effects() -> Iterator[list[str]]:
    """Register a task whose effect is an organisation; return the errors it shall raise first."""
    errors: list[str] = []

    def body(*, name: str, **_: object) -> None:
        OrganisationFactory(name_en=name)
        if errors:
            raise RuntimeError(errors.pop())

    registry.outbox_task(name="tests.effect")(body)
    yield errors
    del registry._tasks["tests.effect"]


@pytest.fixture
def batches() -> Iterator[list[list[str]]]:
    """Register a task that takes four entries at once and cannot do one named "bad"; return what it was given."""
    given: list[list[str]] = []

    def body(*, batch: list[dict[str, str]], **_: object) -> None:
        names = [ids["name"] for ids in batch]
        given.append(names)
        for name in names:
            OrganisationFactory(name_en=name)
        if "bad" in names:
            raise RuntimeError

    registry.outbox_task(name="tests.batch", batch=4)(body)
    yield given
    del registry._tasks["tests.batch"]


def send(entry: Entry) -> int:
    """Do what the relay does to one entry; return the fence its message carries."""
    entry.refresh_from_db()
    Entry.objects.filter(pk=entry.pk).update(
        status=EntryStatus.SENT, fence=entry.fence + 1, leased_until=timezone.now() + dt.timedelta(seconds=60)
    )
    return entry.fence + 1


def made() -> list[str]:
    return list(Organisation.objects.values_list("name_en", flat=True))


def test_enqueue_in_a_transaction_that_fails_leaves_nothing(db: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        operations.enqueue("tests.effect", name="lost")
        raise RuntimeError

    assert Entry.objects.count() == 0


def test_deliver_runs_the_task_once_however_often_the_message_comes(db: None, effects: list[str]) -> None:
    entry = operations.enqueue("tests.effect", name="once")
    fence = send(entry)

    results = [delivery.deliver(entry_id=entry.pk, fence=fence) for _ in range(3)]

    assert results == [True, False, False]
    assert made() == ["once"]
    entry.refresh_from_db()
    assert entry.status == EntryStatus.DONE


def test_deliver_undoes_the_effect_of_a_failed_task_and_tries_again_later(
    db: None, effects: list[str], run_outbox: Callable[[], int]
) -> None:
    effects.append("first try")
    entry = operations.enqueue("tests.effect", name="again")

    assert delivery.deliver(entry_id=entry.pk, fence=send(entry)) is False
    entry.refresh_from_db()
    assert (entry.status, entry.attempts, entry.last_error) == (EntryStatus.WAITING, 1, "RuntimeError")
    assert entry.run_at > NOW
    assert made() == []

    Entry.objects.update(run_at=NOW)
    assert run_outbox() == 1
    assert made() == ["again"]


def test_worker_that_was_thought_dead_keeps_nothing(db: None, effects: list[str]) -> None:
    entry = operations.enqueue("tests.effect", name="ghost")
    claimed = operations.claim(entry_id=entry.pk, fence=send(entry), at=NOW)
    assert claimed is not None
    # The lease ran out and the entry was sent to somebody else.
    second = send(entry)

    with pytest.raises(operations.StaleFence):
        operations.finish(entries=[claimed], at=NOW)
    assert delivery.deliver(entry_id=entry.pk, fence=second) is True
    assert made() == ["ghost"]


def test_batch_is_run_by_one_message_and_those_of_the_others_do_nothing(db: None, batches: list[list[str]]) -> None:
    entries = [operations.enqueue("tests.batch", name=f"n{at}") for at in range(6)]
    fences = [send(entry) for entry in entries]

    results = [delivery.deliver(entry_id=entry.pk, fence=fence) for entry, fence in zip(entries, fences, strict=True)]

    assert batches == [["n0", "n1", "n2", "n3"], ["n4", "n5"]]
    assert results == [True, False, False, False, True, False]
    assert set(Entry.objects.values_list("status", "attempts")) == {(EntryStatus.DONE, 1)}


def test_batch_that_fails_runs_each_alone_and_puts_back_only_what_cannot_be_done(
    db: None, batches: list[list[str]]
) -> None:
    entries = [operations.enqueue("tests.batch", name=name) for name in ("one", "bad", "two")]
    fences = [send(entry) for entry in entries]

    assert delivery.deliver(entry_id=entries[0].pk, fence=fences[0]) is False

    assert made() == ["one", "two"]
    assert batches == [["one", "bad", "two"], ["one"], ["bad"], ["two"]]
    waiting = Entry.objects.get(status=EntryStatus.WAITING)
    assert (waiting.kwargs, waiting.attempts, waiting.last_error) == ({"name": "bad"}, 1, "RuntimeError")


def test_batch_one_of_which_was_taken_over_keeps_the_others(db: None, batches: list[list[str]]) -> None:
    entries = [operations.enqueue("tests.batch", name=name) for name in ("mine", "lost")]
    fences = [send(entry) for entry in entries]
    claim_more = operations.claim_more

    def lose_the_second(**kwargs: Any) -> list[Entry]:
        claimed = claim_more(**kwargs)
        send(entries[1])
        return claimed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "claim_more", lose_the_second)
        assert delivery.deliver(entry_id=entries[0].pk, fence=fences[0]) is False

    assert made() == ["mine"]
    assert [Entry.objects.get(pk=entry.pk).status for entry in entries] == [EntryStatus.DONE, EntryStatus.SENT]


@pytest.mark.django_db(transaction=True)
def test_workers_that_take_batches_at_once_share_them(batches: list[list[str]]) -> None:
    entries = [operations.enqueue("tests.batch", name=f"n{at}") for at in range(12)]
    messages = [(entry.pk, send(entry)) for entry in entries]

    def work() -> list[bool]:
        return [delivery.deliver(entry_id=entry_id, fence=fence) for entry_id, fence in messages]

    at_once([work] * 4)

    assert sorted(made()) == sorted(f"n{at}" for at in range(12))
    assert sorted(name for names in batches for name in names) == sorted(made())
    assert not Entry.objects.exclude(status=EntryStatus.DONE).exists()


def test_entry_is_given_up_after_the_last_attempt(db: None, effects: list[str], settings: Any) -> None:
    settings.OUTBOX_MAX_ATTEMPTS = 2
    effects.extend(["second", "first"])
    entry = operations.enqueue("tests.effect", name="never")

    for _ in range(2):
        delivery.deliver(entry_id=entry.pk, fence=send(entry))

    entry.refresh_from_db()
    assert entry.status == EntryStatus.DEAD


@pytest.mark.broker
def test_relay_keeps_the_window_and_sweep_sends_again_what_was_lost(db: None, settings: Any) -> None:
    settings.OUTBOX_WINDOW = 2
    for number in range(5):
        operations.enqueue("tests.effect", queue="tests-window", name=f"n{number}")

    now = timezone.now()
    sent = [operations.relay(queue="tests-window", at=now) for _ in range(2)]
    again = operations.sweep(at=now + dt.timedelta(hours=1))

    assert (sent, again) == ([2, 0], 2)
    assert sorted(Entry.objects.values_list("fence", flat=True)) == [0, 0, 0, 2, 2]


@pytest.mark.broker
def test_entry_that_takes_its_worker_down_every_time_is_given_up(db: None, settings: Any) -> None:
    settings.OUTBOX_MAX_ATTEMPTS = 3
    entry = operations.enqueue("tests.effect", name="killer")
    now = timezone.now()

    for hour in range(settings.OUTBOX_MAX_ATTEMPTS):
        at = now + dt.timedelta(hours=hour)
        operations.sweep(at=at)
        entry.refresh_from_db()
        assert operations.claim(entry_id=entry.pk, fence=entry.fence, at=at) is not None
    sent = operations.sweep(at=now + dt.timedelta(hours=9))

    entry.refresh_from_db()
    assert (sent, entry.status, entry.last_error) == (0, EntryStatus.DEAD, "WorkerLost")


@pytest.mark.broker
def test_sweep_never_gives_up_what_no_worker_ever_took(db: None, settings: Any) -> None:
    settings.OUTBOX_MAX_ATTEMPTS = 3
    entry = operations.enqueue("tests.effect", name="broker down")
    now = timezone.now()

    sent = [operations.sweep(at=now + dt.timedelta(hours=hour)) for hour in range(9)]

    entry.refresh_from_db()
    assert (sent, entry.status) == ([1] * 9, EntryStatus.SENT)


def test_entry_that_was_given_up_is_tried_again_when_told(
    db: None, run_outbox: Callable[[], int], effects: list[str]
) -> None:
    given_up = operations.enqueue("tests.effect", name="again")
    done = operations.enqueue("tests.effect", name="done")
    Entry.objects.filter(pk=given_up.pk).update(status=EntryStatus.DEAD, attempts=10)
    Entry.objects.filter(pk=done.pk).update(status=EntryStatus.DONE)

    revived = operations.try_again(entry_ids=[given_up.pk, done.pk], at=NOW)

    assert (revived, run_outbox()) == (1, 1)
    assert set(Entry.objects.values_list("status", "attempts")) == {(EntryStatus.DONE, 1), (EntryStatus.DONE, 0)}


def test_enqueue_keeps_an_entry_until_its_time(db: None, run_outbox: Callable[[], int], effects: list[str]) -> None:
    operations.enqueue("tests.effect", run_at=timezone.now() + dt.timedelta(days=1), name="tomorrow")

    assert run_outbox() == 0
