"""Check the rows of a spreadsheet against the rules, the policy and the registry; nothing is written."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, TalentCard, Tier
from cards.nominations import queries
from cards.nominations.cells import PrecisionLost, squeeze
from cards.nominations.choices import EvidenceKind, NominationStatus
from cards.nominations.models import Nomination
from cards.nominations.operations.drafts import DraftExists, NomineeInput
from cards.nominations.operations.submission import PersonHasLiveCard, PersonHasLiveNomination
from cards.nominations.sheets import LIMITS, SheetRow
from cards.talents.choices import Gender, IdentityKind
from cards.talents.models import District, IdentityDocument
from cards.talents.operations import IdentityInput, IdentityMismatch, ensure_same_person, validate_identity
from cards.talents.queries import identity_index
from talentcard.core.errors import FieldError, InvalidInput
from talentcard.core.fields import blind_index

T = TypeVar("T")
Row = TypeVar("Row")

REQUIRED = ("name", "identity_kind", "identity_number", "email", "employer", "district", "basis", "tier", "reasons")
EVIDENCE_COLUMNS = {
    "evidence": EvidenceKind.RECOMMENDATION,
    "achievement_file": EvidenceKind.ACHIEVEMENT,
    "employment_file": EvidenceKind.EMPLOYMENT,
    "qualification_file": EvidenceKind.QUALIFICATION,
    "consent_file": EvidenceKind.CONSENT,
    "other_file": EvidenceKind.OTHER,
}
SEPARATORS = re.compile(r"[;；、|\n]+")


@dataclass(frozen=True, kw_only=True)
class GoodRow:
    """A row without faults of its own; `index` finds its person, `birth_date` is an ISO date or empty."""

    number: int
    nominee: NomineeInput
    basis: Basis
    tier: Tier
    district: str
    reasons: str
    evidence: Mapping[str, EvidenceKind]
    experts: list[str]
    index: str
    birth_date: str

    def fingerprint(self, nominator_id: UUID) -> str:
        """Return what is equal for rows of one nominator that say the same, and tells nothing without the key."""
        nominee = self.nominee
        said = [
            str(nominator_id),
            nominee.name,
            self.index,
            nominee.gender,
            self.birth_date,
            nominee.nationality,
            nominee.phone,
            nominee.email,
            nominee.address,
            nominee.employer_name,
            nominee.employer_code,
            self.district,
            self.basis.code,
            self.tier.code,
            self.reasons,
            *sorted(f"{name}|{kind}" for name, kind in self.evidence.items()),
            *sorted(self.experts),
        ]
        return blind_index(json.dumps(said), purpose="import_row")


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What a cell may name, by each word that names it: the code, or the name in either language."""

    bases: Mapping[str, Basis]
    tiers: Mapping[str, Tier]
    districts: Mapping[str, str]
    identity_kinds: Mapping[str, str]
    genders: Mapping[str, str]
    tiers_of_basis: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls, at: dt.datetime) -> "Catalogue":
        """Read the policy in force and the districts: five queries."""
        bases = list(queries.open_bases(at).prefetch_related("required_documents"))
        return cls(
            bases=_by_word((basis, (basis.code, basis.name_zh, basis.name_en)) for basis in bases),
            tiers=_by_word((tier, (tier.code, tier.name_zh, tier.name_en)) for tier in queries.open_tiers(at)),
            districts=_by_word((each.code, (each.code, each.name_zh, each.name_en)) for each in District.objects.all()),
            identity_kinds=_by_word((kind.value, (kind.value, *_labels(kind.label))) for kind in IdentityKind),
            genders=_by_word((each.value, (each.value, *_labels(each.label))) for each in Gender),
            tiers_of_basis={basis.code: frozenset(tier.code for tier in basis.tiers.all()) for basis in bases},
        )


@dataclass(frozen=True, kw_only=True)
class Judgement(Generic[Row]):
    """What a row says, if it has no fault of its own; else what is wrong with it."""

    row: SheetRow
    good: Row | None
    errors: list[FieldError]


