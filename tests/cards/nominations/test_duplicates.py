import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion, TalentCard
from cards.issuance.operations import HolderHasLiveCard, award_card
from cards.nominations import operations, queries
from cards.nominations.choices import STOPS_DESK, DuplicateVerdict, NominationStatus, Outcome, Step
from cards.nominations.models import Nomination, SuspectedDuplicate
from cards.nominations.operations import CaseStopped
from cards.nominations.operations.duplicates import DuplicateDecided, NotSuspected
from cards.nominations.operations.stops import NotStopped
from cards.nominations.operations.submission import PersonHasLiveNomination
from cards.talents.choices import IdentityKind
from cards.talents.identity import check_character
from cards.talents.models import Talent
from cards.talents.operations import IdentityInput, mark_one_person
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.casework.operations import claim
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import (
    make_draft,
    make_policy,
    make_second_review,
    make_submitted,
    make_under_notice,
    nominee_input,
)
from tests.factories.talents import make_talent

pytestmark = pytest.mark.django_db

BORN = dt.date(1980, 5, 6)
PASSPORT = IdentityInput(kind=IdentityKind.PASSPORT, number="E 1234-5678", issuing_region="Germany")
OTHER_PASSPORT = IdentityInput(kind=IdentityKind.PASSPORT, number="C01X00T47", issuing_region="Germany")


def person(identity: IdentityInput = PASSPORT, name: str = "Jean-Luc Müller") -> operations.NomineeInput:
    return nominee_input(name=name, identity=identity, birth_date=BORN)


def decide(actor: User, nomination: Nomination, other: Talent, *, is_same: bool = False) -> SuspectedDuplicate:
    return operations.decide_duplicate(
        actor=actor, nomination=nomination, other=other, is_same=is_same, reason="已电话核实", at=timezone.now()
    )


def codes(nomination: Nomination, step: Step | None = Step.PRELIMINARY) -> list[str]:
    return [each.code for each in queries.obstacles_to(Nomination.objects.with_parties().get(pk=nomination.pk), step)]


@pytest.fixture
def known(policy: PolicyVersion, other_nominator: User) -> Nomination:
    """Return a nomination of somebody, by another nominator."""
    return make_submitted(other_nominator, nominee=person(OTHER_PASSPORT, "MÜLLER  Jean Luc"))


@pytest.fixture
def suspected(known: Nomination, nominator: User) -> Nomination:
    """Return a nomination of a look-alike."""
    return make_submitted(nominator, nominee=person())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            IdentityInput(kind=IdentityKind.RESIDENT_ID, number="110105491231002"),
            IdentityInput(kind=IdentityKind.RESIDENT_ID, number=" 11010519491231002x"),
        ),
        (PASSPORT, dataclasses.replace(PASSPORT, number="ｅ12345678", issuing_region=" GERMANY ")),
        (
            IdentityInput(kind=IdentityKind.HK_MACAU_PERMIT, number="H1234567801"),
            IdentityInput(kind=IdentityKind.HK_MACAU_PERMIT, number="h12345678"),
        ),
    ],
)
def test_one_document_is_found_whoever_nominates_and_however_it_is_written(
    policy: PolicyVersion, nominator: User, other_nominator: User, one: IdentityInput, other: IdentityInput
) -> None:
    make_submitted(other_nominator, nominee=nominee_input(name="李海", identity=one))
    draft = make_draft(nominator, nominee=nominee_input(name="李 海", identity=other))

    with pytest.raises(PersonHasLiveNomination) as refusal:
        operations.submit(actor=nominator, nomination=draft, at=timezone.now())

    told = str(refusal.value) + str(refusal.value.as_dict())
    organisation = other_nominator.organisation
    assert organisation is not None
    assert not any(name in told for name in (organisation.name_zh, organisation.name_en, other_nominator.username))
    assert Talent.objects.count() == 1


