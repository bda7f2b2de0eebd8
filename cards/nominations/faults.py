"""What is wrong with a row of a spreadsheet, as it is kept and as it is shown.

A fault is kept as JSON without personal data: `field`, `code`, `message` (the English sentence, translated when it is
shown) and `params`. A file is named by its place in the row's cell, because its name may hold a person's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cards.nominations.sheets import GREEN_HEADINGS, HEADINGS, MORE_HEADINGS
from talentcard.core.errors import DomainError, FieldError, InvalidInput

Fault = dict[str, Any]

FILE_MESSAGES: dict[str, str | Promise] = {
    "evidence_missing": _("The archive holds no file named %(file)s."),
    "evidence_ambiguous": _("The archive holds two files named %(file)s."),
    "file_empty": _("The file %(file)s is empty."),
    "file_too_large": _("The file %(file)s is too large."),
    "file_type_mismatch": _("The file %(file)s is not what its name says, or not a PDF, JPEG or PNG."),
    "file_damaged": _("The file %(file)s is damaged or too large a picture."),
    "pdf_encrypted": _("The file %(file)s is protected. Print it to a new PDF without protection."),
    "pdf_active_content": _("The file %(file)s holds a program, an attached file or an action. Print it to a new PDF."),
    "file_not_scannable": _("The file %(file)s is larger than the virus scanner takes."),
    "file_infected": _("The file %(file)s is infected with a virus."),
    "archive_unreadable": _("The file %(file)s cannot be taken out of the archive: it is damaged or has a password."),
}
FILE_REFUSED = _("The file %(file)s was refused.")
# What the operations name otherwise than the sheet, and the files themselves.
OTHER_HEADINGS = {
    "sheet": ("电子表格", "Spreadsheet"),
    "archive": ("证明材料压缩包", "Archive"),
    "statement": HEADINGS["reasons"],
    "employer_name": HEADINGS["employer"],
    "expert": MORE_HEADINGS["expert_emails"],
    "experts": MORE_HEADINGS["expert_emails"],
}


def keep(error: FieldError, **params: object) -> Fault:
    """Return a fault as it is kept."""
    return _fault(error.field, error.code, error.message, params)


def keep_file(code: str, position: int) -> Fault:
    """Return a fault of the row's evidence as it is kept; the file is the one at this position of the cell."""
    return _fault("evidence", code, FILE_MESSAGES.get(code, FILE_REFUSED), {"file": position})


def keep_refusal(error: DomainError) -> list[Fault]:
    """Return the faults for which an operation refused a row."""
    if isinstance(error, InvalidInput):
        return [keep(each) for each in error.errors]
    return [_fault(error.field or "", error.code, error.message, error.params)]


def message_of(fault: Fault, files: Sequence[str] = ()) -> str:
    """Return what is wrong in the reader's language; `files` are the names in the row's cell."""
    params = dict(fault["params"])
    if "file" in params:
        params["file"] = files[params["file"]] if params["file"] < len(files) else ""
    message = gettext(fault["message"])
    return message % params if params else message


def heading_of(field: str) -> str:
    """Return the heading of a field's column in the reader's language."""
    zh, en = {**GREEN_HEADINGS, **HEADINGS, **MORE_HEADINGS, **OTHER_HEADINGS}.get(field, (field, field))
    return zh if (get_language() or "").startswith("zh") else en


def _fault(field: str, code: str, message: str | Promise, params: Mapping[str, object]) -> Fault:
    with translation.override(None):
        text = str(message)
    kept = {name: value if isinstance(value, int) else str(value) for name, value in params.items()}
    return {"field": field, "code": code, "message": text, "params": kept}