@dataclass
class RowCheck:
    """One row under examination."""

    row: SheetRow
    errors: list[FieldError] = field(default_factory=list)

    def fault(self, name: str, code: str, message: str | Promise) -> None:
        # The first fault of a cell says enough.
        if not any(error.field == name for error in self.errors):
            self.errors.append(FieldError(field=name, code=code, message=message))

    def look_up(self, name: str, known: Mapping[str, T], code: str, message: str | Promise) -> T | None:
        word = self.row.code(name)
        if not word:
            return None
        if word not in known:
            self.fault(name, code, message)
        return known.get(word)

    def digits(self, name: str) -> str:
        try:
            return self.row.digits(name)
        except PrecisionLost:
            self.fault(
                name,
                "precision_lost",
                _("The spreadsheet rounded this number. Format the cell as text and enter the number again."),
            )
            return ""


def judge(row: SheetRow, *, catalogue: Catalogue, at: dt.datetime) -> Judgement[GoodRow]:
    """Check what a row says by itself, against the rules and the policy: no query."""
    check = RowCheck(row)
    good = _check_row(check, catalogue, on=timezone.localdate(at))
    return Judgement(row=row, good=good, errors=check.errors)


def _check_row(check: RowCheck, catalogue: Catalogue, *, on: dt.date) -> GoodRow | None:
    row = check.row
    check_texts(check, REQUIRED)
    nominee, index, birth_date = check_person(check, catalogue, on=on)
    district = check.look_up(
        "district", catalogue.districts, "unknown_district", _("There is no such district or park.")
    )
    basis = check.look_up(
        "basis", catalogue.bases, "unknown_basis", _("There is no such basis in the policy in force.")
    )
    tier = check.look_up("tier", catalogue.tiers, "unknown_tier", _("There is no such tier in the policy in force."))
    if basis and tier and tier.code not in catalogue.tiers_of_basis[basis.code]:
        check.fault("tier", "tier_not_of_basis", _("This basis does not lead to this tier."))
    evidence = _check_evidence(check, basis)
    experts = _check_experts(check, basis)
    if check.errors or basis is None or tier is None or district is None:
        return None
    return GoodRow(
        number=row.number,
        nominee=nominee,
        basis=basis,
        tier=tier,
        district=district,
        reasons=row.text("reasons"),
        evidence=evidence,
        experts=experts,
        index=index,
        birth_date=birth_date,
    )


def check_person(check: RowCheck, catalogue: Catalogue, *, on: dt.date) -> tuple[NomineeInput, str, str]:
    """Return who a row names, with the index and the birth date that find and tell them."""
    row = check.row
    kind = check.look_up(
        "identity_kind", catalogue.identity_kinds, "unknown_identity_kind", _("There is no such type of document.")
    )
    gender = check.look_up("gender", catalogue.genders, "unknown_gender", _("This is not a gender the sheet knows."))
    born = _check_birth_date(check)
    number = check.digits("identity_number")
    identity = IdentityInput(kind=kind or "", number=number, issuing_region=_region(kind, row))
    index, birth_date = _check_identity(check, identity, born, on=on)
    nominee = NomineeInput(
        name=row.text("name"),
        identity=identity,
        email=_email(row),
        phone=check.digits("phone"),
        address=row.text("address"),
        gender=gender or Gender.UNSTATED,
        birth_date=born,
        nationality=row.text("nationality"),
        employer_name=row.text("employer"),
        employer_code=check.digits("employer_code").upper(),
    )
    return nominee, index, birth_date


def check_texts(check: RowCheck, required: Iterable[str]) -> None:
    """Check what every kind of sheet asks of its cells: what must be there, no more than fits, a name, an e-mail."""
    for name in required:
        if not check.row.text(name):
            check.fault(name, "required", _("This cell must not be empty."))
    for name, limit in LIMITS.items():
        if len(check.row.text(name)) > limit:
            check.fault(name, "too_long", _("This cell holds too much text."))
    if any(char in "<>" or unicodedata.category(char) == "Cc" for char in check.row.text("name")):
        check.fault("name", "invalid_name", _("This cell holds characters that no name has."))
    if email := _email(check.row):
        try:
            validate_email(email)
        except ValidationError:
            check.fault("email", "invalid_email", _("This is not an e-mail address."))


def _check_birth_date(check: RowCheck) -> dt.date | None:
    try:
        return check.row.date("birth_date")
    except ValueError:
        check.fault("birth_date", "invalid_date", _("This is not a date."))
        return None