def test_the_new_permanent_resident_card_of_an_old_one_is_suspected(
    policy: PolicyVersion, nominator: User, other_nominator: User
) -> None:
    # The new number cannot be told from the old one, and the old one states no century.
    old = IdentityInput(kind=IdentityKind.FOREIGN_PR_CARD, number="DEU120080050612")
    make_submitted(other_nominator, nominee=nominee_input(name="Jean-Luc Müller", identity=old))
    body = "91227619800506001"
    new = IdentityInput(kind=IdentityKind.FOREIGN_PR_CARD, number=body + check_character(body))

    case = make_submitted(nominator, nominee=nominee_input(name="Müller Jean-Luc", identity=new))

    assert codes(case) == ["possible_duplicate"]


def test_a_look_alike_is_noted_and_stops_both_reviews_and_the_end_of_the_notice(
    suspected: Nomination, known: Nomination
) -> None:
    pair = SuspectedDuplicate.objects.get()

    assert {pair.first_id, pair.second_id} == {suspected.talent_id, known.talent_id}
    assert (pair.verdict, pair.found_by) == (DuplicateVerdict.OPEN, suspected)
    assert [codes(suspected, step) for step in (*Step, None)] == [["possible_duplicate"]] * 3
    assert codes(known) == ["possible_duplicate"]
    assert AuditEvent.objects.filter(action="duplicate.suspected").count() == 1


@pytest.mark.parametrize(
    ("name", "born"), [("Jean-Luc Muller", BORN), ("Jean-Luc Müller", BORN + dt.timedelta(days=1))]
)
def test_another_name_or_birth_date_is_another_person(
    known: Nomination, nominator: User, name: str, born: dt.date
) -> None:
    case = make_submitted(nominator, nominee=nominee_input(name=name, identity=PASSPORT, birth_date=born))

    assert codes(case) == []


def test_a_stopped_case_is_not_passed_but_may_be_returned(suspected: Nomination, preliminary_reviewer: User) -> None:
    with pytest.raises(CaseStopped) as refusal:
        operations.review_preliminary(
            actor=preliminary_reviewer, nomination=suspected, outcome=Outcome.PASS, at=timezone.now()
        )

    assert [each["code"] for each in refusal.value.as_dict()["obstacles"]] == ["possible_duplicate"]
    assert suspected.reviews.count() == 0
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=suspected,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=[operations.MissingItem(field="evidence", note="缺聘书")],
        at=timezone.now(),
    )
    assert suspected.reviews.count() == 1


