"""Keep a case as it is handed in, with what its nominator replies to what was to be corrected."""

import datetime as dt
import json
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries
from cards.nominations.models import Nomination, Submission
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput


def match_replies(nomination: Nomination, replies: Sequence[str]) -> list[dict[str, str]]:
    """Return each thing that a returned case was to be corrected in, with the reply to it; those without are "".

    :param replies: in the order of what the return lists; fewer are enough
    :raises InvalidInput: naming `replies`, if there are more than things to correct
    """
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
    *, actor: User, nomination: Nomination, replies: Sequence[dict[str, str]], at: dt.datetime
) -> Submission:
    """Keep a locked nomination as it has just been handed in."""
    return Submission.objects.create(
        nomination=nomination,
        round=nomination.round,
        submitted_by=actor,
        submitted_at=at,
        stated=json.dumps(queries.as_stated(nomination), ensure_ascii=False),
        replies=json.dumps(replies, ensure_ascii=False) if replies else "",
    )
