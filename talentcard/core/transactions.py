"""The transaction every operation runs in."""

import functools
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction

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
