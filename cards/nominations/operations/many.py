"""Decide many cases at once."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.choices import Outcome, Step
from cards.nominations.models import Nomination
from cards.nominations.operations.review import (
    Decision,
    MissingItem,
    ensure_agreement_said,
    review_preliminary,
    review_second,
)
from talentcard.accounts.models import User
from talentcard.casework.operations import RowResult, decide_each, ensure_not_too_many
from talentcard.core.errors import InvalidInput

REVIEWS: dict[Step, Callable[..., Nomination]] = {
    Step.PRELIMINARY: review_preliminary,
    Step.SECOND: review_second,
}


def decide_many(
    *,
    actor: User,
    step: Step,
    nomination_ids: Sequence[UUID],
    outcome: Outcome,
    at: dt.datetime,
    reason: str = "",
    missing: Sequence[MissingItem] = (),
    agrees: bool | None = None,
) -> list[RowResult]:
    """Decide many cases alike, each in its own transaction; say of each what became of it, in the order given.

    :param agrees: whether the second reviewer agrees with the first opinion, of all of them
    :raises TooManyAtOnce: if there are more than one request decides
    :raises InvalidInput: if a refusal or a disagreement has no reason, a return lists nothing, or at the second review
        `agrees` is lacking
    """
    ensure_not_too_many(len(nomination_ids))
    decision = Decision(outcome=outcome, reason=reason, missing=missing, agrees=agrees)
    decision.ensure_complete()
    given: dict[str, Any] = {"actor": actor, "outcome": outcome, "reason": reason, "missing": missing, "at": at}
    if step == Step.SECOND:
        ensure_agreement_said(decision)
        given["agrees"] = agrees
    elif agrees is not None:
        raise InvalidInput.of("agrees", "not_applicable", _("Nobody has given an opinion before this review."))
    visible = queries.visible_to(actor).in_bulk(list(nomination_ids))
    return decide_each(
        nomination_ids, among=visible, act=lambda nomination: REVIEWS[step](nomination=nomination, **given)
    )
