"""Confirm all direct issues of a sheet, as the second officer: thousands of cases, each in a transaction of its own.

A worker goes through them and hands on after each part. A case that is decided is not decided again, so a worker that
dies, or two at once, give nobody two cards; one that is refused waits on, and holds up no other.
"""

import datetime as dt
from functools import partial
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.nominations import direct_rules, queries
from cards.nominations.choices import ImportStatus
from cards.nominations.models import DirectIssue, ImportBatch, SheetConfirmation
from cards.nominations.operations.direct_decisions import confirm_direct_issue
from cards.nominations.operations.imports import lock_batch
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.operations import attempt
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.notifications.operations import notify
from talentcard.outbox.operations import enqueue

# What a worker does of it before it hands on: well within an entry's lease.
CHUNK = 50


class NothingToConfirm(DomainError):
    """No case of the sheet waits for the officer."""

    code = "nothing_to_confirm"
    message = _("No case of this sheet waits for you.")


@atomic_operation
def confirm_sheet(*, actor: User, batch: ImportBatch, at: dt.datetime) -> SheetConfirmation:
    """Have a worker confirm all direct issues of a sheet that wait for an officer; what is under way goes on.

    :raises NotAllowed: if the actor is no issuer
    :raises NothingToConfirm: if the sheet is not applied to the end, or nothing of it waits for the actor: what the
        actor proposed, what lies outside their scope and people they are too near to never do
    """
    batch = lock_batch(batch.pk)
    if not direct_rules.is_issuer(actor):
        raise NotAllowed
    running = batch.confirmations.filter(officer=actor, ended_at=None).first()
    if running is not None:
        return running
    total = queries.waiting_of_sheet(actor, batch, at=at).count()
    if batch.status != ImportStatus.APPLIED or not total:
        raise NothingToConfirm
    confirmation = SheetConfirmation.objects.create(batch=batch, officer=actor, total=total, started_at=at)
    record(actor=actor, action="direct_issue.sheet_confirmed", target=batch, data={"cases": total})
    enqueue("nominations.confirm_sheet", confirmation_id=confirmation.pk, after=0)
    return confirmation


def confirm_next(*, confirmation_id: UUID, after: int, at: dt.datetime) -> None:
    """Confirm the next part of a sheet's cases; the part after it is queued."""
    confirmation = SheetConfirmation.objects.select_related("officer", "batch").get(pk=confirmation_id)
    if confirmation.ended_at is not None or confirmation.cursor != after:
        return
    officer = confirmation.officer
    waiting = queries.waiting_of_sheet(officer, confirmation.batch, at=at, after=after)
    part = list(waiting.values_list("pk", "import_rows__number")[:CHUNK])
    for pk, _row in part:
        case = DirectIssue(pk=pk)
        attempt(partial(confirm_direct_issue, actor=officer, case=case, at=at, tells_proposer=False))
    _move_on(confirmation_id, after, part[-1][1] if part else None, at)


@atomic_operation
def _move_on(confirmation_id: UUID, after: int, done: int | None, at: dt.datetime) -> None:
    """Hand on after the row that is done; None where none was left."""
    confirmation = SheetConfirmation.objects.select_for_update(of=("self",)).get(pk=confirmation_id)
    if confirmation.ended_at is not None or confirmation.cursor != after:
        return
    if done is None:
        confirmation.ended_at = at
        _tell(confirmation)
    else:
        confirmation.cursor = done
        enqueue("nominations.confirm_sheet", confirmation_id=confirmation.pk, after=done)
    confirmation.save(update_fields=["cursor", "ended_at", "updated_at"])


def _tell(confirmation: SheetConfirmation) -> None:
    """Tell who proposed the cases and who confirmed them what became of them, together."""
    officer, batch = confirmation.officer, confirmation.batch
    progress = queries.confirmation_progress(officer, batch)
    if progress is None or batch.applied_by is None:
        return
    paths = {batch.applied_by: batch.get_absolute_url(), officer: reverse("nominations:direct-sheet", args=[batch.pk])}
    for recipient, url in paths.items():
        notify(
            event="direct_issue.sheet_confirmed",
            recipient=recipient,
            key=str(confirmation.pk),
            params={"confirmed": str(progress.confirmed), "total": str(progress.total)},
            url=url,
        )
