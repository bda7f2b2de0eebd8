"""What was decided about what stopped a case, as officers read it in its history."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import DuplicateVerdict
from cards.nominations.models import Nomination
from cards.nominations.queries.duplicates import pairs_of


@dataclass(frozen=True, kw_only=True)
class StopEntry:
    """Something that was found or decided; `actor` is empty where the system did it."""

    at: dt.datetime
    title: str | Promise
    actor: str = ""
    reason: str = ""


VERDICTS = {
    DuplicateVerdict.SAME: _("found to be one person with another record"),
    DuplicateVerdict.DIFFERENT: _("found to be another person than the look-alike"),
}


def stop_history(nomination: Nomination) -> list[StopEntry]:
    """Return what stopped a case and what was decided about it, in order: a fixed number of queries."""
    return sorted(_duplicates(nomination), key=lambda entry: entry.at)


def _duplicates(nomination: Nomination) -> Iterator[StopEntry]:
    for pair in pairs_of(nomination.talent).select_related("decided_by"):
        yield StopEntry(at=pair.found_at, title=_("possible duplicate found"))
        if pair.decided_at is not None:
            title = VERDICTS[DuplicateVerdict(pair.verdict)]
            yield StopEntry(at=pair.decided_at, title=title, actor=str(pair.decided_by), reason=pair.reason)
