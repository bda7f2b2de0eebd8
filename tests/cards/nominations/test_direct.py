"""Cards given without a nomination: two officers, a recognised list, one card."""

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cards.issuance.choices import Route
from cards.issuance.models import Award, Basis, RecognisedEntry, RecognisedList, TalentCard
from cards.issuance.operations import list_person
from cards.issuance.signals import card_activated
from cards.nominations import operations
from cards.nominations.choices import DirectIssueStatus, EvidenceKind
from cards.nominations.models import DirectIssue
from cards.nominations.operations import NomineeInput, Proposal
from cards.nominations.operations.direct import DirectIssueProposed
from cards.nominations.operations.direct_decisions import DirectIssueDecided, EntryEnded, SameOfficer
from cards.nominations.operations.review import ConflictOfInterest
from cards.nominations.operations.submission import PersonHasLiveCard, PersonHasLiveNomination
from cards.talents.models import Talent
from cards.talents.operations import register_talent, replace_contact, set_secrecy
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.casework.models import DecisionDocument
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.documents.models import Document
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import (
    complete,
    make_draft,
    make_policy,
    make_submitted,
    nominee_input,
    require,
    upload,
)

NOW = timezone.now()
TODAY = timezone.localdate()


def listed(basis: Basis, person: NomineeInput, **details: Any) -> RecognisedEntry:
    assert basis.recognised_list is not None
    given: dict[str, Any] = {"source": "示例", "valid_from": TODAY, **details}
    return list_person(
        actor=None, recognised_list=basis.recognised_list, identity=person.identity, name=person.name, at=NOW, **given
    )


def propose(actor: User, basis: Basis, person: NomineeInput, **changes: Any) -> DirectIssue:
    uploads = changes.pop("uploads", [])
    given: dict[str, Any] = {
        "basis": basis,
        "tier": basis.policy.tiers.get(code="A"),
        "district": "binhai",
        "email": person.email,
    }
    return operations.propose_direct_issue(
        actor=actor, person=person, proposal=Proposal(**given | changes), uploads=uploads, at=NOW
    )


@pytest.fixture
def proposed(basis: Basis, issuer: User) -> DirectIssue:
    person = nominee_input()
    listed(basis, person)
    return propose(issuer, basis, person)


