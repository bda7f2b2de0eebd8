"""What the forms share: errors shown where they belong, and choices."""

from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from talentcard.core.errors import DomainError, InvalidInput

# Where an operation and a form name the same thing differently.
FIELD_NAMES = {
    "basis": "basis_and_tier",
    "tier": "basis_and_tier",
    "valid_from": "first_day",
    "valid_until": "last_day",
    "role": "step",
}


ANY: list[tuple[str, str | Promise]] = [("", _("All"))]


LONGEST_TEXT = 5000


LONGEST_REASON = 2000


def as_words(choices: type[models.TextChoices]) -> list[tuple[str, str]]:
    """Return choices as they stand alone, in a list or beside a radio button."""
    return [(value, capfirst(label)) for value, label in choices.choices]


def show_errors(form: forms.Form, error: DomainError) -> None:
    """Put what an operation found wrong beside the fields it concerns."""
    if isinstance(error, InvalidInput):
        for fault in error.errors:
            form.add_error(_field_for(form, fault.field), str(fault.message))
    else:
        form.add_error(_field_for(form, error.field or ""), str(error))


def _field_for(form: forms.Form, name: str) -> str | None:
    if name not in form.fields:
        name = FIELD_NAMES.get(name, name)
    return name if name in form.fields else None


def set_choices(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # every caller declares it so
    field.choices = choices
