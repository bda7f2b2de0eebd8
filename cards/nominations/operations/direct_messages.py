"""Who is told of a direct issue."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.urls import reverse

from cards.nominations.models import DirectIssue
from talentcard.accounts.models import User
from talentcard.casework.queries import told_of
from talentcard.casework.rules import may_handle
from talentcard.notifications.operations import notify


def tell_second_officers(case: DirectIssue, *, at: dt.datetime) -> None:
    """Tell those that one waits for them; whoever may not decide it is not told."""
    item = case.item
    if item is None:
        return
    for officer in told_of(item, at=at):
        if may_handle(officer, item):
            tell(case, officer, "direct_issue.waits")


def tell_of_batch(cases: Sequence[DirectIssue], *, at: dt.datetime) -> None:
    """Tell the second officers of cases that were proposed together, each once, how many of theirs there are."""
    waiting: Counter[User] = Counter()
    scopes: dict[tuple[str, str], list[User]] = {}
    for case in cases:
        if case.item is not None:
            scope = (case.district, case.tier.code)
            if scope not in scopes:
                scopes[scope] = [user for user in told_of(case.item, at=at) if user.pk != case.proposed_by_id]
            waiting.update(scopes[scope])
    url = reverse("nominations:direct-list")
    for officer, count in waiting.items():
        notify(
            event="direct_issue.batch_waits",
            recipient=officer,
            key=str(cases[0].pk),
            params={"count": str(count)},
            url=url,
        )


def tell(case: DirectIssue, recipient: User, event: str, *, url: str | None = None) -> None:
    """Tell a person of a step of a case, once."""
    notify(
        event=event,
        recipient=recipient,
        key=str(case.pk),
        params={"number": case.number},
        url=case.get_absolute_url() if url is None else url,
    )
