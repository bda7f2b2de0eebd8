"""Keep a case as it is handed in, with what its nominator replies to what was to be corrected."""

import datetime as dt
import json
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.models import Nomination, Submission
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, InvalidInput


class ReturnedAgain(DomainError):
    """The case was handed in and returned again since the replies were written."""

    code = "returned_again"
    message = _("Meanwhile this case was handed in and returned again: look at what is to be corrected now.")


def match_replies(nomination: Nomination, replies: Sequence[str], *, to_round: int | None) -> list[dict[str, str]]:
    """Return each thing that a returned case was to be corrected in, with the reply to it; those without are "".

    :param replies: in the order of what the return lists; fewer are enough
    :param to_round: the case's round when they were written; None takes them for the last return's
    :raises ReturnedAgain: if that was another one
    :raises InvalidInput: naming `replies`, if there are more than things to correct
    """
    if to_round is not None and to_round != nomination.round:
        raise ReturnedAgain
    review = queries.last_return(nomination)
    asked = review.missing if review is not None else []
    if len(replies) > len(asked):
        raise InvalidInput.of("replies", "too_many", _("There are more replies than things to correct."))
    given = [*(reply.strip() for reply in replies), *[""] * (len(asked) - len(replies))]
    return [
        {"field": item.get("field", ""), "note": item["note"], "reply": reply}
        for item, reply in zip(asked, given, strict=True)
    ]


def keep_submission(
    *, actor: User, nomination: Nomination, replied: Sequence[dict[str, str]], at: dt.datetime
) -> Submission:
    """Keep a locked nomination as it has just been handed in."""
    return Submission.objects.create(
        nomination=nomination,
        round=nomination.round,
        submitted_by=actor,
        submitted_at=at,
        stated=json.dumps(queries.as_stated(nomination), ensure_ascii=False),
        replies=json.dumps(replied, ensure_ascii=False) if replied else "",
    )
