"""What the engine's own pages ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.verification.forms import CodeOrPictureForm
from cards.verification.models import Desk
from services.perks import redemption
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


class ScanForm(CodeOrPictureForm):
    """A code, and what is redeemed where."""

    place = forms.ChoiceField(label=_("Desk and service"))
    quantity = forms.IntegerField(label=_("Uses"), min_value=1, max_value=20, initial=1)

    field_order = ["place", "code", "image", "quantity"]

    def __init__(self, *args: Any, desks: list[Desk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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


def show_errors(form: forms.Form, error: InvalidInput) -> None:
    """Put what an operation found wrong beside the fields it concerns."""
    for fault in error.errors:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault.message))
