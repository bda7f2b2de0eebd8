import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations import operations, queries
from cards.nominations.choices import STOPS_DESK, IntegrityKind, NominationStatus, Outcome, Step
from cards.nominations.models import (
    IntegrityCheck,
    IntegrityFact,
    IntegrityRuling,
    IntegritySource,
    Nomination,
    NominatorProfile,
    RequiredCheck,
)
from cards.nominations.operations import CaseStopped, FactInput
from cards.nominations.operations.integrity import FactRuled, FactUnknown, FactWithdrawn, PersonUnknown
from cards.talents.choices import IdentityKind
from cards.talents.models import Talent
from cards.talents.operations import IdentityInput, mark_one_person
from talentcard.accounts.models import Organisation, User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.nominations import make_policy, make_submitted, nominee_input, resident_number
from tests.factories.talents import make_talent
from tests.factories.verification import make_partner_system

pytestmark = pytest.mark.django_db

DEBTOR = IntegrityKind.DISHONEST_DEBTOR
SOURCE = "中国执行信息公开网"
HIT = FactInput(reference="（2024）津01执123号", dated_on=dt.date(2024, 3, 1), text="有履行能力而拒不履行")
NUMBER = resident_number(7, birth="19790304")


def check(actor: User, nomination: Nomination, hit: FactInput | None = HIT) -> IntegrityCheck:
    return operations.record_check(
        actor=actor, nomination=nomination, kind=DEBTOR, source=SOURCE, hit=hit, at=timezone.now()
    )


def rule(actor: User, nomination: Nomination, fact: IntegrityFact | None, *, goes_on: bool) -> IntegrityRuling:
    assert fact is not None
    return operations.rule_on_fact(
        actor=actor, nomination=nomination, fact=fact, goes_on=goes_on, reason="已核实", at=timezone.now()
    )


def report(source: IntegritySource, hit: FactInput = HIT, number: str = NUMBER) -> IntegrityFact:
    identity = IdentityInput(kind=IdentityKind.RESIDENT_ID, number=number)
    return operations.report_fact(source=source, identity=identity, kind=DEBTOR, hit=hit, at=timezone.now())


def codes(nomination: Nomination, step: Step | None = Step.PRELIMINARY) -> list[str]:
    return [each.code for each in queries.obstacles_to(Nomination.objects.with_parties().get(pk=nomination.pk), step)]


def told(event: str) -> list[str]:
    return sorted(Message.objects.filter(event=event).values_list("recipient__username", flat=True))


@pytest.fixture
def register(bureau: Organisation) -> tuple[IntegritySource, str]:
    """Return a source whose system may record facts, and the system's token."""
    system, token = make_partner_system(bureau, scope="integrity")
    return IntegritySource.objects.create(system=system, name_zh=SOURCE, name_en="Court register"), token


@pytest.fixture
def case(policy: PolicyVersion, nominator: User) -> Nomination:
    identity = IdentityInput(kind=IdentityKind.RESIDENT_ID, number=NUMBER)
    return make_submitted(nominator, nominee=nominee_input(identity=identity))


def test_a_check_that_finds_nothing_is_on_record(case: Nomination, preliminary_reviewer: User) -> None:
    found = check(preliminary_reviewer, case, None)

    assert (found.kind, found.source, found.checked_by, found.fact) == (DEBTOR, SOURCE, preliminary_reviewer, None)
    assert codes(case) == []
    event = AuditEvent.objects.get(action="integrity.checked")
    assert event.data == {"nomination": str(case.pk), "kind": "dishonest_debtor", "is_hit": False}


