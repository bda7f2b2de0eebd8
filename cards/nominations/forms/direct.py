"""Direct issues: one person, a list, a decision."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, RecognisedEntry, Tier
from cards.nominations.choices import EvidenceKind
from cards.nominations.forms.cases import NominationForm
from cards.nominations.forms.shared import LONGEST_REASON, set_choices
from cards.nominations.operations import Proposal


class DirectForm(NominationForm):
    """A person to be given a card directly, and what it rests on."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("Exactly as on the identity document."))
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("The link to the card is sent there, unless the person has an account."),
    )
    phone = forms.CharField(label=_("Mobile"), max_length=30, required=False)
    entry = forms.ChoiceField(
        label=_("Title or qualification"),
        required=False,
        help_text=_("Only where the list names titles rather than people; attach its certificate."),
    )
    # Not asked for here.
    statement = None  # type: ignore[assignment]  # Django's way to leave a field out
    address = None  # type: ignore[assignment]  # as above

    def __init__(self, *args: Any, bases: Iterable[Basis], **kwargs: Any) -> None:
        bases = list(bases)
        super().__init__(*args, bases=bases, **kwargs)
        lists = {basis.recognised_list_id for basis in bases}
        titles = RecognisedEntry.objects.in_force(timezone.localdate()).of_titles().filter(recognised_list__in=lists)
        self.titles = {str(entry.pk): entry for entry in titles}
        set_choices(self, "entry", [("", "—"), *[(key, entry.title) for key, entry in self.titles.items()]])
        for kind in EvidenceKind:
            self.fields[kind.value] = forms.FileField(
                label=capfirst(kind.label),
                required=False,
                widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
            )

    @property
    def proposal(self) -> Proposal:
        """Return what is proposed; call it on a valid form."""
        data = self.cleaned_data
        return Proposal(
            basis=self.basis,
            tier=self.tier,
            district=data["district"],
            entry=self.titles.get(data["entry"]),
            phone=data["phone"],
            email=data["email"],
        )

    @property
    def uploads(self) -> list[tuple[EvidenceKind, UploadedFile]]:
        """Return the documents, each with its kind; call it on a valid form."""
        return [(kind, upload) for kind in EvidenceKind if (upload := self.cleaned_data.get(kind.value))]


class DirectListForm(forms.Form):
    """Which list is looked through, and for which tier."""

    basis_and_tier = forms.ChoiceField(label=_("Basis and tier"))

    def __init__(self, *args: Any, bases: Iterable[Basis], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs: dict[str, tuple[Basis, Tier]] = {
            f"{basis.pk}:{tier.pk}": (basis, tier) for basis in bases for tier in basis.tiers.all()
        }
        choices = [(key, f"{basis.name} · {tier}") for key, (basis, tier) in self.pairs.items()]
        set_choices(self, "basis_and_tier", [("", "—"), *choices])


class DirectDecisionForm(forms.Form):
    """Why a direct issue is refused."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for a refusal. Who proposed it reads it."),
    )
