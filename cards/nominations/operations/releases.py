"""Put cases that are approved in principle under public notice, many together."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import NominationStatus, Outcome, Step
from cards.nominations.models import Nomination, NoticeRelease, PublicNotice, ReleaseCounter
from cards.nominations.operations.approval import approve
from cards.nominations.operations.messages import tell_parties
from cards.nominations.operations.review import ConflictOfInterest, RefusedBefore
from cards.nominations.operations.stops import CaseStopped
from cards.nominations.operations.transitions import TransitionNotAllowed, lock, move
from cards.nominations.writing import Grounds
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.operations import NotFound, RowResult, TooManyAtOnce, ensure_free
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.transactions import act_on_each, atomic_operation
from talentcard.core.workdays import add_working_days

MAX_IN_RELEASE = 200
DEFAULT_TITLE = _("People proposed for the Haihe Talent card (%(year)s, no. %(serial)s)")


class UnderSecrecy(DomainError):
    """The nominee's name may not be made public."""

    code = "under_secrecy"
    message = _("This case is approved without a public notice.")


class NothingToRelease(DomainError):
    """None of the chosen cases can be put under public notice."""

    code = "nothing_to_release"
    message = _("None of the chosen cases can be put under public notice.")

    def __init__(self, rows: Sequence[RowResult]) -> None:
        super().__init__()
        self.rows = rows

    def as_dict(self) -> dict[str, Any]:
        """Return the error with the reason of each case."""
        rows = [
            {"id": str(row.id), "number": row.number, "ok": row.ok, "error": row.error and row.error.as_dict()}
            for row in self.rows
        ]
        return super().as_dict() | {"rows": rows}


@dataclass(frozen=True, kw_only=True)
class Release:
    """What came of releasing many cases: the release, and of each case whether it is in it, or why not."""

    release: NoticeRelease
    rows: list[RowResult]


@atomic_operation
def release_notices(
    *, actor: User, nomination_ids: Sequence[UUID], at: dt.datetime, title_zh: str = "", title_en: str = ""
) -> Release:
    """Put many cases under public notice as one release; one that cannot be is left out and named.

    All stand under notice until one day: that of the case whose basis asks for the most working days, so that none
    has fewer than it needs. Without titles, the release is called by its year and serial number.

    :raises TooManyAtOnce: if there are more than one release holds
    :raises NothingToRelease: if none of them can be released, with the reason for each
    """
    if len(nomination_ids) > MAX_IN_RELEASE:
        raise TooManyAtOnce(limit=MAX_IN_RELEASE)
    rows, cases = _sorted_out(actor, list(dict.fromkeys(nomination_ids)), at)
    if not cases:
        raise NothingToRelease(rows)
    days = max(case.basis.notice_working_days for case in cases)
    release = _create_release(actor, at=at, closes_at=add_working_days(at, days), title_zh=title_zh, title_en=title_en)
    for case in cases:
        _open_notice(actor, case, release)
    record(
        actor=actor,
        action="notice.released",
        target=release,
        data={"number": release.number, "nominations": [str(case.pk) for case in cases]},
    )
    return Release(release=release, rows=rows)


def approve_without_notice(*, at: dt.datetime) -> int:
    """Approve who came under secrecy while waiting for a public notice, which they never get; return how many."""
    waiting = Nomination.objects.filter(status=NominationStatus.AWAITING_NOTICE, talent__is_secret=True)
    return act_on_each(lambda: waiting, lambda pk: _approve_if_secret(pk, at=at), what="an approval without a notice")


@atomic_operation
def _approve_if_secret(nomination_id: UUID, *, at: dt.datetime) -> bool:
    nomination = lock(Nomination(pk=nomination_id))
    if nomination.status != NominationStatus.AWAITING_NOTICE or not nomination.talent.is_secret:
        return False
    # What stops it is decided from the desk where it waits.
    if queries.obstacles_to(nomination, None):
        return False
    approve(actor=None, nomination=nomination, grounds=_grounds(nomination), at=at)
    return True