def test_a_hit_stops_the_case_until_somebody_lets_it_go_on(case: Nomination, preliminary_reviewer: User) -> None:
    fact = check(preliminary_reviewer, case).fact
    assert [codes(case, step) for step in (*Step, None)] == [["integrity_fact"]] * 3
    with pytest.raises(CaseStopped):
        operations.review_preliminary(
            actor=preliminary_reviewer, nomination=case, outcome=Outcome.PASS, at=timezone.now()
        )

    rule(preliminary_reviewer, case, fact, goes_on=True)

    assert codes(case) == []
    with pytest.raises(FactRuled):
        rule(preliminary_reviewer, case, fact, goes_on=False)
    assert HIT.text not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_going_on_counts_for_one_case_and_a_new_nomination_is_stopped_again(
    case: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    rule(preliminary_reviewer, case, check(preliminary_reviewer, case).fact, goes_on=True)
    operations.withdraw(actor=nominator, nomination=case, at=timezone.now())

    identity = IdentityInput(kind=IdentityKind.RESIDENT_ID, number=NUMBER)
    again = make_submitted(nominator, nominee=nominee_input(name=case.talent.name, identity=identity))

    assert codes(again) == ["integrity_fact"]


def test_a_rejection_for_it_tells_the_nominee_what_and_where(case: Nomination, preliminary_reviewer: User) -> None:
    fact = check(preliminary_reviewer, case).fact
    nominee = Talent.objects.get(pk=case.talent_id).user
    before = queries.timeline(case, nominee)

    rule(preliminary_reviewer, case, fact, goes_on=False)

    case = Nomination.objects.with_parties().get(pk=case.pk)
    assert case.status == NominationStatus.REJECTED
    assert SOURCE not in str(before)
    assert queries.timeline(case, nominee)[-1].reason == f"已核实\n失信被执行人 · {SOURCE}"
    assert queries.timeline(case, case.filed_by)[-1].reason == "已核实"


def test_a_withdrawn_fact_frees_the_case(case: Nomination, preliminary_reviewer: User) -> None:
    fact = check(preliminary_reviewer, case).fact
    assert fact is not None
    withdraw = partial(
        operations.withdraw_fact, actor=preliminary_reviewer, nomination=case, fact=fact, at=timezone.now()
    )
    with pytest.raises(InvalidInput):
        withdraw(reason="")

    withdraw(reason="登记有误")
    withdraw(reason="又一次")

    fact.refresh_from_db()
    assert (codes(case), fact.withdrawal_reason) == ([], "登记有误")
    assert AuditEvent.objects.filter(action="integrity.fact_withdrawn").count() == 1
    with pytest.raises(FactWithdrawn):
        rule(preliminary_reviewer, case, fact, goes_on=True)


@pytest.mark.parametrize(
    ("hit", "source", "field"),
    [
        (FactInput(reference=" ", dated_on=dt.date(2024, 1, 1)), SOURCE, "reference"),
        (FactInput(reference="1", dated_on=dt.date(2124, 1, 1)), SOURCE, "dated_on"),
        (None, "  ", "source"),
    ],
)
def test_a_check_says_where_what_and_when(
    case: Nomination, preliminary_reviewer: User, hit: FactInput | None, source: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        operations.record_check(
            actor=preliminary_reviewer, nomination=case, kind=DEBTOR, source=source, hit=hit, at=timezone.now()
        )

    assert [error.field for error in refusal.value.errors] == [field]
    assert IntegrityCheck.objects.count() == IntegrityFact.objects.count() == 0


def test_a_fact_under_notice_stops_its_end_and_the_officers_are_told(
    under_notice: Nomination, second_reviewer: User, register: tuple[IntegritySource, str]
) -> None:
    end = under_notice.notice.closes_at
    document = under_notice.talent.identity_documents.get()

    report(register[0], number=document.number)

    under_notice.refresh_from_db()
    assert under_notice.item is not None
    assert under_notice.item.desk == STOPS_DESK
    assert told("nomination.integrity_fact") == told("nomination.notice_stopped") == ["second"]
    assert operations.close_due_notices(at=end) == 0

    operations.retract_report(source=register[0], reference=HIT.reference, reason="已履行", at=timezone.now())
    under_notice.refresh_from_db()
    assert under_notice.item is None
    assert operations.close_due_notices(at=end) == 1


def test_an_objection_and_a_fact_wait_on_one_desk_after_the_other(
    under_notice: Nomination, second_reviewer: User
) -> None:
    fact = check(second_reviewer, under_notice).fact
    objection = operations.lodge_objection(
        notice=under_notice.notice, name="路人", contact="1", text="不同意", at=timezone.now()
    )
    under_notice.refresh_from_db()
    assert under_notice.item is not None
    assert under_notice.item.desk == "nominations.objections"

    operations.resolve_objection(
        actor=second_reviewer, objection=objection, is_upheld=False, reason="经核实", at=timezone.now()
    )
    under_notice.refresh_from_db()
    assert under_notice.item is not None
    assert under_notice.item.desk == STOPS_DESK

    rule(second_reviewer, under_notice, fact, goes_on=False)
    under_notice.refresh_from_db()
    assert (under_notice.status, under_notice.item) == (NominationStatus.REJECTED, None)


def test_a_fact_is_about_the_person_under_whichever_document(
    case: Nomination, register: tuple[IntegritySource, str]
) -> None:
    number = resident_number(8, birth="19790304")
    other = make_talent(identity=IdentityInput(kind=IdentityKind.RESIDENT_ID, number=number))
    mark_one_person(actor=None, one=case.talent, other=other)

    report(register[0], number=number)

    assert codes(case) == ["integrity_fact"]
    assert told("nomination.integrity_fact") == []


@pytest.mark.parametrize(("tier", "expected"), [("", ["check_missing"]), ("B", ["check_missing"]), ("A", [])])
def test_a_required_check_needs_its_result_before_the_preliminary_review_passes(
    case: Nomination, preliminary_reviewer: User, tier: str, expected: list[str]
) -> None:
    RequiredCheck.objects.create(policy=case.policy, kind=DEBTOR, tier=tier)

    assert codes(case) == expected
    assert codes(case, Step.SECOND) == []
    check(preliminary_reviewer, case, None)
    assert codes(case) == []


@pytest.mark.parametrize(("credit_class", "expected"), [("B", ["check_missing"]), ("A", [])])
def test_nominators_of_one_credit_class_are_checked_more(
    case: Nomination, credit_class: str, expected: list[str]
) -> None:
    NominatorProfile.objects.filter(organisation=case.nominator).delete()
    RequiredCheck.objects.create(policy=case.policy, kind=DEBTOR, credit_class=credit_class)
    assert codes(case) == []

    NominatorProfile.objects.create(organisation=case.nominator, yearly_quota=5, credit_class="B")

    assert codes(case) == expected


def test_what_a_system_sends_twice_is_one_fact(case: Nomination, register: tuple[IntegritySource, str]) -> None:
    assert report(register[0]) == report(register[0])
    assert IntegrityFact.objects.count() == 1
    with pytest.raises(PersonUnknown):
        report(register[0], FactInput(reference="2", dated_on=HIT.dated_on), resident_number(9, birth="19511111"))


@pytest.mark.django_db(transaction=True)
def test_what_a_system_sends_twice_at_once_is_one_fact(nominator: User, register: tuple[IntegritySource, str]) -> None:
    make_policy()
    make_submitted(
        nominator, nominee=nominee_input(identity=IdentityInput(kind=IdentityKind.RESIDENT_ID, number=NUMBER))
    )

    facts = at_once([partial(report, register[0])] * 2)

    assert facts[0] == facts[1]
    assert IntegrityFact.objects.count() == 1


def test_only_who_has_the_case_in_hand_decides(
    case: Nomination,
    nominator: User,
    second_reviewer: User,
    preliminary_reviewer: User,
    register: tuple[IntegritySource, str],
) -> None:
    fact = report(register[0])
    for actor in (nominator, second_reviewer):
        with pytest.raises(NotAllowed):
            check(actor, case)
        with pytest.raises(NotAllowed):
            rule(actor, case, fact, goes_on=True)
    with pytest.raises(NotAllowed):
        # The source withdraws what the source recorded.
        operations.withdraw_fact(actor=preliminary_reviewer, nomination=case, fact=fact, reason="误", at=timezone.now())
    other = make_submitted(nominator)
    with pytest.raises(FactUnknown):
        rule(preliminary_reviewer, other, fact, goes_on=True)
    assert (IntegrityRuling.objects.count(), IntegrityCheck.objects.count()) == (0, 0)


def test_the_officers_history_tells_all_of_it(
    case: Nomination, preliminary_reviewer: User, register: tuple[IntegritySource, str]
) -> None:
    check(preliminary_reviewer, case, None)
    fact = report(register[0])
    rule(preliminary_reviewer, case, fact, goes_on=True)

    assert [entry.label for entry in queries.timeline(case, preliminary_reviewer)][-3:] == [
        "诚信核查：未发现",
        "诚信记录：来源系统推送",
        "诚信记录：决定继续办理",
    ]
    for reader in (case.filed_by, Talent.objects.get(pk=case.talent_id).user):
        assert "诚信" not in str([entry.label for entry in queries.timeline(case, reader)])


def test_the_page_records_decides_and_withdraws(
    case: Nomination, preliminary_reviewer: User, login: Callable[[User], Client]
) -> None:
    client = login(preliminary_reviewer)
    answers = {"kind": "dishonest_debtor", "source": SOURCE, "result": "hit", "reference": "1", "text": "x"}
    record_url = reverse("nominations:integrity-check", args=[case.pk])
    assert client.post(record_url, answers).status_code == 400
    assert client.post(record_url, {**answers, "dated_on": "2124-01-01"}).status_code == 400
    assert IntegrityFact.objects.count() == 0
    assert client.post(record_url, {**answers, "dated_on": "2024-01-01"}).status_code == 302

    fact = IntegrityFact.objects.get()
    page = client.get(reverse("nominations:integrity-detail", args=[case.pk])).content.decode()
    assert reverse("nominations:integrity-decide", args=[case.pk, fact.pk]) in page
    withdraw = reverse("nominations:integrity-withdraw", args=[case.pk, fact.pk])
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, {"reason": ""}).status_code == 400
    decide = reverse("nominations:integrity-decide", args=[case.pk, fact.pk])
    prefix = f"fact-{fact.pk}"
    assert client.post(decide, {f"{prefix}-ruling": "go_on"}).status_code == 400
    assert client.post(decide, {f"{prefix}-ruling": "go_on", f"{prefix}-reason": "已核实"}).status_code == 302
    assert codes(case) == []
    assert client.post(decide, {f"{prefix}-ruling": "go_on", f"{prefix}-reason": "又"}).status_code == 409
    assert client.post(withdraw, {"reason": "登记有误"}).status_code == 302
    fact.refresh_from_db()
    assert fact.withdrawn_at is not None


@pytest.mark.parametrize("who", ["outsider", "nominator", "auditor", "second_reviewer"])
def test_others_neither_see_nor_change(
    case: Nomination,
    preliminary_reviewer: User,
    request: pytest.FixtureRequest,
    login: Callable[[User], Client],
    api_for: Callable[[User], APIClient],
    who: str,
) -> None:
    fact = check(preliminary_reviewer, case).fact
    assert fact is not None
    user = request.getfixturevalue(who)
    client, api = login(user), api_for(user)
    seen = {"auditor": 200, "nominator": 403}.get(who, 404)
    reason = {"reason": "x"}

    assert client.get(reverse("nominations:integrity-detail", args=[case.pk])).status_code == seen
    assert api.get(reverse("api-integrity", args=[case.pk])).status_code == seen
    posts: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("integrity-check", [case.pk], {"kind": "other", "source": "x", "result": "clear"}),
        ("integrity-decide", [case.pk, fact.pk], {f"fact-{fact.pk}-ruling": "go_on", f"fact-{fact.pk}-reason": "x"}),
        ("integrity-withdraw", [case.pk, fact.pk], reason),
    ]
    for name, args, data in posts:
        assert client.post(reverse(f"nominations:{name}", args=args), data).status_code in (403, 404)
    calls: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("api-integrity-check", [case.pk], {"kind": "other", "source": "x"}),
        ("api-integrity-decide", [case.pk, fact.pk], {"goes_on": True, **reason}),
        ("api-integrity-withdraw", [case.pk, fact.pk], reason),
    ]
    for name, args, data in calls:
        assert api.post(reverse(name, args=args), data, format="json").status_code in (403, 404)
    fact.refresh_from_db()
    assert (IntegrityCheck.objects.count(), IntegrityRuling.objects.count()) == (1, 0)
    assert fact.withdrawn_at is None


