"""Spreadsheets of legacy Green Cards 绿卡: each row is proposed as a direct issue, which a second officer decides.

The row enters its person into the recognised list of the basis `green-card` of the policy in force, the register of
legacy holders, and the case rests on that entry as any direct issue does.
"""

import datetime as dt
import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, Tier
from cards.issuance.operations import list_person
from cards.issuance.queries import entry_of
from cards.nominations import direct_rules, queries
from cards.nominations.choices import DirectIssueStatus, EvidenceKind, RowStatus
from cards.nominations.models import DirectIssue, ImportBatch
from cards.nominations.operations.direct import (
    DirectIssueProposed,
    FactOnRecord,
    PersonInDoubt,
    Proposal,
    propose_registered,
    register_person,
)
from cards.nominations.operations.direct_messages import tell_of_batch
from cards.nominations.operations.drafts import NomineeInput
from cards.nominations.operations.review import ConflictOfInterest
from cards.nominations.operations.rows import Catalogue, Judgement, RowCheck, check_person, check_texts
from cards.nominations.operations.sheet_kinds import SheetKind, applied_by
from cards.nominations.operations.submission import PersonHasLiveCard, PersonHasLiveNomination
from cards.nominations.sheets import GREEN_COLUMNS, SheetRow
from cards.talents.models import IdentityDocument, Talent
from cards.talents.operations import IdentityMismatch, ensure_same_person
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, FieldError, NotAllowed
from talentcard.core.fields import blind_index
from talentcard.documents.models import Document

BASIS = "green-card"
STANDING = (DirectIssueStatus.PROPOSED, DirectIssueStatus.ISSUED)
REQUIRED = [field for field in GREEN_COLUMNS.headings if field in GREEN_COLUMNS.required]
LONGEST_NUMBER = 40


class NoUpgradeInForce(DomainError):
    """The policy says nothing of Green Cards."""

    code = "no_upgrade_in_force"
    message = _("The policy in force has no basis “green-card” with a recognised list: no Green Card can be upgraded.")


class AlreadyUpgraded(DomainError):
    """The Green Card has led to a card, or is about to."""

    code = "green_card_upgraded"
    message = _("This Green Card is upgraded already, or its upgrade waits for its second officer.")


@dataclass(frozen=True, kw_only=True)
class GreenRow:
    """A row without faults of its own; `index` finds its person, `birth_date` is an ISO date or empty."""

    number: int
    green_card: str
    valid_until: dt.date
    person: NomineeInput
    tier: Tier
    district: str
    index: str
    birth_date: str
    evidence: Mapping[str, EvidenceKind] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GreenCatalogue:
    """What a cell may name, and the basis of the upgrade: None where the policy has none."""

    words: Catalogue
    basis: Basis | None
    tiers: frozenset[str]


class GreenCardSheets(SheetKind[GreenRow]):
    """Each row upgrades a legacy Green Card."""

    columns = GREEN_COLUMNS
    case = "direct_issue"
    standing = STANDING

    def may_hand_in(self, user: User) -> bool:
        """Tell whether a user is an issuer."""
        return direct_rules.is_issuer(user)

    def may_apply(self, user: User, batch: ImportBatch) -> bool:
        """Tell whether a user is the issuer who handed the sheet in: who proposes is one person."""
        return direct_rules.is_issuer(user) and batch.uploaded_by_id == user.pk

    def catalogue(self, at: dt.datetime) -> GreenCatalogue:
        """Return the policy in force and the districts."""
        basis = _basis_in_force(at)
        tiers = frozenset(tier.code for tier in basis.tiers.all()) if basis else frozenset()
        return GreenCatalogue(words=Catalogue.load(at), basis=basis, tiers=tiers)

    def judge(self, row: SheetRow, *, catalogue: GreenCatalogue, at: dt.datetime) -> Judgement[GreenRow]:
        """Check what a row says by itself."""
        check = RowCheck(row)
        good = _check(check, catalogue, on=timezone.localdate(at))
        return Judgement(row=row, good=good, errors=check.errors)

    def fingerprint(self, batch: ImportBatch, row: GreenRow) -> str:
        """Return what is equal for rows that say the same, whoever hands them in."""
        person = row.person
        said = [
            row.green_card,
            row.valid_until.isoformat(),
            person.name,
            row.index,
            person.gender,
            row.birth_date,
            person.nationality,
            person.phone,
            person.email,
            person.employer_name,
            person.employer_code,
            row.district,
            row.tier.code,
        ]
        return blind_index(json.dumps(said), purpose="green_card_row")

    def faults(self, batch: ImportBatch, rows: Sequence[GreenRow], at: dt.datetime) -> dict[int, list[FieldError]]:
        """Return whom a card cannot be given now, and which Green Cards are used."""
        registry = _Registry(batch.uploaded_by, rows)
        return {row.number: registry.faults(row) for row in rows}

    def make(
        self, batch: ImportBatch, row: GreenRow, documents: Mapping[str, Document], at: dt.datetime
    ) -> DirectIssue:
        """Enter a row's person into the register of legacy holders, and propose the card."""
        actor, basis = applied_by(batch), _basis_in_force(at)
        if basis is None or basis.recognised_list is None:
            raise NoUpgradeInForce
        if not direct_rules.may_propose(actor, tier=row.tier, district=row.district):
            raise NotAllowed(field="district")
        talent = register_person(actor=actor, person=row.person, district=row.district, at=at)
        on = timezone.localdate(at)
        if entry_of(talent, recognised_list_id=basis.recognised_list.pk, on=on) is None:
            list_person(
                actor=actor,
                recognised_list=basis.recognised_list,
                identity=row.person.identity,
                name=row.person.name,
                source=f"绿卡 {row.green_card}",
                valid_from=on,
                valid_until=row.valid_until,
                at=at,
            )
        proposal = Proposal(
            basis=basis, tier=row.tier, district=row.district, phone=row.person.phone, email=row.person.email
        )
        case = propose_registered(actor=actor, talent=talent, proposal=proposal, at=at)
        case.legacy_card = row.green_card
        try:
            with transaction.atomic():
                case.save(update_fields=["legacy_card", "updated_at"])
        except IntegrityError:
            raise AlreadyUpgraded(field="green_card") from None
        return case

    def tell(self, batch: ImportBatch, count: int, at: dt.datetime) -> None:
        """Tell the second officers, each once, how many of theirs there are."""
        rows = batch.rows.filter(status=RowStatus.APPLIED).values("direct_issue")
        cases = DirectIssue.objects.with_parties().filter(pk__in=rows, status=DirectIssueStatus.PROPOSED)
        tell_of_batch(list(cases.order_by("number")), at=at)


