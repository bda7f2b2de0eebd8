"""Periodic and queued tasks of this app."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from talentcard.outbox.registry import outbox_task


@shared_task(name="nominations.close_due_notices")
def close_due_notices(**_: object) -> None:
    """Award the cards of public notices that ran out, and of those who wait for one and may not have it any more."""
    from cards.nominations import operations

    now = timezone.now()
    operations.close_due_notices(at=now)
    operations.approve_without_notice(at=now)


@outbox_task(name="nominations.check_import", atomic=False)
def check_import(*, batch_id: str, after: int, **_: object) -> None:
    """Read and check the next part of a spreadsheet."""
    from cards.nominations.operations.staging import check_import as check

    check(batch_id=UUID(batch_id), after=after, at=timezone.now())


@outbox_task(name="nominations.apply_import", atomic=False)
def apply_import(*, batch_id: str, after: int, **_: object) -> None:
    """Apply the next part of a spreadsheet's good rows."""
    from cards.nominations.operations.applying import apply_rows

    apply_rows(batch_id=UUID(batch_id), after=after, at=timezone.now())


@outbox_task(name="nominations.confirm_sheet", atomic=False)
def confirm_sheet(*, confirmation_id: str, after: int, **_: object) -> None:
    """Confirm the next part of a sheet's direct issues."""
    from cards.nominations.operations.sheet_confirmations import confirm_next

    confirm_next(confirmation_id=UUID(confirmation_id), after=after, at=timezone.now())


@shared_task(name="nominations.remind_of_answers")
def remind_of_answers(**_: object) -> None:
    """Remind experts and nominees whose links soon expire."""
    from cards.nominations import operations

    operations.remind_of_answers(at=timezone.now())


@outbox_task(name="nominations.send_answer_link", atomic=False)
def send_answer_link(*, link_id: str, **_: object) -> None:
    """Send the e-mail of a link to answer by."""
    from cards.nominations import operations
    from cards.nominations.models import AnswerLink

    links = AnswerLink.objects.select_related(
        "request__expert", "request__nomination__talent__user", "request__nomination__nominator"
    )
    operations.send_link(link=links.get(pk=UUID(link_id)), at=timezone.now())


@shared_task(name="nominations.chase_corrections")
def chase_corrections(**_: object) -> None:
    """Remind nominators of returned cases and of questions; end what was not corrected, and the wait for answers."""
    from cards.nominations import operations

    now = timezone.now()
    operations.chase_corrections(at=now)
    operations.chase_questions(at=now)