def test_the_api_records_decides_and_withdraws(
    case: Nomination, preliminary_reviewer: User, api_for: Callable[[User], APIClient]
) -> None:
    RequiredCheck.objects.create(policy=case.policy, kind=IntegrityKind.ACADEMIC_MISCONDUCT)
    api = api_for(preliminary_reviewer)
    hit = {"reference": "1", "dated_on": "2024-01-01"}
    checked = {"kind": "dishonest_debtor", "source": SOURCE, "hit": hit}

    known = api.post(reverse("api-integrity-check", args=[case.pk]), checked, format="json").json()

    assert known["missing_checks"] == ["academic_misconduct"]
    (fact,) = known["facts"]
    assert (fact["reference"], fact["dated_on"], fact["ruling"]) == ("1", "2024-01-01", None)
    assert [each["fact"] for each in known["checks"]] == [fact["id"]]
    detail = api.get(reverse("api-nomination-detail", args=[case.pk])).json()
    assert [each["code"] for each in detail["obstacles"]] == ["integrity_fact", "check_missing"]
    bad = {**checked, "hit": {**hit, "dated_on": "2124-01-01"}}
    assert api.post(reverse("api-integrity-check", args=[case.pk]), bad, format="json").status_code == 400

    ruling = {"goes_on": True, "reason": "已核实"}
    known = api.post(reverse("api-integrity-decide", args=[case.pk, fact["id"]]), ruling, format="json").json()
    assert known["facts"][0]["ruling"]["goes_on"] is True
    withdraw = reverse("api-integrity-withdraw", args=[case.pk, fact["id"]])
    known = api.post(withdraw, {"reason": "登记有误"}, format="json").json()
    assert known["facts"][0]["withdrawal_reason"] == "登记有误"


