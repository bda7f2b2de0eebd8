"""The transaction every operation runs in."""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 4
# SQLite: "database is locked"; PostgreSQL: 40001 serialization failure, 40P01 deadlock.
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01"})


def atomic_operation(operation: Callable[P, R]) -> Callable[P, R]:
    """Run an operation in a transaction; run it again, whole, where the database asks for that.

    Only the outermost operation is retried: inside another transaction the error goes up to its owner.
    """

    @functools.wraps(operation)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if transaction.get_connection().in_atomic_block:
            with transaction.atomic():
                return operation(*args, **kwargs)
        for attempt in range(1, ATTEMPTS):
            try:
                with transaction.atomic():
                    return operation(*args, **kwargs)
            except OperationalError as error:
                if not _is_retryable(error):
                    raise
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311  # jitter, not a secret
        with transaction.atomic():
            return operation(*args, **kwargs)

    return run


def _is_retryable(error: OperationalError) -> bool:
    if "locked" in str(error):
        return True
    return getattr(error.__cause__, "sqlstate", None) in RETRYABLE_SQLSTATES
