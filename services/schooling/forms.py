"""What is asked for a child, and which school is given."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.talents import identity
from cards.talents.choices import IdentityKind
from services.perks.registry import GrantForm, RequestForm
from services.schooling.models import SchoolPlaces, SchoolSeason

# A permanent resident card is for adults; a child comes with one of these.
CHILD_DOCUMENTS = [
    IdentityKind.RESIDENT_ID,
    IdentityKind.PASSPORT,
    IdentityKind.HK_MACAU_PERMIT,
    IdentityKind.TAIWAN_PERMIT,
    IdentityKind.RESIDENCE_PERMIT,
    IdentityKind.FOREIGN_PR_CARD,
]


class PlacesField(forms.ModelChoiceField):
    """A school of a season."""

    def label_from_instance(self, obj: SchoolPlaces) -> str:
        """Say school and stage; several seasons may be open at once."""
        return f"{obj.school.name} · {obj.school.get_stage_display()}"


class SchoolingRequestForm(RequestForm):
    """A season, a child, and up to three schools in order."""

    season = forms.ModelChoiceField(label=_("Season"), queryset=SchoolSeason.objects.none(), empty_label=None)
    name = forms.CharField(label=_("Child's name"), max_length=200, help_text=_("As on the child's document."))
    birth_date = forms.DateField(
        label=_("Child's date of birth"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    identity_kind = forms.ChoiceField(
        label=_("Child's document"), choices=[(kind.value, kind.label) for kind in CHILD_DOCUMENTS]
    )
    identity_number = forms.CharField(
        label=_("Document number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    issuing_region = forms.CharField(
        label=_("Issuing country or region"), max_length=60, required=False, help_text=_("For a passport.")
    )
    school_1 = PlacesField(label=_("First choice"), queryset=SchoolPlaces.objects.none(), empty_label=None)
    school_2 = PlacesField(label=_("Second choice"), queryset=SchoolPlaces.objects.none(), required=False)
    school_3 = PlacesField(label=_("Third choice"), queryset=SchoolPlaces.objects.none(), required=False)
    guardian_consent = forms.BooleanField(
        label=_("I am the child's guardian and agree that these data are used to find a school."),
        error_messages={"required": _("A child's data may be used only with the guardian's consent.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seasons = SchoolSeason.objects.open(self.context.at).for_tier(self.context.tier_code)
        self._choose_from("season", seasons)
        places = SchoolPlaces.objects.filter(season__in=seasons).select_related("school")
        for name in ("school_1", "school_2", "school_3"):
            self._choose_from(name, places)

    def clean(self) -> dict[str, Any]:
        """Check what concerns several fields, each fault at its own."""
        data = super().clean() or self.cleaned_data
        self._clean_document(data)
        season, schools = data.get("season"), [data.get(name) for name in ("school_1", "school_2", "school_3")]
        data["schools"] = [places for places in schools if places is not None]
        self._clean_schools(season, schools)
        born = data.get("birth_date")
        if season and born and not season.admits_birth(born):
            facts = {"start": season.born_from.isoformat(), "end": season.born_until.isoformat()}
            message = _("This season is for children born from %(start)s to %(end)s.")
            self.add_error("birth_date", ValidationError(message, code="age", params=facts))
        return data

    def _clean_schools(self, season: SchoolSeason | None, schools: list[SchoolPlaces | None]) -> None:
        seen = set()
        for rank, places in enumerate(schools, start=1):
            if places is None:
                continue
            if season and places.season_id != season.pk:
                message = ValidationError(
                    _("This school takes no part in %(season)s."), code="season", params={"season": season.name}
                )
                self.add_error(f"school_{rank}", message)
            elif places.pk in seen:
                self.add_error(f"school_{rank}", ValidationError(_("This school is named twice."), code="twice"))
            seen.add(places.pk)

    def _clean_document(self, data: dict[str, Any]) -> None:
        kind, number = data.get("identity_kind"), data.get("identity_number")
        if not kind or not number:
            return
        if kind == IdentityKind.PASSPORT and not data.get("issuing_region"):
            message = _("Say which country or region issued the passport.")
            self.add_error("issuing_region", ValidationError(message, code="required"))
        try:
            identity.validate(kind, identity.normalise(kind, number), on=timezone.localdate(self.context.at))
        except identity.IdentityNumberInvalid as error:
            self.add_error("identity_number", ValidationError(str(error.message), code=error.code))

    def _choose_from(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # declared so above
        field.queryset = rows


class PlacementForm(GrantForm):
    """Which school the child is given; the wishes come first."""

    places = PlacesField(label=_("School"), queryset=SchoolPlaces.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = self.request.schooling
        field = self.fields["places"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # declared so above
        ranks = {preference.places_id: preference.rank for preference in application.preferences.all()}
        free = SchoolPlaces.objects.filter(season=application.season_id, taken__lt=F("places"))
        field.queryset = free.select_related("school")
        wished = [places.pk for places in free if places.pk in ranks]
        self.initial.setdefault("places", min(wished, key=lambda pk: ranks[pk], default=None))