def _sorted_out(actor: User, ids: list[UUID], at: dt.datetime) -> tuple[list[RowResult], list[Nomination]]:
    """Lock the cases; return what becomes of each, in the order given, and those that can be released."""
    visible = queries.visible_to(actor).in_bulk(ids)
    results: dict[UUID, RowResult] = {}
    releasable: dict[UUID, Nomination] = {}
    # In one order, whatever the callers': two that release the same cases at once do not wait for each other for ever.
    for pk in sorted(ids):
        if pk not in visible:
            results[pk] = RowResult(id=pk, number="", error=NotFound())
            continue
        case = lock(visible[pk])
        error = _hindrance(actor, case, at)
        results[pk] = RowResult(id=pk, number=case.number, error=error)
        if error is None:
            releasable[pk] = case
    return [results[pk] for pk in ids], [releasable[pk] for pk in ids if pk in releasable]


def _hindrance(actor: User, case: Nomination, at: dt.datetime) -> DomainError | None:
    """Return why a locked case cannot be released now, or None."""
    try:
        _ensure_may_release(actor, case, at)
    except DomainError as error:
        return error
    return None


def _ensure_may_release(actor: User, case: Nomination, at: dt.datetime) -> None:
    if not rules.in_scope(actor, case, Step.SECOND):
        raise NotAllowed
    if rules.has_conflict(actor, case):
        raise ConflictOfInterest
    if rules.has_refused(actor, case):
        raise RefusedBefore
    if case.status != NominationStatus.AWAITING_NOTICE:
        raise TransitionNotAllowed(status=NominationStatus(case.status).label)
    if case.talent.is_secret:
        raise UnderSecrecy
    if case.item is not None:
        ensure_free(actor, case.item, at=at)
    if obstacles := queries.obstacles_to(case, None):
        raise CaseStopped(obstacles)


def _open_notice(actor: User, case: Nomination, release: NoticeRelease) -> None:
    at = release.opened_at
    # Before the step: its decision says in which release, and until when.
    # After an appeal against a refusal under notice there is one that ended: it begins anew.
    begun = {"opened_at": at, "closes_at": release.closes_at, "paused_at": None, "days_left": 0, "ended_at": None}
    case.notice, _created = PublicNotice.objects.update_or_create(
        nomination=case, defaults={"release": release, **begun}
    )
    step = move(nomination=case, to=NominationStatus.PUBLIC_NOTICE, actor=actor, grounds=_grounds(case), at=at)
    tell_parties(case, event="nomination.public_notice", fact=step.pk)


def _grounds(case: Nomination) -> Grounds:
    """Return what the second reviewer said who passed it."""
    passed = case.reviews.filter(step=Step.SECOND, outcome=Outcome.PASS).order_by("-decided_at").first()
    return Grounds(reason=passed.reason if passed is not None else "")


def _create_release(
    actor: User, *, at: dt.datetime, closes_at: dt.datetime, title_zh: str, title_en: str
) -> NoticeRelease:
    year, serial = _next_number(at)
    titles = {"zh": title_zh.strip(), "en": title_en.strip()}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            titles[language[:2]] = titles[language[:2]] or DEFAULT_TITLE % {"year": year, "serial": serial}
    return NoticeRelease.objects.create(
        year=year,
        serial=serial,
        title_zh=titles["zh"],
        title_en=titles["en"],
        opened_at=at,
        closes_at=closes_at,
        released_by=actor,
    )


def _next_number(at: dt.datetime) -> tuple[int, int]:
    """Return a year and a serial number no other release has; those of a year count from 1."""
    year = timezone.localtime(at).year
    counter = ReleaseCounter.objects.filter(year=year)
    if not counter.update(last=F("last") + 1):
        ReleaseCounter.objects.get_or_create(year=year)
        counter.update(last=F("last") + 1)
    return year, counter.get().last
