"""Errors of the domain: raised by operations, turned into an answer by one handler at each edge."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Say that a rule of the domain forbids what was asked.

    Subclasses stand beside the operation that raises them and set a stable `code` and a translatable `message`
    whose `%(name)s` placeholders are filled from `params`.

    :param field: the input field at fault, if there is one
    :param params: values for the message
    """

    code: ClassVar[str] = "domain_error"
    message: ClassVar[str | Promise] = _("This is not possible now.")
    http_status: ClassVar[int] = 409

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        super().__init__(self.code)
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)

    def as_dict(self) -> dict[str, Any]:
        """Return the error as the API shows it: `code`, `message` and, if known, `field`."""
        body: dict[str, Any] = {"code": self.code, "message": str(self)}
        if self.field:
            body["field"] = self.field
        return body


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """One fault of an input: which field (and row, counted as the spreadsheet counts it), and what is wrong."""

    field: str
    code: str
    message: str | Promise
    row: int | None = None

    def as_dict(self) -> dict[str, Any]:
        body: dict[str, Any] = {"field": self.field, "code": self.code, "message": str(self.message)}
        return body if self.row is None else {"row": self.row, **body}


class InvalidInput(DomainError):
    """Say everything that is wrong with an input, at once."""

    code = "invalid_input"
    message = _("Some of what was entered is not right.")
    http_status = 400

    def __init__(self, errors: Iterable[FieldError]) -> None:
        super().__init__()
        self.errors = list(errors)

    @classmethod
    def of(cls, field: str, code: str, message: str | Promise) -> "InvalidInput":
        """Build the error for a single field."""
        return cls([FieldError(field=field, code=code, message=message)])

    def __str__(self) -> str:
        return " ".join(str(error.message) for error in self.errors)

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": str(self.message),
            "errors": [error.as_dict() for error in self.errors],
        }


class NotAllowed(DomainError):
    """Say that this person may not do this."""

    code = "not_allowed"
    message = _("You are not allowed to do this.")
    http_status = 403
