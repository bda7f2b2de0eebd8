"""No card is given directly to somebody who may be registered twice, or against whom something is on record."""

import datetime as dt

import pytest
from django.utils import timezone

from cards.issuance.models import Basis, TalentCard
from cards.nominations import operations
from cards.nominations.choices import DirectIssueStatus, IntegrityKind
from cards.nominations.models import DirectIssue, IntegrityFact, IntegritySource
from cards.nominations.operations import FactInput, NomineeInput
from cards.nominations.operations.direct import FactOnRecord, PersonInDoubt
from cards.talents.choices import IdentityKind
from cards.talents.models import Talent
from cards.talents.operations import IdentityInput
from talentcard.accounts.models import Organisation, User
from talentcard.audit.models import AuditEvent
from tests.cards.nominations.test_direct import listed, propose
from tests.factories.nominations import make_submitted, nominee_input
from tests.factories.verification import make_partner_system

NOW = timezone.now()
HIT = FactInput(reference="（2024）津01执123号", dated_on=dt.date(2024, 3, 1))
PASSPORT = IdentityInput(kind=IdentityKind.PASSPORT, number="E 1234-5678", issuing_region="Germany")
OTHER_PASSPORT = IdentityInput(kind=IdentityKind.PASSPORT, number="C01X00T47", issuing_region="Germany")


@pytest.fixture
def register(bureau: Organisation) -> IntegritySource:
    system, _token = make_partner_system(bureau, scope="integrity")
    return IntegritySource.objects.create(system=system, name_zh="中国执行信息公开网", name_en="Court register")


def person(identity: IdentityInput = PASSPORT, name: str = "Jean-Luc Müller") -> NomineeInput:
    return nominee_input(name=name, identity=identity, birth_date=dt.date(1980, 5, 6))


def report(source: IntegritySource, about: NomineeInput) -> IntegrityFact:
    return operations.report_fact(
        source=source, identity=about.identity, kind=IntegrityKind.DISHONEST_DEBTOR, hit=HIT, at=NOW
    )


def test_a_person_who_may_be_registered_twice_is_not_proposed(basis: Basis, issuer: User, nominator: User) -> None:
    make_submitted(nominator, nominee=person(OTHER_PASSPORT, "MÜLLER  Jean Luc"))
    listed(basis, person())
    before = (Talent.objects.count(), AuditEvent.objects.count())

    with pytest.raises(PersonInDoubt):
        propose(issuer, basis, person())

    assert (Talent.objects.count(), AuditEvent.objects.count(), DirectIssue.objects.count()) == (*before, 0)


def test_a_look_alike_entered_meanwhile_stops_the_confirmation_until_they_are_found_to_be_two(
    basis: Basis, issuer: User, second_issuer: User, nominator: User, preliminary_reviewer: User
) -> None:
    listed(basis, person())
    case = propose(issuer, basis, person())
    nomination = make_submitted(nominator, nominee=person(OTHER_PASSPORT, "MÜLLER  Jean Luc"))
    with pytest.raises(PersonInDoubt):
        operations.confirm_direct_issue(actor=second_issuer, case=case, at=NOW)
    case.refresh_from_db()
    assert (case.status, TalentCard.objects.count()) == (DirectIssueStatus.PROPOSED, 0)

    operations.decide_duplicate(
        actor=preliminary_reviewer, nomination=nomination, other=case.talent, is_same=False, reason="已核实", at=NOW
    )
    operations.confirm_direct_issue(actor=second_issuer, case=case, at=NOW)

    assert TalentCard.objects.get().holder == case.talent


def test_a_fact_recorded_meanwhile_stops_the_confirmation_until_it_is_withdrawn(
    basis: Basis, issuer: User, second_issuer: User, register: IntegritySource
) -> None:
    someone = nominee_input()
    listed(basis, someone)
    case = propose(issuer, basis, someone)
    report(register, someone)
    with pytest.raises(FactOnRecord):
        operations.confirm_direct_issue(actor=second_issuer, case=case, at=NOW)
    case.refresh_from_db()
    assert (case.status, TalentCard.objects.count()) == (DirectIssueStatus.PROPOSED, 0)

    operations.retract_report(source=register, reference=HIT.reference, reason="已撤销", at=NOW)
    operations.confirm_direct_issue(actor=second_issuer, case=case, at=NOW)

    assert TalentCard.objects.get().holder == case.talent


def test_the_dry_run_names_both_and_a_bulk_proposal_leaves_them_out(
    basis: Basis, issuer: User, nominator: User, register: IntegritySource
) -> None:
    tier = basis.policy.tiers.get(code="A")
    doubtful, accused = person(), nominee_input()
    for each in (doubtful, accused):
        entry = listed(basis, each)
        case = propose(issuer, basis, each)
        operations.withdraw_direct_issue(actor=issuer, case=case, at=NOW)
        assert entry.is_of_person
    make_submitted(nominator, nominee=person(OTHER_PASSPORT, "MÜLLER  Jean Luc"))
    report(register, accused)

    found = operations.dry_run(actor=issuer, basis=basis, tier=tier, at=NOW)
    entries = [candidate.entry.pk for candidate in found]
    results = operations.propose_many(actor=issuer, basis=basis, tier=tier, entries=entries, at=NOW)

    assert {candidate.code for candidate in found} == {"possible_duplicate", "integrity_fact"}
    assert [result.case for result in results] == [None, None]
    assert DirectIssue.objects.proposed().count() == 0
