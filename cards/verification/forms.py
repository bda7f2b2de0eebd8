import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.verification.images import ImageRefused, read_code
from cards.verification.models import Desk, Purpose
from cards.verification.operations import MAX_TEXT

CODE_WIDGET = forms.Textarea(
    attrs={"rows": 4, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
)


class PublicCheckForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=MAX_TEXT,
        widget=CODE_WIDGET,
        help_text=_("Paste the whole address that the QR code holds, or the part after its #."),
    )


class CodeOrPictureForm(forms.Form):
    """A code, typed or on a picture; the nonce makes a reload the same request."""

    code = forms.CharField(
        label=_("Code"),
        max_length=MAX_TEXT,
        required=False,
        widget=CODE_WIDGET,
        help_text=_("A hand scanner types it here. Or paste it."),
    )
    image = forms.FileField(
        label=_("Picture of the code"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    nonce = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, place: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"nonce": uuid.uuid4().hex, "place": place}

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


class DeskCheckForm(CodeOrPictureForm):
    """A code, and where and why it is checked."""

    place = forms.ChoiceField(label=_("Desk and purpose"))

    field_order = ["place"]

    def __init__(self, *args: Any, desks: list[Desk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {
            f"{desk.pk}:{purpose.code}": (desk, purpose)
            for desk in desks
            for purpose in desk.purposes.all()
            if purpose.is_active
        }
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(key, f"{desk.name} · {purpose.name}") for key, (desk, purpose) in self.places.items()]

    @property
    def desk_and_purpose(self) -> tuple[Desk, Purpose]:
        """Return what was chosen; call it on a valid form."""
        return self.places[self.cleaned_data["place"]]