class _Registry:
    """What the registry knows of many rows' people: nine queries, however many rows there are."""

    def __init__(self, actor: User, rows: Sequence[GreenRow]) -> None:
        documents = IdentityDocument.objects.filter(number_index__in=[row.index for row in rows])
        self.actor = actor
        self.people = {each.number_index: each.talent for each in documents.select_related("talent")}
        self.against = queries.Hindrances(actor, list(self.people.values()))
        used = DirectIssue.objects.filter(status__in=STANDING, legacy_card__in=[row.green_card for row in rows])
        self.used = set(used.values_list("legacy_card", flat=True))

    def faults(self, row: GreenRow) -> list[FieldError]:
        """Return what stands in a row's way, as its upgrade would be refused."""
        found = []
        if not direct_rules.may_propose(self.actor, tier=row.tier, district=row.district):
            message = _("The district and the tier lie outside your scope.")
            found.append(FieldError(field="district", code="out_of_scope", message=message))
        if row.green_card in self.used:
            found.append(_as_fault("green_card", AlreadyUpgraded))
        talent = self.people.get(row.index)
        if talent is not None and (refusal := self._refusal(row, talent)) is not None:
            found.append(_as_fault("identity_number", refusal))
        return found

    def _refusal(self, row: GreenRow, talent: Talent) -> type[DomainError] | None:
        try:
            ensure_same_person(talent, name=row.person.name, birth_date=row.birth_date)
        except IdentityMismatch:
            return IdentityMismatch
        against = self.against
        checks: list[tuple[Container[UUID], type[DomainError]]] = [
            (against.near, ConflictOfInterest),
            (against.carded, PersonHasLiveCard),
            (against.nominated, PersonHasLiveNomination),
            (against.proposed, DirectIssueProposed),
            (against.in_doubt, PersonInDoubt),
            (against.accused, FactOnRecord),
        ]
        return next((refusal for people, refusal in checks if talent.pk in people), None)


def _check(check: RowCheck, catalogue: GreenCatalogue, *, on: dt.date) -> GreenRow | None:
    row = check.row
    check_texts(check, REQUIRED)
    person, index, birth_date = check_person(check, catalogue.words, on=on)
    message = _("There is no such district or park.")
    district = check.look_up("district", catalogue.words.districts, "unknown_district", message)
    message = _("There is no such tier in the policy in force.")
    tier = check.look_up("tier", catalogue.words.tiers, "unknown_tier", message)
    if catalogue.basis is None:
        check.fault("green_card", NoUpgradeInForce.code, NoUpgradeInForce.message)
    elif tier is not None and tier.code not in catalogue.tiers:
        check.fault("tier", "tier_not_of_basis", _("A Green Card is not upgraded to this tier."))
    green_card = check.digits("green_card").upper()
    if len(green_card) > LONGEST_NUMBER:
        check.fault("green_card", "too_long", _("This cell holds too much text."))
    valid_until = _valid_until(check, on)
    if check.errors or tier is None or district is None or valid_until is None:
        return None
    return GreenRow(
        number=row.number,
        green_card=green_card,
        valid_until=valid_until,
        person=person,
        tier=tier,
        district=district,
        index=index,
        birth_date=birth_date,
    )


def _valid_until(check: RowCheck, on: dt.date) -> dt.date | None:
    try:
        day = check.row.date("valid_until")
    except ValueError:
        check.fault("valid_until", "invalid_date", _("This is not a date."))
        return None
    if day is not None and day < on:
        check.fault("valid_until", "green_card_expired", _("The Green Card has expired: nominate the person instead."))
    return day


def _basis_in_force(at: dt.datetime) -> Basis | None:
    return queries.direct_bases(at).filter(code=BASIS, recognised_list__isnull=False).first()


def _as_fault(name: str, refusal: type[DomainError]) -> FieldError:
    return FieldError(field=name, code=refusal.code, message=refusal.message)
