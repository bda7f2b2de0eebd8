"""A second officer confirms a whole sheet of Green Cards: each case by itself, by a worker, once."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion, RecognisedEntry, TalentCard
from cards.nominations import operations, queries
from cards.nominations.choices import DirectIssueStatus, ImportKind
from cards.nominations.models import DirectIssue, ImportBatch, SheetConfirmation
from cards.nominations.operations import NothingToConfirm, sheet_confirmations
from cards.nominations.operations.applying import apply_rows
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import NotAllowed
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory, give_role
from tests.factories.green_cards import make_upgrade, row, sheet
from tests.factories.nominations import make_policy

Login = Callable[[User], Client]
ApiFor = Callable[[User], APIClient]
ROWS = 5


def proposed(issuer: User, *rows: dict[str, object]) -> ImportBatch:
    """Return a sheet whose good rows wait for their second officer."""
    batch = operations.receive_import(
        actor=issuer, sheet=sheet(*rows), archive=None, kind=ImportKind.GREEN_CARDS, at=timezone.now()
    )
    operations.staging.check_import(batch_id=batch.pk, after=0, at=timezone.now())
    operations.apply_import(actor=issuer, batch=batch, at=timezone.now())
    apply_rows(batch_id=batch.pk, after=0, at=timezone.now())
    batch.refresh_from_db()
    return batch


@pytest.fixture
def batch(policy: PolicyVersion, issuer: User, second_issuer: User) -> ImportBatch:
    make_upgrade(policy)
    return proposed(issuer, *(row(rank) for rank in range(ROWS)))


def statuses() -> list[str]:
    return list(DirectIssue.objects.order_by("legacy_card").values_list("status", flat=True))


def test_all_of_a_sheet_is_confirmed_part_by_part(
    batch: ImportBatch,
    issuer: User,
    second_issuer: User,
    run_outbox: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheet_confirmations, "CHUNK", 2)

    confirmation = operations.confirm_sheet(actor=second_issuer, batch=batch, at=timezone.now())
    assert not TalentCard.objects.exists()
    run_outbox()

    confirmation.refresh_from_db()
    assert confirmation.ended_at is not None
    assert statuses() == [DirectIssueStatus.ISSUED] * ROWS
    assert set(DirectIssue.objects.values_list("decided_by", flat=True)) == {second_issuer.pk}
    assert TalentCard.objects.count() == ROWS
    assert AuditEvent.objects.filter(action="direct_issue.issued").count() == ROWS
    assert AuditEvent.objects.get(action="direct_issue.sheet_confirmed").data == {"cases": ROWS}
    progress = queries.confirmation_progress(second_issuer, batch)
    assert progress is not None
    assert (progress.total, progress.confirmed, progress.left, progress.is_running) == (ROWS, ROWS, 0, False)
    # Together, not of each: thousands would bury everything else.
    told = Message.objects.filter(recipient__in=[issuer, second_issuer]).exclude(event="direct_issue.batch_waits")
    assert sorted(told.values_list("event", "recipient__username")) == [
        ("direct_issue.sheet_confirmed", "issuer"),
        ("direct_issue.sheet_confirmed", "second_issuer"),
    ]
    assert told[0].params == {"confirmed": str(ROWS), "total": str(ROWS)}


def test_what_cannot_be_confirmed_waits_on_and_holds_up_no_other(
    batch: ImportBatch, second_issuer: User, run_outbox: Callable[[], int]
) -> None:
    case = DirectIssue.objects.get(legacy_card="TJ000001")
    operations.confirm_sheet(actor=second_issuer, batch=batch, at=timezone.now())
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    RecognisedEntry.objects.filter(pk=case.entry_id).update(valid_from=yesterday, valid_until=yesterday)

    run_outbox()

    assert statuses() == ["issued", "proposed", "issued", "issued", "issued"]
    progress = queries.confirmation_progress(second_issuer, batch)
    assert progress is not None
    assert (progress.confirmed, progress.left, progress.is_running) == (ROWS - 1, 1, False)
    # Asked again, there is one left to try.
    assert operations.confirm_sheet(actor=second_issuer, batch=batch, at=timezone.now()).total == 1


def test_only_a_second_officer_confirms_and_within_their_scope(
    batch: ImportBatch, issuer: User, outsider: User, run_outbox: Callable[[], int]
) -> None:
    with pytest.raises(NothingToConfirm):
        operations.confirm_sheet(actor=issuer, batch=batch, at=timezone.now())
    with pytest.raises(NotAllowed):
        operations.confirm_sheet(actor=outsider, batch=batch, at=timezone.now())
    elsewhere = give_role(UserFactory(username="elsewhere"), Role.ISSUER, district="heping")
    with pytest.raises(NothingToConfirm):
        operations.confirm_sheet(actor=elsewhere, batch=batch, at=timezone.now())

    run_outbox()

    assert not SheetConfirmation.objects.exists()
    assert statuses() == ["proposed"] * ROWS


def test_an_officer_who_loses_the_role_confirms_no_more(
    batch: ImportBatch, second_issuer: User, run_outbox: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_confirmations, "CHUNK", 2)
    confirmation = operations.confirm_sheet(actor=second_issuer, batch=batch, at=timezone.now())
    sheet_confirmations.confirm_next(confirmation_id=confirmation.pk, after=0, at=timezone.now())

    second_issuer.role_assignments.all().delete()
    run_outbox()

    confirmation.refresh_from_db()
    assert statuses().count("issued") == 2
    assert confirmation.ended_at is not None


def test_a_part_that_is_done_again_changes_nothing(batch: ImportBatch, second_issuer: User) -> None:
    confirmation = operations.confirm_sheet(actor=second_issuer, batch=batch, at=timezone.now())
    assert operations.confirm_sheet(actor=second_issuer, batch=batch, at=timezone.now()) == confirmation

    for _ in range(2):
        sheet_confirmations.confirm_next(confirmation_id=confirmation.pk, after=0, at=timezone.now())

    assert TalentCard.objects.count() == ROWS


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_give_every_person_one_card(issuer: User, second_issuer: User) -> None:
    make_upgrade(make_policy())
    batch = proposed(issuer, *(row(rank) for rank in range(ROWS)))
    third = give_role(UserFactory(username="third_issuer"), Role.ISSUER)
    begun = [operations.confirm_sheet(actor=each, batch=batch, at=timezone.now()) for each in (second_issuer, third)]

    at_once(
        [
            partial(sheet_confirmations.confirm_next, confirmation_id=each.pk, after=0, at=timezone.now())
            for each in begun
        ]
    )

    assert TalentCard.objects.count() == ROWS
    assert statuses() == ["issued"] * ROWS


def test_pages_show_what_waits_and_how_far_it_is(
    batch: ImportBatch, issuer: User, second_issuer: User, outsider: User, login: Login, run_outbox: Callable[[], int]
) -> None:
    path, officer = reverse("nominations:direct-sheet", args=[batch.pk]), login(second_issuer)
    assert path in officer.get(reverse("nominations:direct-list")).content.decode()
    assert "确认全部 5 件" in officer.get(path).content.decode()

    assert officer.post(path).status_code == 302
    running = officer.get(path)
    assert running["Refresh"]
    assert "已确认 0 / 5 件" in running.content.decode()
    run_outbox()

    done = officer.get(path)
    assert "Refresh" not in done
    assert "已确认 5 / 5 件" in done.content.decode()
    assert path not in officer.get(reverse("nominations:direct-list")).content.decode()
    assert login(issuer).get(path).status_code == 404
    assert login(outsider).get(path).status_code == 403


def test_api_confirms_a_sheet(
    batch: ImportBatch, issuer: User, second_issuer: User, outsider: User, api_for: ApiFor, run_outbox: Any
) -> None:
    path, officer = reverse("api-direct-sheet", args=[batch.pk]), api_for(second_issuer)
    assert officer.get(path).json() == {"waiting": ROWS, "confirmation": None}
    begun: Any = officer.post(path)
    assert begun.status_code == 202
    run_outbox()

    assert officer.get(path).json() == {
        "waiting": 0,
        "confirmation": {"total": ROWS, "confirmed": ROWS, "is_running": False},
    }
    again: Any = officer.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_confirm")
    assert api_for(issuer).post(path).status_code == 404
    assert api_for(outsider).post(path).status_code == 403


def test_list_takes_as_many_queries_for_many_sheets_as_for_one(
    batch: ImportBatch, issuer: User, second_issuer: User, login: Login
) -> None:
    client, counts = login(second_issuer), []
    client.get(reverse("nominations:direct-list"))
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("nominations:direct-list")).status_code == 200
        counts.append(len(captured))
        for rank in (11, 12):
            proposed(issuer, row(rank + 10 * len(counts)))

    assert counts[0] == counts[1]
