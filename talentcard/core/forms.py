"""What a form found wrong, as operations and the API say it."""

from django import forms

from talentcard.core.errors import InvalidInput


def input_errors(form: forms.Form) -> InvalidInput:
    """Return what a form found wrong, as the API says it."""
    faults = []
    for field, errors in form.errors.as_data().items():
        for error in errors:
            message = " ".join(str(text) for text in error.messages)
            faults += InvalidInput.of(field.strip("_"), error.code or "invalid", message).errors
    return InvalidInput(faults)
