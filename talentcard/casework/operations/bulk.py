"""Act on many subjects at once, each for itself; what is done to each is its app's own matter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from talentcard.core.errors import DomainError

MAX_AT_ONCE = 500


class TooManyAtOnce(DomainError):
    """More subjects than one request decides."""

    code = "too_many_at_once"
    message = _("At most %(limit)s cases can be decided at once.")
    http_status = 400


class NotFound(DomainError):
    """No such case is open to this person."""

    code = "not_found"
    message = _("There is no such case.")
    http_status = 404


class Numbered(Protocol):
    """What people call by its number."""

    number: str


Subject = TypeVar("Subject", bound=Numbered)


@dataclass(frozen=True, kw_only=True)
class RowResult:
    """What became of one subject of many; `number` is empty if the actor may not see it."""

    id: UUID
    number: str
    error: DomainError | None

    @property
    def ok(self) -> bool:
        """Tell whether it was done."""
        return self.error is None


def ensure_not_too_many(count: int) -> None:
    """Check how many one request names.

    :raises TooManyAtOnce: if there are more than it decides
    """
    if count > MAX_AT_ONCE:
        raise TooManyAtOnce(limit=MAX_AT_ONCE)


def decide_each(
    ids: Sequence[UUID],
    *,
    among: Mapping[UUID, Subject],
    act: Callable[[Subject], object],
) -> list[RowResult]:
    """Act on each subject in a transaction of its own and say what became of it, in order; a repeated id counts once.

    :param among: those that the actor may see; the others do not exist
    :param act: one operation, which refuses with a `DomainError`
    :raises TooManyAtOnce: if there are more than one request decides
    """
    ensure_not_too_many(len(ids))
    return [_decide(each, among.get(each), act) for each in dict.fromkeys(ids)]


def attempt(act: Callable[[], object], *, is_rehearsal: bool = False) -> DomainError | None:
    """Act on one subject of many, and return why that was refused, if it was.

    :param act: one operation, which refuses with a `DomainError`
    :param is_rehearsal: do it whole, by all its rules, and undo it again
    """
    try:
        if not is_rehearsal:
            act()
            return None
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except DomainError as refusal:
        return refusal
    return None


def _decide(subject_id: UUID, subject: Subject | None, act: Callable[[Subject], object]) -> RowResult:
    if subject is None:
        return RowResult(id=subject_id, number="", error=NotFound())
    return RowResult(id=subject_id, number=subject.number, error=attempt(partial(act, subject)))
