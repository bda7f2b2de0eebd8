"""Notices and objections."""

from django.db.models import QuerySet

from cards.nominations.choices import ObjectionStatus
from cards.nominations.models import Nomination, Objection, PublicNotice


def open_notices() -> QuerySet[PublicNotice]:
    """Return the notices the public may read; nobody under secrecy is among them."""
    notices = PublicNotice.objects.filter(ended_at=None, nomination__talent__is_secret=False)
    return notices.select_related(
        "nomination__talent", "nomination__employer", "nomination__basis", "nomination__tier", "nomination__nominator"
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
