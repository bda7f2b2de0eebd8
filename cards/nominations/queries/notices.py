"""Notices and objections."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from cards.nominations.choices import NominationStatus, ObjectionStatus
from cards.nominations.models import (
    Nomination,
    NominationQuerySet,
    NoticeRelease,
    Objection,
    PublicNotice,
    PublicNoticeQuerySet,
)
from cards.nominations.queries.desks import inbox
from talentcard.accounts.rules import Actor


def open_notices(*, at: dt.datetime) -> QuerySet[PublicNotice]:
    """Return the notices the public may read of by name: while they last, and of nobody under secrecy."""
    return public_notices().open(at=at).order_by("-release__year", "-release__serial", "nomination__number")


def notices_in(release: NoticeRelease, *, at: dt.datetime) -> QuerySet[PublicNotice]:
    """Return whom a release names now, for its page and its signed list alike; nobody once it has ended."""
    return open_notices(at=at).filter(release=release)


def open_releases(*, at: dt.datetime) -> QuerySet[NoticeRelease]:
    """Return the releases that name somebody now, the newest first."""
    named = public_notices().open(at=at).filter(release=OuterRef("pk"))
    return NoticeRelease.objects.filter(Exists(named.select_related(None)))


def waiting_for_release(user: Actor, *, at: dt.datetime) -> NominationQuerySet:
    """Return the cases a user may put under public notice now, those that wait longest first."""
    waiting = inbox(user, at=at).filter(status=NominationStatus.AWAITING_NOTICE, talent__is_secret=False)
    return waiting.order_by("item__opened_at", "id")


def public_notices() -> PublicNoticeQuerySet:
    """Return the notices that the public knows of, running or ended; of an ended one nobody is named any more."""
    return PublicNotice.objects.filter(nomination__talent__is_secret=False).select_related(
        "release",
        "nomination__talent",
        "nomination__employer",
        "nomination__basis",
        "nomination__tier",
        "nomination__nominator",
    )


def open_objections(notice: PublicNotice) -> QuerySet[Objection]:
    """Return the objections that stop a notice's clock."""
    return notice.objections.filter(status=ObjectionStatus.OPEN)


def notice_of(nomination: Nomination) -> PublicNotice | None:
    """Return a case's public notice, running or ended, or None if it never had one."""
    return PublicNotice.objects.filter(nomination=nomination).first()


def objections_to(nomination: Nomination) -> QuerySet[Objection]:
    """Return what was objected to a case, oldest first."""
    return Objection.objects.filter(notice__nomination=nomination)
