"""A nomination, as its nominator fills it in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, Tier
from cards.nominations.choices import EvidenceKind
from cards.nominations.forms.shared import LONGEST_TEXT, as_words, set_choices
from cards.nominations.models import Nomination
from cards.nominations.operations import NomineeInput
from cards.talents.choices import Gender, IdentityKind
from cards.talents.models import District
from cards.talents.operations import IdentityInput
from talentcard.accounts.models import Organisation


class CaseForm(forms.Form):
    """What a case states besides the person; a basis comes with its tiers, so that no impossible pair can be chosen."""

    employer_name = forms.CharField(
        label=_("Employer"),
        max_length=160,
        required=False,
        help_text=_("The full registered name. Needed before you submit."),
    )
    district = forms.ChoiceField(
        label=_("District or park"), help_text=_("Where the nominee works: its office makes the preliminary review.")
    )
    basis_and_tier = forms.ChoiceField(
        label=_("Basis and tier"), help_text=_("Each basis is listed with the tiers it may lead to.")
    )
    statement = forms.CharField(
        label=_("Why this person"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the person has achieved and what it means for the city. Needed before you submit."),
    )

    def __init__(self, *args: Any, bases: Iterable[Basis], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs = {f"{basis.pk}:{tier.pk}": (basis, tier) for basis in bases for tier in basis.tiers.all()}
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, (basis, tier) in self.pairs.items():
            groups.setdefault(basis.name, []).append((key, f"{basis.name} · {tier}"))
        set_choices(self, "basis_and_tier", [("", "—"), *groups.items()])
        set_choices(self, "district", [("", "—"), *[(each.code, each.name) for each in District.objects.all()]])

    @property
    def basis(self) -> Basis:
        """Return the chosen basis; call it on a valid form."""
        return self.pairs[self.cleaned_data["basis_and_tier"]][0]

    @property
    def tier(self) -> Tier:
        """Return the chosen tier; call it on a valid form."""
        return self.pairs[self.cleaned_data["basis_and_tier"]][1]


def initial_case(nomination: Nomination) -> dict[str, Any]:
    """Return what a `CaseForm` starts from."""
    return {
        "employer_name": nomination.employer_name,
        "district": nomination.district,
        "basis_and_tier": f"{nomination.basis_id}:{nomination.tier_id}",
        "statement": nomination.statement,
    }


class ContactForm(forms.Form):
    """How the nominee is reached."""

    email = forms.EmailField(
        label=_("Nominee's e-mail"),
        max_length=254,
        required=False,
        help_text=_("The result is sent there. Needed before you submit."),
    )
    phone = forms.CharField(label=_("Nominee's mobile"), max_length=30, required=False)
    address = forms.CharField(label=_("Postal address"), max_length=300, required=False)


class NominationForm(ContactForm, CaseForm):
    """A new nomination: only who the person is, and for what, must be there to save the draft."""

    name = forms.CharField(
        label=_("Nominee's name"), max_length=200, help_text=_("Exactly as on the identity document.")
    )
    identity_kind = forms.ChoiceField(label=_("Identity document"), choices=as_words(IdentityKind))
    identity_number = forms.CharField(
        label=_("Document number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Resident identity card: 18 characters, the last may be X. Spaces do not matter."),
    )
    issuing_region = forms.CharField(
        label=_("Issuing country or region"), max_length=60, required=False, help_text=_("For a passport.")
    )
    nationality = forms.CharField(label=_("Country or region of nationality"), max_length=60, required=False)
    gender = forms.ChoiceField(label=_("Gender"), choices=as_words(Gender), required=False, initial=Gender.UNSTATED)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Not needed where the document number holds it."),
    )

    field_order = (
        "name",
        "identity_kind",
        "identity_number",
        "issuing_region",
        "nationality",
        "gender",
        "birth_date",
        "email",
        "phone",
        "address",
        "employer_name",
        "district",
        "basis_and_tier",
        "statement",
    )

    @property
    def nominee(self) -> NomineeInput:
        """Return who is nominated; call it on a valid form."""
        data = self.cleaned_data
        return NomineeInput(
            name=data["name"],
            identity=IdentityInput(
                kind=data["identity_kind"], number=data["identity_number"], issuing_region=data["issuing_region"]
            ),
            email=data["email"],
            phone=data["phone"],
            address=data.get("address", ""),
            gender=data["gender"] or Gender.UNSTATED,
            birth_date=data["birth_date"],
            nationality=data["nationality"],
            employer_name=data["employer_name"],
        )


class WindowForm(NominationForm):
    """A new nomination that a window clerk files for a nominator."""

    nominator = forms.ModelChoiceField(
        label=_("Nominator"),
        queryset=Organisation.objects.none(),
        help_text=_("Whose nomination this is: its yearly quota is charged, and it is told."),
    )

    def __init__(self, *args: Any, nominators: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["nominator"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # declared above
        field.queryset = nominators
        self.order_fields(["nominator"])


class EvidenceForm(forms.Form):
    """A document to add to a case."""

    kind = forms.ChoiceField(label=_("What it shows"), choices=as_words(EvidenceKind))
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})
    )