def faults(attempt: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        attempt()
    return [(fault.field, fault.code) for fault in caught.value.errors]


def test_a_second_officer_confirms_and_the_card_is_awarded(
    proposed: DirectIssue, issuer: User, second_issuer: User, run_outbox: Callable[[], int]
) -> None:
    case = operations.confirm_direct_issue(actor=second_issuer, case=proposed, at=NOW)

    award = Award.objects.get()
    assert (case.status, case.decided_by, case.item) == (DirectIssueStatus.ISSUED, second_issuer, None)
    assert (award.case_id, award.route, award.basis.policy) == (case.pk, Route.DIRECT, proposed.policy)
    entry = case.entry
    line = "\t".join([entry.recognised_list.code, entry.identity_index, "示例", TODAY.isoformat()])
    assert award.evidence_hash == hashlib.sha256(f"{line}\n".encode()).hexdigest()
    run_outbox()
    assert TalentCard.objects.get().status == "active"
    actions = AuditEvent.objects.filter(target_id=str(case.pk)).values_list("action", flat=True)
    assert list(actions) == ["direct_issue.proposed", "direct_issue.issued"]
    assert [step.to_status for step in case.transitions.all()] == ["proposed", "issued"]
    assert set(Message.objects.filter(event="direct_issue.issued").values_list("recipient__username", flat=True)) == {
        issuer.username
    }


def test_the_decision_is_put_in_writing_for_the_person_and_a_refusal_for_who_proposed_it(
    proposed: DirectIssue, basis: Basis, issuer: User, second_issuer: User, outsider: User, login: Any
) -> None:
    operations.confirm_direct_issue(actor=second_issuer, case=proposed, at=NOW)
    other = nominee_input()
    listed(basis, other)
    refused = operations.refuse_direct_issue(
        actor=second_issuer, case=propose(issuer, basis, other), reason="资格未核实。", at=NOW
    )

    given = DecisionDocument.objects.get(subject_id=proposed.pk)
    against = DecisionDocument.objects.get(subject_id=refused.pk)
    holder = Talent.objects.get(pk=proposed.talent_id).user
    assert [(each.user, each.organisation) for each in given.addressees.all()] == [(holder, None)]
    assert [(each.user, each.organisation) for each in against.addressees.all()] == [(issuer, None)]
    assert (given.number[:6], against.number[:6]) == (f"ZR{NOW.year}", f"ZB{NOW.year}")
    assert against.text("zh-hans").reasons == ("资格未核实。",)
    assert proposed.talent.name in given.text("en").outcome
    for user, found in ((holder, 200), (issuer, 200), (outsider, 404)):
        assert login(user).get(given.get_absolute_url()).status_code == found
    assert login(holder).get(against.get_absolute_url()).status_code == 404
    assert given.number in login(holder).get(reverse("issuance:my-card")).content.decode()
    assert given.number in login(issuer).get(proposed.get_absolute_url()).content.decode()


def test_it_waits_at_a_desk_with_the_limit_of_its_policy(basis: Basis, issuer: User, second_issuer: User) -> None:
    person = nominee_input()
    listed(basis, person)
    basis.policy.step_limits.filter(step="direct_issue").update(working_days=2)

    case = propose(issuer, basis, person)

    assert case.item is not None
    assert case.item.due_at is not None
    assert case.item.remind_at is not None
    told = Message.objects.filter(event="direct_issue.waits").values_list("recipient__username", flat=True)
    assert list(told) == [second_issuer.username]


def test_nobody_confirms_their_own_proposal_nor_that_of_somebody_near(
    proposed: DirectIssue, issuer: User, outsider: User, second_issuer: User
) -> None:
    office = OrganisationFactory()
    proposed.talent.employments.all().delete()
    proposed.talent.employments.create(employer=office, employer_name=office.name_zh)
    colleague = give_role(UserFactory(organisation=office), Role.ISSUER)
    elsewhere = give_role(UserFactory(), Role.ISSUER, tier="C")

    for actor, error in (
        (issuer, SameOfficer),
        (colleague, ConflictOfInterest),
        (outsider, NotAllowed),
        (elsewhere, NotAllowed),
    ):
        with pytest.raises(error):
            operations.confirm_direct_issue(actor=actor, case=proposed, at=NOW)
        with pytest.raises(error):
            operations.refuse_direct_issue(actor=actor, case=proposed, reason="否", at=NOW)

    proposed.refresh_from_db()
    assert (proposed.status, Award.objects.count()) == (DirectIssueStatus.PROPOSED, 0)


def test_the_database_itself_wants_two_officers(proposed: DirectIssue) -> None:
    for officer in (None, proposed.proposed_by):
        with pytest.raises(IntegrityError), transaction.atomic():
            DirectIssue.objects.filter(pk=proposed.pk).update(
                status=DirectIssueStatus.ISSUED, decided_by=officer, decided_at=NOW
            )


def test_an_unlisted_person_is_refused_by_field_and_nothing_is_left(basis: Basis, issuer: User) -> None:
    person = nominee_input()
    ended = {"valid_from": TODAY - dt.timedelta(days=9), "valid_until": TODAY - dt.timedelta(days=1)}
    listed(basis, person, **ended)
    letter = [(EvidenceKind.OTHER, upload())]

    assert faults(lambda: propose(issuer, basis, person, uploads=letter)) == [("identity_number", "not_recognised")]
    assert (Talent.objects.count(), DirectIssue.objects.count(), Document.objects.count()) == (0, 0, 0)


def test_everything_that_does_not_fit_is_said_at_once(basis: Basis, issuer: User) -> None:
    person = nominee_input(email="")
    require(basis, EvidenceKind.EMPLOYMENT)
    listed(basis, nominee_input(name="别人", identity=person.identity))
    other = make_policy(number=0)

    found = faults(lambda: propose(issuer, basis, person, district="nowhere", tier=other.tiers.get(code="A")))

    assert found == [
        ("tier", "tier_not_of_basis"),
        ("district", "unknown_district"),
        ("name", "listed_under_another_name"),
        ("email", "required"),
        ("employment", "document_missing"),
    ]
    laboratory = basis.policy.bases.get(code="laboratory")
    assert ("basis", "basis_not_direct") in faults(lambda: propose(issuer, laboratory, person))


def test_a_title_is_proved_with_its_certificate(basis: Basis, issuer: User, second_issuer: User) -> None:
    assert basis.recognised_list is not None
    title = basis.recognised_list.entries.create(
        title_zh="工程师", title_en="Engineer", source="示例", valid_from=TODAY
    )
    foreign = RecognisedList.objects.create(code="other", name_zh="他", name_en="Other").entries.create(
        title_zh="他", title_en="Other", source="示例", valid_from=TODAY
    )
    person = nominee_input()

    assert faults(lambda: propose(issuer, basis, person, entry=title)) == [("qualification", "document_missing")]
    certificate = EvidenceKind.QUALIFICATION
    assert faults(lambda: propose(issuer, basis, person, entry=foreign, uploads=[(certificate, upload())])) == [
        ("entry", "not_recognised")
    ]
    case = propose(issuer, basis, person, entry=title, uploads=[(certificate, upload())])
    operations.confirm_direct_issue(actor=second_issuer, case=case, at=NOW)
    document = case.evidence.get().document
    lines = "\t".join(["overseas", "工程师", "示例", TODAY.isoformat()]) + f"\n{document.sha256}\n"
    assert Award.objects.get().evidence_hash == hashlib.sha256(lines.encode()).hexdigest()


def test_one_person_one_case_one_card(
    proposed: DirectIssue, basis: Basis, issuer: User, second_issuer: User, nominator: User
) -> None:
    document = proposed.talent.identity_documents.get()
    identity = nominee_input().identity
    person = nominee_input(
        name=proposed.talent.name, identity=type(identity)(kind=document.kind, number=document.number)
    )
    with pytest.raises(DirectIssueProposed):
        propose(second_issuer, basis, person)
    nomination = make_draft(nominator, nominee=person)
    with pytest.raises(PersonHasLiveNomination):
        operations.submit(actor=nominator, nomination=nomination, at=NOW)

    operations.confirm_direct_issue(actor=second_issuer, case=proposed, at=NOW)
    for attempt in (
        partial(operations.confirm_direct_issue, actor=second_issuer, case=proposed, at=NOW),
        partial(operations.refuse_direct_issue, actor=second_issuer, case=proposed, reason="否", at=NOW),
        partial(operations.withdraw_direct_issue, actor=issuer, case=proposed, at=NOW),
    ):
        with pytest.raises(DirectIssueDecided):
            attempt()
    with pytest.raises(PersonHasLiveCard):
        propose(second_issuer, basis, person)
    assert TalentCard.objects.count() == 1


def test_a_nominee_is_not_proposed(basis: Basis, issuer: User, nominator: User) -> None:
    person = nominee_input()
    listed(basis, person)
    make_submitted(nominator, nominee=person)

    with pytest.raises(PersonHasLiveNomination):
        propose(issuer, basis, person)


def test_a_refusal_needs_its_reason_and_gives_no_card(proposed: DirectIssue, issuer: User, second_issuer: User) -> None:
    assert faults(partial(operations.refuse_direct_issue, actor=second_issuer, case=proposed, reason=" ", at=NOW)) == [
        ("reason", "required")
    ]

    case = operations.refuse_direct_issue(actor=second_issuer, case=proposed, reason="名单有误", at=NOW)

    assert (case.status, case.reason, TalentCard.objects.count()) == (DirectIssueStatus.REFUSED, "名单有误", 0)
    assert Message.objects.get(event="direct_issue.refused").recipient == issuer


def test_only_its_proposer_takes_it_back(proposed: DirectIssue, issuer: User, second_issuer: User) -> None:
    with pytest.raises(NotAllowed):
        operations.withdraw_direct_issue(actor=second_issuer, case=proposed, at=NOW)

    assert operations.withdraw_direct_issue(actor=issuer, case=proposed, at=NOW).item is None
    with pytest.raises(DirectIssueDecided):
        operations.confirm_direct_issue(actor=second_issuer, case=proposed, at=NOW)


def test_an_entry_that_ended_meanwhile_gives_no_card(proposed: DirectIssue, second_issuer: User) -> None:
    RecognisedEntry.objects.update(valid_from=TODAY - dt.timedelta(days=9), valid_until=TODAY - dt.timedelta(days=1))

    with pytest.raises(EntryEnded):
        operations.confirm_direct_issue(actor=second_issuer, case=proposed, at=NOW)

    proposed.refresh_from_db()
    assert (proposed.status, Award.objects.count()) == (DirectIssueStatus.PROPOSED, 0)


def test_a_case_keeps_the_policy_it_was_proposed_under(proposed: DirectIssue, second_issuer: User) -> None:
    make_policy(number=2)

    operations.confirm_direct_issue(actor=second_issuer, case=proposed, at=NOW)

    assert Award.objects.get().basis.policy.number == 1


def test_a_failing_receiver_undoes_no_award(
    proposed: DirectIssue, second_issuer: User, run_outbox: Callable[[], int]
) -> None:
    def fail(**kwargs: Any) -> None:
        raise IntegrityError("the receiver's own trouble")

    card_activated.connect(fail)
    try:
        operations.confirm_direct_issue(actor=second_issuer, case=proposed, at=NOW)
        run_outbox()
    finally:
        card_activated.disconnect(fail)

    proposed.refresh_from_db()
    assert (proposed.status, TalentCard.objects.get().status) == (DirectIssueStatus.ISSUED, "active")


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_give_one_card(issuer: User, second_issuer: User) -> None:
    policy = complete(make_policy())
    basis = policy.bases.get(code="overseas")
    basis.required_documents.all().delete()
    person = nominee_input()
    listed(basis, person)
    case = propose(issuer, basis, person)
    third = give_role(UserFactory(username="third"), Role.ISSUER)

    def confirm(actor: User) -> str:
        try:
            return operations.confirm_direct_issue(actor=actor, case=case, at=NOW).status
        except DomainError as error:
            return error.code

    assert sorted(at_once([partial(confirm, second_issuer), partial(confirm, third)])) == [
        "direct_issue_decided",
        "issued",
    ]
    assert (Award.objects.count(), TalentCard.objects.count()) == (1, 1)


def registered(basis: Basis, **details: Any) -> Talent:
    """Put somebody into the registry, with an e-mail, and on the list of a basis."""
    person = nominee_input()
    listed(basis, person)
    talent = register_talent(actor=None, name=person.name, identity=person.identity, district="binhai", at=NOW)
    replace_contact(actor=None, talent=talent, phone="", email=details.get("email", person.email), address="")
    return talent


def test_the_dry_run_says_whom_and_why_and_whom_not_and_why(
    basis: Basis, issuer: User, second_issuer: User, nominator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tier = basis.policy.tiers.get(code="A")
    free = registered(basis)
    unreached, secret = registered(basis, email=""), registered(basis)
    set_secrecy(actor=None, talent=secret, is_secret=True)
    listed(basis, nominee_input())
    nominee, carded = nominee_input(), nominee_input()
    listed(basis, nominee)
    make_submitted(nominator, nominee=nominee)
    listed(basis, carded)
    case = propose(issuer, basis, carded)
    operations.confirm_direct_issue(actor=second_issuer, case=case, at=NOW)
    before = (DirectIssue.objects.count(), AuditEvent.objects.count())

    found = operations.dry_run(actor=issuer, basis=basis, tier=tier, at=NOW)

    reasons = {candidate.talent.pk if candidate.talent else None: candidate.code for candidate in found}
    assert reasons[free.pk] == ""
    assert reasons[unreached.pk] == "no_contact"
    assert reasons[secret.pk] == "under_secrecy"
    assert reasons[None] == "not_registered"
    assert sorted(reasons.values()) == [
        "",
        "no_contact",
        "not_registered",
        "person_has_live_card",
        "person_has_live_nomination",
        "under_secrecy",
    ]
    assert (DirectIssue.objects.count(), AuditEvent.objects.count()) == before
    with pytest.raises(NotAllowed):
        operations.dry_run(actor=nominator, basis=basis, tier=tier, at=NOW)


@pytest.mark.parametrize("people", [1, 3])
def test_the_dry_run_asks_the_same_number_of_queries(
    people: int, basis: Basis, issuer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tier = basis.policy.tiers.get(code="A")
    for _person in range(people):
        registered(basis)
    operations.dry_run(actor=issuer, basis=basis, tier=tier, at=NOW)

    with django_assert_num_queries(12):
        assert len(operations.dry_run(actor=issuer, basis=basis, tier=tier, at=NOW)) == people


def test_many_are_proposed_and_confirmed_each_for_itself(basis: Basis, issuer: User, second_issuer: User) -> None:
    tier = basis.policy.tiers.get(code="A")
    people = [registered(basis) for _person in range(3)]
    secret = registered(basis)
    set_secrecy(actor=None, talent=secret, is_secret=True)
    entries = list(RecognisedEntry.objects.values_list("pk", flat=True))

    results = operations.propose_many(actor=issuer, basis=basis, tier=tier, entries=entries, at=NOW)

    assert sorted(result.error.as_dict()["code"] if result.error else "" for result in results) == [
        "",
        "",
        "",
        "under_secrecy",
    ]
    assert Message.objects.get(event="direct_issue.batch_waits").params == {"count": "3"}
    cases = list(DirectIssue.objects.order_by("number"))
    assert {case.talent_id for case in cases} == {person.pk for person in people}

    operations.withdraw_direct_issue(actor=issuer, case=cases[0], at=NOW)
    ids = [*(case.pk for case in cases), secret.pk, cases[1].pk]
    rows = operations.decide_direct_issues(actor=second_issuer, case_ids=ids, is_confirmed=True, reason="", at=NOW)

    assert [row.error.code if row.error else "" for row in rows] == ["direct_issue_decided", "", "", "not_found"]
    assert TalentCard.objects.count() == 2
    own = operations.decide_direct_issues(actor=issuer, case_ids=ids[:1], is_confirmed=False, reason="否", at=NOW)
    assert [row.error.code if row.error else "" for row in own] == ["same_officer"]
