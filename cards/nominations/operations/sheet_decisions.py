"""Decide many cases, each as a sheet says."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.choices import STEP_OF_STATUS, NominationStatus, Outcome, Step
from cards.nominations.decision_sheets import SheetDecision
from cards.nominations.models import Nomination
from cards.nominations.operations.many import REVIEWS
from cards.nominations.operations.review import MissingItem
from cards.nominations.operations.transitions import TransitionNotAllowed
from talentcard.accounts.models import User
from talentcard.casework.operations import NotFound, attempt, ensure_not_too_many
from talentcard.core.errors import DomainError, InvalidInput


class RowUnreadable(DomainError):
    """The row does not say what is to be done."""

    code = "row_unreadable"
    message = "%(fault)s"
    http_status = 400


@dataclass(frozen=True, kw_only=True)
class SheetResult:
    """What became of a row, or would."""

    row: int
    number: str
    outcome: str
    error: DomainError | None

    @property
    def ok(self) -> bool:
        """Tell whether it was decided, or would be."""
        return self.error is None


def decide_by_sheet(
    *, actor: User, decisions: Sequence[SheetDecision], at: dt.datetime, is_rehearsal: bool = False
) -> list[SheetResult]:
    """Decide each case as its row says, in a transaction of its own, and say of each row what became of it.

    :param is_rehearsal: say what would become of it: each case is decided whole and put back as it was
    :raises TooManyAtOnce: if there are more than one request decides
    """
    ensure_not_too_many(len(decisions))
    numbers = [each.number for each in decisions if not each.fault]
    cases = {case.number: case for case in queries.visible_to(actor).filter(number__in=numbers)}
    return [
        SheetResult(
            row=each.row,
            number=each.number,
            outcome=each.outcome,
            error=_decide(actor, each, cases.get(each.number), at, is_rehearsal),
        )
        for each in decisions
    ]


def _decide(
    actor: User, decision: SheetDecision, case: Nomination | None, at: dt.datetime, is_rehearsal: bool
) -> DomainError | None:
    if decision.fault:
        return RowUnreadable(fault=decision.fault)
    if case is None:
        return NotFound()
    step = STEP_OF_STATUS.get(NominationStatus(case.status))
    if step is None:
        return TransitionNotAllowed(status=NominationStatus(case.status).label)
    outcome = Outcome(decision.outcome)
    given: dict[str, Any] = {
        "outcome": outcome,
        "reason": decision.reason,
        "missing": [MissingItem(field="", note=note) for note in decision.missing if outcome == Outcome.RETURN],
        "item_id": UUID(decision.round) if decision.round else None,
    }
    if step == Step.SECOND:
        given["agrees"] = decision.agrees
    elif decision.agrees is not None:
        return InvalidInput.of("agrees", "not_applicable", _("Nobody has given an opinion before this review."))
    return attempt(partial(REVIEWS[step], actor=actor, nomination=case, at=at, **given), is_rehearsal=is_rehearsal)
