"""What was decided about what stopped a case, as officers read it in its history."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import DuplicateVerdict
from cards.nominations.models import Nomination
from cards.nominations.queries.duplicates import pairs_of
from cards.nominations.queries.integrity import checks_in, facts_about


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
    entries = (*_duplicates(nomination), *_checks(nomination), *_facts(nomination), *_rulings(nomination))
    return sorted(entries, key=lambda entry: entry.at)


def _duplicates(nomination: Nomination) -> Iterator[StopEntry]:
    for pair in pairs_of(nomination.talent).select_related("decided_by"):
        yield StopEntry(at=pair.found_at, title=_("possible duplicate found"))
        if pair.decided_at is not None:
            title = VERDICTS[DuplicateVerdict(pair.verdict)]
            yield StopEntry(at=pair.decided_at, title=title, actor=str(pair.decided_by), reason=pair.reason)


def _checks(nomination: Nomination) -> Iterator[StopEntry]:
    for check in checks_in(nomination):
        title = _("integrity check: something is on record") if check.fact else _("integrity check: nothing found")
        yield StopEntry(
            at=check.checked_at,
            title=title,
            actor=str(check.checked_by),
            reason=f"{check.get_kind_display()} · {check.source}",
        )


def _facts(nomination: Nomination) -> Iterator[StopEntry]:
    for fact in facts_about(nomination.talent).select_related("recorded_by"):
        what = f"{fact.get_kind_display()} · {fact.source}"
        if fact.reported_by_id is not None:
            yield StopEntry(at=fact.recorded_at, title=_("integrity: reported by the source's system"), reason=what)
        if fact.withdrawn_at is not None:
            yield StopEntry(at=fact.withdrawn_at, title=_("integrity: withdrawn from the record"), reason=what)


def _rulings(nomination: Nomination) -> Iterator[StopEntry]:
    for ruling in nomination.integrity_rulings.select_related("decided_by"):
        title = _("integrity: the case goes on") if ruling.goes_on else _("integrity: rejected for the record")
        yield StopEntry(at=ruling.decided_at, title=title, actor=str(ruling.decided_by), reason=ruling.reason)
