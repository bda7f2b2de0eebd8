"""What the engine's own pages ask."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.verification.images import ImageRefused, read_code
from cards.verification.models import Desk
from cards.verification.operations import MAX_TEXT
from services.perks import redemption
from services.perks.choices import RatingLevel
from services.perks.registry import Perk
from talentcard.core.errors import InvalidInput


class ReasonForm(forms.Form):
    """Why a request is declined."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The holder reads this. Say what is missing and what may be done."),
    )


class RatingForm(forms.Form):
    """How the holder was served."""

    level = forms.TypedChoiceField(
        label=_("How were you served?"), choices=RatingLevel.choices, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("Comment"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ScanForm(forms.Form):
    """A code, typed or on a picture, and what is redeemed where; the nonce makes a reload the same use."""

    place = forms.ChoiceField(label=_("Desk and service"))
    code = forms.CharField(
        label=_("Code"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 4, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("A hand scanner types it here. Or paste it."),
    )
    image = forms.FileField(
        label=_("Picture of the code"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    quantity = forms.IntegerField(label=_("Uses"), min_value=1, max_value=20, initial=1)
    nonce = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, desks: list[Desk], place: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"nonce": uuid.uuid4().hex, "place": place}
        self.places: dict[str, tuple[Desk, Perk]] = {
            f"{desk.pk}:{perk.slug}": (desk, perk) for desk in desks for perk in redemption.perks_at(desk)
        }
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(key, f"{desk.name} · {perk.name}") for key, (desk, perk) in self.places.items()]

    @property
    def desk_and_perk(self) -> tuple[Desk, Perk]:
        """Return what was chosen; call it on a valid form."""
        return self.places[self.cleaned_data["place"]]

    def clean(self) -> dict[str, Any]:
        """Take the code from the field or from the picture, from exactly one of them."""
        data = super().clean() or {}
        if self.errors:
            return data
        code, image = data.get("code"), data.get("image")
        if bool(code) == bool(image):
            self.add_error("code", _("Give the code or a picture of it, one of the two."))
        elif image:
            try:
                data["code"] = read_code(image, size=image.size)
            except ImageRefused as error:
                self.add_error("image", str(error))
        return data


def show_errors(form: forms.Form, error: InvalidInput) -> None:
    """Put what an operation found wrong beside the fields it concerns."""
    for fault in error.errors:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault.message))


def input_errors(form: forms.Form) -> InvalidInput:
    """Return what a form found wrong, as the API says it."""
    faults = []
    for field, errors in form.errors.as_data().items():
        for error in errors:
            message = " ".join(str(text) for text in error.messages)
            faults += InvalidInput.of(field.strip("_"), error.code or "invalid", message).errors
    return InvalidInput(faults)
