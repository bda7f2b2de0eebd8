"""The tasks the outbox can run, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TaskBody = Callable[..., Any]


@dataclass(frozen=True)
class RegisteredTask:
    """A task body; `atomic` says that the body and its `done` mark commit together."""

    name: str
    body: TaskBody
    atomic: bool


_tasks: dict[str, RegisteredTask] = {}


def outbox_task(*, name: str, atomic: bool = True) -> Callable[[TaskBody], TaskBody]:
    """Register a function as the body of an outbox task.

    With `atomic` the body runs in one transaction with its `done` mark: exactly once, and no I/O in it. Without, the
    body may do I/O and must be idempotent: it runs again if the worker dies between the effect and the mark.
    """

    def register(body: TaskBody) -> TaskBody:
        if name in _tasks and _tasks[name].body.__qualname__ != body.__qualname__:
            raise ValueError(f"two outbox tasks are named {name}")
        _tasks[name] = RegisteredTask(name=name, body=body, atomic=atomic)
        return body

    return register


def get(name: str) -> RegisteredTask:
    """Return a task by name.

    :raises KeyError: if no app registers it
    """
    return _tasks[name]
