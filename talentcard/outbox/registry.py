"""The tasks the outbox can run, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TaskBody = Callable[..., Any]


@dataclass(frozen=True)
class RegisteredTask:
    """A task body; `atomic` says that the body and its `done` mark commit together, `batch` how many it may take."""

    name: str
    body: TaskBody
    atomic: bool
    batch: int


_tasks: dict[str, RegisteredTask] = {}


def outbox_task(*, name: str, atomic: bool = True, batch: int = 1) -> Callable[[TaskBody], TaskBody]:
    """Register a function as the body of an outbox task.

    With `atomic` the body runs in one transaction with its `done` mark: exactly once, and no I/O in it. Without, the
    body may do I/O and must be idempotent: it runs again if the worker dies between the effect and the mark.

    With a `batch` above one the body takes up to so many entries at once, as a list `batch` of their arguments; if it
    fails it runs again for each alone, so that one that cannot be done does not hold up the others.
    """

    def register(body: TaskBody) -> TaskBody:
        if name in _tasks and _tasks[name].body.__qualname__ != body.__qualname__:
            raise ValueError(f"two outbox tasks are named {name}")
        _tasks[name] = RegisteredTask(name=name, body=body, atomic=atomic, batch=batch)
        return body

    return register


def get(name: str) -> RegisteredTask:
    """Return a task by name.

    :raises KeyError: if no app registers it
    """
    return _tasks[name]


def batch_of(name: str) -> int:
    """Return how many entries of a task may run at once; one for a task that no app registers."""
    return _tasks[name].batch if name in _tasks else 1