def test_bulk_decisions_say_which_case_is_stopped(
    suspected: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    free = make_submitted(nominator)

    rows = operations.decide_many(
        actor=preliminary_reviewer,
        step=Step.PRELIMINARY,
        nomination_ids=[suspected.pk, free.pk],
        outcome=Outcome.PASS,
        at=timezone.now(),
    )

    assert [row.error.code if row.error else "" for row in rows] == ["case_stopped", ""]


def test_different_people_are_not_asked_about_again(
    suspected: Nomination, known: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    pair = decide(preliminary_reviewer, suspected, known.talent)

    assert (pair.verdict, pair.decided_by, pair.reason) == (
        DuplicateVerdict.DIFFERENT,
        preliminary_reviewer,
        "已电话核实",
    )
    assert (codes(suspected), codes(known)) == ([], [])
    with pytest.raises(DuplicateDecided):
        decide(preliminary_reviewer, known, suspected.talent, is_same=True)
    operations.withdraw(actor=nominator, nomination=suspected, at=timezone.now())
    assert codes(make_submitted(nominator, nominee=person())) == []
    event = AuditEvent.objects.get(action="duplicate.different")
    assert event.data == {"nomination": str(suspected.pk)}


def test_one_person_has_one_nomination_and_the_first_goes_on(
    suspected: Nomination, known: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    decide(preliminary_reviewer, suspected, known.talent, is_same=True)

    assert (codes(suspected), codes(known)) == (["second_nomination"], [])
    assert known.talent.person_id == Talent.objects.get(pk=suspected.talent_id).person_id
    operations.review_preliminary(actor=preliminary_reviewer, nomination=known, outcome=Outcome.PASS, at=timezone.now())
    operations.review_preliminary(
        actor=preliminary_reviewer, nomination=suspected, outcome=Outcome.REJECT, reason="重复", at=timezone.now()
    )
    again = make_draft(nominator, nominee=person())
    with pytest.raises(PersonHasLiveNomination):
        operations.submit(actor=nominator, nomination=again, at=timezone.now())


def test_one_person_has_one_card_under_whichever_document(
    policy: PolicyVersion,
    nominator: User,
    other_nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
) -> None:
    first = make_second_review(
        other_nominator, preliminary_reviewer, nominee=person(OTHER_PASSPORT), basis="postdoc", tier="C"
    )
    case = make_submitted(nominator, nominee=person())
    decide(preliminary_reviewer, case, first.talent, is_same=True)

    operations.review_second(
        actor=second_reviewer, nomination=first, outcome=Outcome.PASS, agrees=True, at=timezone.now()
    )

    assert TalentCard.objects.get().holder == first.talent
    assert codes(case) == ["has_card"]
    with pytest.raises(HolderHasLiveCard):
        award_card(
            actor=None,
            case_id=case.pk,
            holder=case.talent,
            tier=case.tier,
            route=case.basis.route,
            basis=case.basis,
            evidence_hash="0" * 64,
            at=timezone.now(),
        )


def test_records_of_one_person_come_together_whatever_order_they_are_found_in() -> None:
    a, b, c, d = (make_talent() for _ in range(4))
    for one, other in ((c, d), (b, a), (d, a), (a, c)):
        mark_one_person(actor=None, one=one, other=other)

    assert set(Talent.objects.values_list("pk", "same_as")) == {(a.pk, None), *((each.pk, a.pk) for each in (b, c, d))}
    assert AuditEvent.objects.filter(action="talent.same_person").count() == 3


def test_a_notice_does_not_end_while_a_look_alike_is_undecided(
    policy: PolicyVersion, nominator: User, other_nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    case = make_under_notice(nominator, preliminary_reviewer, second_reviewer, nominee=person())
    other = make_submitted(other_nominator, nominee=person(OTHER_PASSPORT))
    end = case.notice.closes_at

    assert [operations.close_due_notices(at=end) for _ in range(2)] == [0, 0]
    case.refresh_from_db()
    assert case.item is not None
    assert (case.status, case.item.desk) == (NominationStatus.PUBLIC_NOTICE, STOPS_DESK)
    assert [each.pk for each in queries.inbox(second_reviewer, at=end)] == [case.pk]
    told = Message.objects.filter(event="nomination.notice_stopped")
    assert list(told.values_list("recipient__username", flat=True)) == ["second"]

    decide(second_reviewer, case, other.talent)
    case.refresh_from_db()
    assert case.item is None
    assert operations.close_due_notices(at=end) == 1
    case.refresh_from_db()
    assert (case.status, case.item) == (NominationStatus.APPROVED, None)


def test_a_second_nomination_under_notice_is_rejected_with_a_reason(
    policy: PolicyVersion, nominator: User, other_nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    make_submitted(other_nominator, nominee=person(OTHER_PASSPORT))
    Talent.objects.update(likeness_index="")
    case = make_under_notice(nominator, preliminary_reviewer, second_reviewer, nominee=person())
    refuse = partial(operations.reject_stopped, actor=second_reviewer, nomination=case, at=timezone.now())
    with pytest.raises(NotStopped):
        refuse(reason="重复")
    Talent.objects.update(likeness_index="f" * 64)
    decide(second_reviewer, case, Talent.objects.exclude(pk=case.talent_id).get(), is_same=True)
    with pytest.raises(InvalidInput):
        refuse(reason=" ")

    refuse(reason="同一人已被举荐")

    case.refresh_from_db()
    assert (case.status, case.item) == (NominationStatus.REJECTED, None)
    assert case.notice.__class__.objects.get().ended_at is not None
    assert [each.reason for each in queries.timeline(case, nominator)][-1] == "同一人已被举荐"


def test_only_disinterested_officers_of_the_step_decide(
    suspected: Nomination, known: Nomination, nominator: User, second_reviewer: User, preliminary_reviewer: User
) -> None:
    for actor in (nominator, second_reviewer):
        with pytest.raises(NotAllowed):
            decide(actor, suspected, known.talent)
    Talent.objects.filter(pk=known.talent_id).update(user=preliminary_reviewer)
    with pytest.raises(NotAllowed):
        decide(preliminary_reviewer, suspected, Talent.objects.get(pk=known.talent_id))
    with pytest.raises(NotSuspected):
        decide(preliminary_reviewer, suspected, make_talent())

    assert SuspectedDuplicate.objects.get().verdict == DuplicateVerdict.OPEN


@pytest.mark.django_db(transaction=True)
def test_of_look_alikes_submitted_at_once_both_are_stopped(nominator: User, other_nominator: User) -> None:
    make_policy()

    def nominate(user: User, identity: IdentityInput) -> Nomination:
        return make_submitted(user, nominee=person(identity))

    cases = at_once([partial(nominate, nominator, PASSPORT), partial(nominate, other_nominator, OTHER_PASSPORT)])

    assert [codes(case) for case in cases] == [["possible_duplicate"]] * 2
    assert SuspectedDuplicate.objects.count() == 1


def test_two_entered_in_one_moment_are_found_without_a_note(
    suspected: Nomination, known: Nomination, preliminary_reviewer: User
) -> None:
    # As if neither submission had seen the other.
    SuspectedDuplicate.objects.all().delete()

    assert codes(suspected) == ["possible_duplicate"]
    assert decide(preliminary_reviewer, suspected, known.talent).found_by == suspected


def test_a_birth_date_that_is_learnt_later_finds_the_look_alike(known: Nomination, nominator: User) -> None:
    make_draft(nominator, nominee=nominee_input(name="Jean-Luc Müller", identity=PASSPORT))
    talent = Talent.objects.exclude(pk=known.talent_id).get()
    assert talent.likeness_index == ""

    Nomination.objects.filter(talent=talent).update(status=NominationStatus.WITHDRAWN)
    case = make_submitted(nominator, nominee=person())

    assert (case.talent, codes(case)) == (talent, ["possible_duplicate"])


def test_the_officers_history_tells_of_it_and_nobody_elses_does(
    suspected: Nomination, known: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    decide(preliminary_reviewer, suspected, known.talent)
    nominee = Talent.objects.get(pk=suspected.talent_id).user

    told = [(entry.label, entry.reason) for entry in queries.timeline(suspected, preliminary_reviewer)]
    assert told[-2:] == [("发现疑似重复人员", ""), ("认定与疑似重复人员不是同一人", "已电话核实")]
    for reader in (nominator, nominee):
        assert "疑似" not in str([entry.label for entry in queries.timeline(suspected, reader)])


def test_the_page_asks_and_takes_the_answer(
    suspected: Nomination, known: Nomination, preliminary_reviewer: User, login: Callable[[User], Client]
) -> None:
    client = login(preliminary_reviewer)
    page = client.get(reverse("nominations:nomination-detail", args=[suspected.pk])).content.decode()
    url = reverse("nominations:duplicate-list", args=[suspected.pk])
    assert url in page
    shown = client.get(url).content.decode()
    assert "C******47" in shown
    assert "C01X00T47" not in shown
    assert known.nominator.name_zh not in shown
    to = reverse("nominations:duplicate-decide", args=[suspected.pk, known.talent_id])
    prefix = f"duplicate-{known.talent_id}"

    assert client.post(to, {f"{prefix}-verdict": "different"}).status_code == 400
    answer = client.post(to, {f"{prefix}-verdict": "different", f"{prefix}-reason": "已核实"})

    assert answer.status_code == 302
    assert codes(suspected) == []
    assert client.post(to, {f"{prefix}-verdict": "same", f"{prefix}-reason": "又"}).status_code == 409


@pytest.mark.parametrize("who", ["outsider", "nominator", "auditor", "second_reviewer"])
def test_others_neither_see_nor_decide(
    suspected: Nomination,
    known: Nomination,
    request: pytest.FixtureRequest,
    login: Callable[[User], Client],
    api_for: Callable[[User], APIClient],
    who: str,
) -> None:
    user = request.getfixturevalue(who)
    client, api = login(user), api_for(user)
    prefix = f"duplicate-{known.talent_id}"
    page = reverse("nominations:duplicate-decide", args=[suspected.pk, known.talent_id])
    endpoint = reverse("api-duplicate-decide", args=[suspected.pk, known.talent_id])
    seen = {"auditor": 200, "nominator": 403}.get(who, 404)

    assert client.get(reverse("nominations:duplicate-list", args=[suspected.pk])).status_code == seen
    assert api.get(reverse("api-duplicate-list", args=[suspected.pk])).status_code == seen
    assert client.post(page, {f"{prefix}-verdict": "same", f"{prefix}-reason": "x"}).status_code in (403, 404)
    assert api.post(endpoint, {"is_same": True, "reason": "x"}, format="json").status_code in (403, 404)
    assert client.post(reverse("nominations:stopped-reject", args=[suspected.pk]), {"reason": "x"}).status_code >= 400
    reject = reverse("api-nomination-reject-stopped", args=[suspected.pk])
    assert api.post(reject, {"reason": "x"}, format="json").status_code in (403, 404)
    suspected.refresh_from_db()
    assert SuspectedDuplicate.objects.get().verdict == DuplicateVerdict.OPEN
    assert suspected.status == NominationStatus.SUBMITTED


def test_the_api_shows_and_decides(
    suspected: Nomination, known: Nomination, preliminary_reviewer: User, api_for: Callable[[User], APIClient]
) -> None:
    api = api_for(preliminary_reviewer)
    detail = api.get(reverse("api-nomination-detail", args=[suspected.pk])).json()
    assert [each["code"] for each in detail["obstacles"]] == ["possible_duplicate"]
    review = api.post(
        reverse("api-nomination-preliminary-review", args=[suspected.pk]), {"outcome": "pass"}, format="json"
    )
    assert (review.status_code, review.json()["code"]) == (409, "case_stopped")
    assert [each["code"] for each in review.json()["obstacles"]] == ["possible_duplicate"]
    (found,) = api.get(reverse("api-duplicate-list", args=[suspected.pk])).json()
    assert (found["documents"][0]["number"], found["verdict"]) == ("C******47", "open")
    assert (found["has_live_nomination"], found["has_live_card"]) == (True, False)

    to = reverse("api-duplicate-decide", args=[suspected.pk, found["id"]])
    (decided,) = api.post(to, {"is_same": True, "reason": "同一人"}, format="json").json()

    assert decided["verdict"] == "same"
    detail = api.get(reverse("api-nomination-detail", args=[suspected.pk])).json()
    assert [each["code"] for each in detail["obstacles"]] == ["second_nomination"]


def test_the_list_of_look_alikes_costs_the_same_however_long(
    suspected: Nomination,
    nominator: User,
    preliminary_reviewer: User,
    api_for: Callable[[User], APIClient],
    django_assert_num_queries: Callable[..., object],
) -> None:
    url = reverse("api-duplicate-list", args=[suspected.pk])
    api = api_for(preliminary_reviewer)
    assert len(api.get(url).json()) == 1
    with django_assert_num_queries(13):
        api.get(url)
    for number in ("X1000001", "X1000002"):
        make_talent(name="Jean-Luc Müller", birth_date=BORN, identity=dataclasses.replace(PASSPORT, number=number))
    with django_assert_num_queries(13):
        assert len(api.get(url).json()) == 3


def test_people_under_secrecy_are_shown_with_little_more_than_their_document(
    suspected: Nomination, known: Nomination, preliminary_reviewer: User
) -> None:
    Talent.objects.filter(pk=known.talent_id).update(is_secret=True, nationality="Germany")

    (found,) = queries.look_alikes_of(suspected)

    assert (found.employer, found.nationality) == ("", "")


def test_found_to_be_one_person_their_cases_leave_whoever_is_tied_to_the_other_record(
    known: Nomination, suspected: Nomination, preliminary_reviewer: User
) -> None:
    colleague = UserFactory(username="colleague", organisation=preliminary_reviewer.organisation)
    give_role(colleague, Role.PRELIMINARY_REVIEWER, district="binhai")
    now = timezone.now()
    operations.declare_recusal(actor=colleague, officer=colleague, case=known, relation="sibling", at=now)
    case = Nomination.objects.with_parties().get(pk=suspected.pk)
    assert case.item is not None
    claim(actor=colleague, item=case.item, at=now)

    decide(preliminary_reviewer, known, case.talent, is_same=True)

    case.item.refresh_from_db()
    assert case.item.assignee is None
