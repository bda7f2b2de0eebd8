"""What the pages ask."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, Tier
from cards.nominations import queries
from cards.nominations.choices import EvidenceKind, NominationStatus, Outcome, Step
from cards.nominations.models import Nomination
from cards.nominations.operations import MissingItem, NomineeInput
from cards.talents.choices import Gender, IdentityKind
from cards.talents.models import District
from cards.talents.operations import IdentityInput
from talentcard.core.errors import DomainError, InvalidInput

# Where an operation and a form name the same thing differently.
FIELD_NAMES = {"basis": "basis_and_tier", "tier": "basis_and_tier"}
ANY: list[tuple[str, str | Promise]] = [("", _("All"))]
LONGEST_TEXT = 5000
LONGEST_REASON = 2000


def _as_words(choices: type[models.TextChoices]) -> list[tuple[str, str]]:
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
    name = FIELD_NAMES.get(name, name)
    return name if name in form.fields else None


def _choices(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # every caller declares it so
    field.choices = choices


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
        _choices(self, "basis_and_tier", [("", "—"), *groups.items()])
        _choices(self, "district", [("", "—"), *[(each.code, each.name) for each in District.objects.all()]])

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
    identity_kind = forms.ChoiceField(label=_("Identity document"), choices=_as_words(IdentityKind))
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
    gender = forms.ChoiceField(label=_("Gender"), choices=_as_words(Gender), required=False, initial=Gender.UNSTATED)
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
            address=data["address"],
            gender=data["gender"] or Gender.UNSTATED,
            birth_date=data["birth_date"],
            nationality=data["nationality"],
            employer_name=data["employer_name"],
        )


class EvidenceForm(forms.Form):
    """A document to add to a case."""

    kind = forms.ChoiceField(label=_("What it shows"), choices=_as_words(EvidenceKind))
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})
    )


class DecisionForm(forms.Form):
    """Why a reviewer decides so; a return lists everything to correct, at once."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The nominator reads it. Needed for a return and a rejection."),
    )
    missing = forms.CharField(
        label=_("To correct"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For a return: everything that is missing or wrong, one thing a line."),
    )

    @property
    def missing_items(self) -> list[MissingItem]:
        """Return what is to be corrected, a line each; call it on a valid form."""
        lines = (line.strip() for line in self.cleaned_data["missing"].splitlines())
        return [MissingItem(field="", note=line) for line in lines if line]


class ReviewForm(DecisionForm):
    """A decision on one case; `step` is the review it was opened for, `item` the round."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=_as_words(Outcome), widget=forms.RadioSelect)
    step = forms.ChoiceField(choices=Step, widget=forms.HiddenInput)
    item = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("outcome", "reason", "missing", "step", "item")


class BulkForm(DecisionForm):
    """A decision on many cases; without an outcome that returns them there is nothing to list."""

    outcome = forms.ChoiceField(choices=Outcome, widget=forms.HiddenInput)

    def __init__(self, *args: Any, outcome: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if outcome == Outcome.PASS:
            self.fields["reason"].help_text = ""
        if outcome != Outcome.RETURN:
            del self.fields["missing"]

    @property
    def missing_items(self) -> list[MissingItem]:
        """Return what is to be corrected, a line each; call it on a valid form."""
        return super().missing_items if "missing" in self.fields else []


class ResolutionForm(forms.Form):
    """What becomes of an objection."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("dismiss", _("Dismiss: the notice goes on")),
            ("uphold", _("Uphold: the nomination is rejected")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


class ObjectionForm(forms.Form):
    """What somebody has against a nomination under notice."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contact = forms.CharField(
        label=_("How to reach you"),
        max_length=200,
        help_text=_("A phone number or an e-mail address: the officer may have questions."),
    )
    text = forms.CharField(
        label=_("Your objection"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Say what is not true or not right, and how that can be verified."),
    )


class CaseFilterForm(forms.Form):
    """Which cases a list shows."""

    q = forms.CharField(label=_("Number or name"), max_length=100, required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[*ANY, *_as_words(NominationStatus)])


class InboxFilterForm(forms.Form):
    """Which waiting cases an officer looks at."""

    step = forms.ChoiceField(label=_("Step"), required=False, choices=[*ANY, *_as_words(Step)])
    basis = forms.ChoiceField(label=_("Basis"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    district = forms.ChoiceField(label=_("District or park"), required=False)

    def __init__(self, data: Mapping[str, str], *, districts: dict[str, str], at: dt.datetime) -> None:
        super().__init__(data)
        bases = list(queries.open_bases(at))
        tiers = {tier.code: str(tier) for basis in bases for tier in basis.tiers.all()}
        _choices(self, "basis", [*ANY, *[(basis.code, basis.name) for basis in bases]])
        _choices(self, "tier", [*ANY, *sorted(tiers.items())])
        _choices(self, "district", [*ANY, *districts.items()])


class ImportForm(forms.Form):
    """A spreadsheet of nominations, and its documents in an archive."""

    workbook = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
        help_text=_("One nomination a row, with the columns of the sample sheet."),
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=_("A ZIP archive of the files that the rows name: PDF, JPEG or PNG."),
    )