def _check_evidence(check: RowCheck, basis: Basis | None) -> dict[str, EvidenceKind]:
    evidence = _evidence(check.row)
    if not evidence:
        check.fault("evidence", "required", _("This cell must not be empty."))
    missing = {*queries.required_kinds(basis)} - {*evidence.values()} if basis else set()
    for column, kind in EVIDENCE_COLUMNS.items():
        if kind in missing:
            check.fault(column, "document_missing", _("The basis requires this document."))
    return evidence


def _check_experts(check: RowCheck, basis: Basis | None) -> list[str]:
    emails = [unicodedata.normalize("NFKC", email).casefold() for email in _parts(check.row, "expert_emails")]
    if basis and len(emails) != basis.experts_needed:
        message = _("Give the e-mails of as many experts as the basis asks for.")
        check.fault("expert_emails", "experts_required", message)
    return emails


def _check_identity(check: RowCheck, identity: IdentityInput, born: dt.date | None, *, on: dt.date) -> tuple[str, str]:
    if not identity.kind or not identity.number:
        return "", ""
    try:
        number, birth_date = validate_identity(identity, birth_date=born, on=on)
    except InvalidInput as error:
        for each in error.errors:
            check.fault(each.field, each.code, each.message)
        return "", ""
    index = identity_index(identity.kind, number, identity.issuing_region)
    return index, birth_date.isoformat() if birth_date else ""


def _region(kind: str | None, row: SheetRow) -> str:
    return row.text("nationality") if kind == IdentityKind.PASSPORT else ""


def _email(row: SheetRow) -> str:
    return unicodedata.normalize("NFKC", row.text("email"))


def registry_faults(rows: Sequence[GoodRow], *, nominator_id: UUID) -> dict[int, FieldError]:
    """Return what the registry has against rows, by their numbers: five queries, however many rows there are."""
    documents = IdentityDocument.objects.filter(number_index__in=[row.index for row in rows])
    people = {document.number_index: document.talent for document in documents.select_related("talent")}
    known = [talent.pk for talent in people.values()]
    nominated = set(Nomination.objects.live().filter(talent__in=known).values_list("talent", flat=True))
    carded = set(TalentCard.objects.live().filter(holder__in=known).values_list("holder", flat=True))
    drafts = Nomination.objects.filter(status=NominationStatus.DRAFT, nominator=nominator_id)
    drafted = set(drafts.filter(talent__in=known).values_list("talent", flat=True))
    errors: dict[int, FieldError] = {}
    for row in rows:
        talent = people.get(row.index)
        if talent is None:
            continue
        try:
            ensure_same_person(talent, name=row.nominee.name, birth_date=row.birth_date)
        except IdentityMismatch as error:
            errors[row.number] = _at_number(error.code, error.message)
            continue
        if talent.pk in nominated:
            errors[row.number] = _at_number(PersonHasLiveNomination.code, PersonHasLiveNomination.message)
        elif talent.pk in carded:
            errors[row.number] = _at_number(PersonHasLiveCard.code, PersonHasLiveCard.message)
        elif talent.pk in drafted:
            message = _("Your organisation already has a draft for this person.")
            errors[row.number] = _at_number(DraftExists.code, message)
    return errors


def repeated() -> FieldError:
    """Return what is wrong with the second row that names a person."""
    return _at_number("person_repeated", _("The sheet names this person twice."))


def evidence_names(row: SheetRow) -> list[str]:
    """Return the files a row names, each once."""
    return list(_evidence(row))


def _evidence(row: SheetRow) -> dict[str, EvidenceKind]:
    found: dict[str, EvidenceKind] = {}
    for column, kind in EVIDENCE_COLUMNS.items():
        for name in _parts(row, column):
            # A file in two columns is what the first says.
            found.setdefault(name, kind)
    return found


def _parts(row: SheetRow, column: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in SEPARATORS.split(row.text(column)) if part.strip()))


def _at_number(code: str, message: str | Promise) -> FieldError:
    return FieldError(field="identity_number", code=code, message=message)


def _by_word(entries: Iterable[tuple[T, Iterable[str]]]) -> dict[str, T]:
    return {squeeze(word): value for value, words in entries for word in words if word}


def _labels(label: str | Promise) -> list[str]:
    labels = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            labels.append(str(label))
    return labels
