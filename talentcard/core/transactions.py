"""The transaction every operation runs in."""

import functools
import logging
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from talentcard.core.errors import DomainError

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 4
# SQLite: "database is locked"; PostgreSQL: 40001 serialization failure, 40P01 deadlock.
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01"})


_in_operation: ContextVar[bool] = ContextVar("in_operation", default=False)


def atomic_operation(operation: Callable[P, R]) -> Callable[P, R]:
    """Run an operation in a transaction; run it again, whole, where the database asks for that.

    An operation that another one calls joins its transaction: if it fails, both do. Who wants to go on after its
    failure calls it in a `transaction.atomic()` of its own. Only the outermost operation is retried: inside a
    transaction the error goes up to its owner.
    """

    @functools.wraps(operation)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _in_operation.get():
            with transaction.atomic(savepoint=False):
                return operation(*args, **kwargs)
        attempts = 1 if transaction.get_connection().in_atomic_block else ATTEMPTS
        for attempt in range(1, attempts):
            try:
                return _run_outermost(operation, *args, **kwargs)
            except OperationalError as error:
                if not _is_retryable(error):
                    raise
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311  # jitter, not a secret
        return _run_outermost(operation, *args, **kwargs)

    return run


def act_on_each(find: Callable[[], QuerySet[Any]], act: Callable[[Any], bool], *, what: str) -> int:
    """Act on everything that is due, each in a transaction of its own; return on how many.

    What fails is logged, holds up nobody else, and is due again the next time.

    :param find: returns what is due now; it may refuse, and then nothing is
    :param act: one operation on a primary key, which asks again under the lock whether it is due, and returns whether
        it was
    :param what: what is done, as the log names it
    """
    try:
        ids = list(find().values_list("pk", flat=True))
    except DomainError as error:
        log.warning("%s: nothing can be done: %s", what, error)
        return 0
    count = 0
    for pk in ids:
        try:
            count += act(pk)
        except DomainError as error:
            log.warning("%s: %s has to wait: %s", what, pk, error.code)
        except Exception:  # a row with a fault in it must not stand in the way of all after it
            log.exception("%s: %s failed", what, pk)
    return count


def _run_outermost(operation: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with transaction.atomic():
        token = _in_operation.set(True)
        try:
            result = operation(*args, **kwargs)
        finally:
            # Before the commit: what runs on it is outside the operation.
            _in_operation.reset(token)
        if transaction.get_rollback():
            # Django would undo everything and say nothing.
            raise transaction.TransactionManagementError("an operation that was called failed, and its error was lost")
        return result


def _is_retryable(error: OperationalError) -> bool:
    if "locked" in str(error):
        return True
    return getattr(error.__cause__, "sqlstate", None) in RETRYABLE_SQLSTATES