def test_integrity_costs_the_same_however_much_is_known(
    case: Nomination,
    preliminary_reviewer: User,
    api_for: Callable[[User], APIClient],
    register: tuple[IntegritySource, str],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    api, url = api_for(preliminary_reviewer), reverse("api-integrity", args=[case.pk])
    api.get(url)
    for number in range(3):
        report(register[0], FactInput(reference=f"r{number}", dated_on=HIT.dated_on))
        check(preliminary_reviewer, case)
        with django_assert_num_queries(10):
            assert len(api.get(url).json()["facts"]) == 2 * (number + 1)


def systems_client(token: str) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return api


REPORT = {
    "kind": "dishonest_debtor",
    "identity_kind": "resident_id",
    "identity_number": NUMBER,
    "reference": HIT.reference,
    "dated_on": "2024-03-01",
}


def test_a_sources_system_reports_and_retracts(case: Nomination, register: tuple[IntegritySource, str]) -> None:
    api = systems_client(register[1])

    answer = api.post(reverse("api-integrity-report"), REPORT, format="json")

    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "recorded_at", "withdrawn_at"}
    assert codes(case) == ["integrity_fact"]
    taken_back = {"reference": HIT.reference, "reason": "已履行"}
    assert api.post(reverse("api-integrity-retract"), taken_back, format="json").json()["withdrawn_at"] is not None
    assert codes(case) == []
    unknown = {"reference": "?", "reason": "已履行"}
    assert api.post(reverse("api-integrity-retract"), unknown, format="json").json()["code"] == "fact_unknown"
    nobody = {**REPORT, "reference": "2", "identity_number": resident_number(9, birth="19511111")}
    assert api.post(reverse("api-integrity-report"), nobody, format="json").json()["code"] == "person_unknown"


def test_other_systems_and_people_report_nothing(
    case: Nomination,
    bureau: Organisation,
    preliminary_reviewer: User,
    register: tuple[IntegritySource, str],
    api_for: Callable[[User], APIClient],
) -> None:
    source, token = register
    _system, other = make_partner_system(bureau, scope="integrity")
    _system, unscoped = make_partner_system(bureau)
    url = reverse("api-integrity-report")
    clients = [systems_client(other), systems_client(unscoped), api_for(preliminary_reviewer), APIClient()]

    assert [each.post(url, REPORT, format="json").status_code for each in clients] == [403, 403, 401, 401]
    source.is_active = False
    source.save()
    assert systems_client(token).post(url, REPORT, format="json").status_code == 403
    assert IntegrityFact.objects.count() == 0
