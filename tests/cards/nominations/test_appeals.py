"""The appeal against a refusal: once, in time, decided by people who have not handled the case."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.credentials.models import StatusEntry
from cards.issuance.models import Award, CardEdition, PolicyVersion, TalentCard
from cards.nominations import operations, queries
from cards.nominations.choices import (
    APPEALS_DESK,
    AppealStatus,
    LimitedStep,
    NominationStatus,
    ObjectionStatus,
    Outcome,
    Paper,
)
from cards.nominations.models import (
    Appeal,
    AppealDocument,
    Nomination,
    NominatorProfile,
    NominatorYear,
    PublicNotice,
    StepLimit,
)
from cards.nominations.operations.appeals import AppealDecided, AppealTooLate, AppealUsed, HandledBefore
from cards.nominations.operations.evidence import TooManyDocuments
from cards.nominations.operations.releases import NothingToRelease
from cards.nominations.operations.review import ConflictOfInterest, RefusedBefore
from cards.nominations.operations.submission import PersonHasLiveNomination
from cards.nominations.operations.transitions import TransitionNotAllowed
from talentcard.accounts.choices import Role
from talentcard.accounts.models import Organisation, User
from talentcard.audit.models import AuditEvent
from talentcard.casework.models import DecisionDocument, WorkItem
from talentcard.casework.operations import claim, hand_over
from talentcard.casework.operations.assignment import OfficerUnfit
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.documents.models import Document
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import (
    make_draft,
    make_second_review,
    make_submitted,
    nominee_input,
    upload,
)

# After everything that the cases were made by.
NOW = timezone.now() + dt.timedelta(hours=1)


@pytest.fixture
def third_officer(bureau: Organisation) -> User:
    """A second reviewer who has not handled anything yet."""
    return give_role(UserFactory(username="third", organisation=bureau), Role.SECOND_REVIEWER)


@pytest.fixture
def rejected(in_second_review: Nomination, second_reviewer: User) -> Nomination:
    """A nomination that the second review refused."""
    return operations.review_second(
        actor=second_reviewer,
        nomination=in_second_review,
        outcome=Outcome.REJECT,
        reason="不符合条件",
        agrees=False,
        at=NOW,
    )


@pytest.fixture
def nominee(rejected: Nomination) -> User:
    return User.objects.get(talent__nominations=rejected)


@pytest.fixture
def appealed(rejected: Nomination, nominator: User) -> Nomination:
    lodge(nominator, rejected)
    return fresh(rejected)


def fresh(nomination: Nomination) -> Nomination:
    return Nomination.objects.with_parties().get(pk=nomination.pk)


def lodge(actor: User, nomination: Nomination, **details: Any) -> Appeal:
    return operations.lodge_appeal(
        **{"actor": actor, "nomination": fresh(nomination), "text": "学历证明被误读。", "at": NOW, **details}
    )


def decide(actor: User, nomination: Nomination, *, is_upheld: bool, **details: Any) -> Appeal:
    appeal = Appeal.objects.get(nomination=nomination)
    return operations.decide_appeal(
        **{"actor": actor, "appeal": appeal, "is_upheld": is_upheld, "reason": "经复查。", "at": NOW, **details}
    )


def everything() -> tuple[Any, ...]:
    return (
        sorted(Nomination.objects.values_list("pk", "status", "round", "quota_year", "item")),
        sorted(Appeal.objects.values_list("pk", "status")),
        sorted(NominatorYear.objects.values_list("pk", "used", "limit")),
        AppealDocument.objects.count(),
        Document.objects.count(),
        AuditEvent.objects.exclude(action__startswith="document.").count(),
        WorkItem.objects.open().count(),
        DecisionDocument.objects.count(),
    )


def test_appeal_waits_at_a_desk_of_its_own_within_the_policys_limit(
    rejected: Nomination, nominator: User, policy: PolicyVersion
) -> None:
    StepLimit.objects.update_or_create(policy=policy, step=LimitedStep.APPEAL, defaults={"working_days": 10})

    lodge(nominator, rejected)

    case = fresh(rejected)
    assert case.status == NominationStatus.APPEALED
    assert case.item is not None
    assert case.item.desk == APPEALS_DESK
    assert case.item.due_at is not None


def test_nominee_in_person_may_appeal(rejected: Nomination, nominee: User) -> None:
    assert lodge(nominee, rejected).lodged_by == nominee


def test_only_parties_may_appeal(
    rejected: Nomination, outsider: User, other_nominator: User, second_reviewer: User, auditor: User
) -> None:
    before = everything()

    for user in (outsider, other_nominator, second_reviewer, auditor):
        with pytest.raises(NotAllowed):
            lodge(user, rejected, uploads=[upload()])

    assert everything() == before


def test_refusal_is_appealed_once(appealed: Nomination, nominator: User, nominee: User, third_officer: User) -> None:
    with pytest.raises(AppealUsed):
        lodge(nominee, appealed)
    decide(third_officer, appealed, is_upheld=False)
    with pytest.raises(AppealUsed):
        lodge(nominator, appealed)


def test_second_refusal_after_an_upheld_appeal_is_final(
    appealed: Nomination, nominator: User, third_officer: User
) -> None:
    decide(third_officer, appealed, is_upheld=True)
    operations.review_second(
        actor=third_officer, nomination=appealed, outcome=Outcome.REJECT, reason="仍不符合", agrees=False, at=NOW
    )

    with pytest.raises(AppealUsed):
        lodge(nominator, appealed)
    last = DecisionDocument.objects.filter(kind=Paper.REJECTION).order_by("number").last()
    assert last is not None
    assert len(last.text("zh-hans").remedies) == 1


@pytest.mark.parametrize(("days_later", "is_taken"), [(3, True), (4, False)])
def test_appeal_must_come_in_time(rejected: Nomination, nominator: User, days_later: int, is_taken: bool) -> None:
    PolicyVersion.objects.update(appeal_days=3)
    at = NOW + dt.timedelta(days=days_later)

    if is_taken:
        lodge(nominator, rejected, at=at)
    else:
        with pytest.raises(AppealTooLate):
            lodge(nominator, rejected, at=at)

    assert Appeal.objects.exists() == is_taken


def test_policy_without_days_takes_no_appeal_and_promises_none(
    in_second_review: Nomination, second_reviewer: User, nominator: User
) -> None:
    PolicyVersion.objects.update(appeal_days=0)
    operations.review_second(
        actor=second_reviewer,
        nomination=in_second_review,
        outcome=Outcome.REJECT,
        reason="不符合",
        agrees=False,
        at=NOW,
    )

    with pytest.raises(AppealTooLate):
        lodge(nominator, in_second_review)
    assert len(DecisionDocument.objects.get(kind=Paper.REJECTION).text("zh-hans").remedies) == 1


@pytest.mark.parametrize("make", ["submitted", "under_notice", "draft"])
def test_what_is_not_rejected_is_not_appealed(make: str, nominator: User, request: pytest.FixtureRequest) -> None:
    nomination = request.getfixturevalue(make)

    with pytest.raises(TransitionNotAllowed):
        lodge(nominator, nomination)


def test_empty_appeal_is_refused_and_bad_documents_leave_nothing(rejected: Nomination, nominator: User) -> None:
    before = everything()

    with pytest.raises(InvalidInput):
        lodge(nominator, rejected, text="  ")
    with pytest.raises(InvalidInput):
        lodge(nominator, rejected, uploads=[upload(), upload("b.pdf", b"MZ not a pdf")])
    with pytest.raises(TooManyDocuments):
        lodge(nominator, rejected, uploads=[upload() for _ in range(60)])

    assert everything() == before


def test_new_nomination_of_the_person_blocks_the_appeal_and_tells_nothing_of_who(
    policy: PolicyVersion, nominator: User, other_nominator: User, preliminary_reviewer: User
) -> None:
    person = nominee_input()
    first = make_submitted(nominator, nominee=person)
    operations.review_preliminary(
        actor=preliminary_reviewer, nomination=first, outcome=Outcome.REJECT, reason="不符合", at=NOW
    )
    make_submitted(other_nominator, nominee=person)

    with pytest.raises(PersonHasLiveNomination) as refusal:
        lodge(nominator, first)

    assert other_nominator.organisation.name not in str(refusal.value)  # type: ignore[union-attr]
    assert not Appeal.objects.exists()


def test_appeal_keeps_others_from_nominating_the_person(
    policy: PolicyVersion, nominator: User, other_nominator: User, preliminary_reviewer: User
) -> None:
    person = nominee_input()
    first = make_submitted(nominator, nominee=person)
    operations.review_preliminary(
        actor=preliminary_reviewer, nomination=first, outcome=Outcome.REJECT, reason="不符合", at=NOW
    )
    lodge(nominator, first)

    with pytest.raises(PersonHasLiveNomination):
        make_submitted(other_nominator, nominee=person)


def test_nobody_who_handled_the_case_decides_the_appeal(
    appealed: Nomination, preliminary_reviewer: User, second_reviewer: User, third_officer: User, outsider: User
) -> None:
    preliminary_reviewer = give_role(User.objects.get(pk=preliminary_reviewer.pk), Role.SECOND_REVIEWER)
    kin = give_role(UserFactory(organisation=appealed.nominator), Role.SECOND_REVIEWER)
    before = everything()

    for user, error in (
        (second_reviewer, HandledBefore),
        (preliminary_reviewer, HandledBefore),
        (kin, ConflictOfInterest),
        (outsider, NotAllowed),
    ):
        with pytest.raises(error):
            decide(user, appealed, is_upheld=True)
        assert appealed not in queries.inbox(user, at=NOW)
    assert everything() == before
    assert appealed in queries.inbox(third_officer, at=NOW)
    assert appealed.item is not None
    claim(actor=third_officer, item=appealed.item, at=NOW)
    with pytest.raises(OfficerUnfit):
        hand_over(actor=third_officer, item=appealed.item, to=second_reviewer, reason="", at=NOW)


def test_who_resolved_an_objection_does_not_decide_the_appeal(
    under_notice: Nomination, nominator: User, second_reviewer: User, third_officer: User
) -> None:
    objections = [
        operations.lodge_objection(notice=under_notice.notice, name="甲", contact="1", text="不实", at=NOW)
        for _ in range(2)
    ]
    operations.resolve_objection(actor=third_officer, objection=objections[0], is_upheld=False, reason="不成立", at=NOW)
    operations.resolve_objection(actor=second_reviewer, objection=objections[1], is_upheld=True, reason="成立", at=NOW)
    lodge(nominator, under_notice)

    with pytest.raises(HandledBefore):
        decide(third_officer, under_notice, is_upheld=True)


def test_dismissed_appeal_leaves_nothing_usable(
    appealed: Nomination, nominee: User, third_officer: User, nominator: User
) -> None:
    decide(third_officer, appealed, is_upheld=False)

    case = fresh(appealed)
    assert case.status == NominationStatus.REJECTED
    assert case.item is None
    assert case.quota_year is None
    assert case.decided_at == NOW
    assert not any(model.objects.exists() for model in (Award, TalentCard, CardEdition, StatusEntry))
    assert nominee.is_active
    document = DecisionDocument.objects.get(kind=Paper.APPEAL)
    assert document.number.startswith("SS")
    assert document.text("zh-hans").reasons == ("经复查。",)
    assert {each.user or each.organisation for each in document.addressees.all()} == {nominee, nominator.organisation}
    assert Message.objects.filter(event="nomination.appeal_dismissed").count() == 2


def test_upheld_appeal_is_reviewed_anew_by_people_who_did_not_refuse(
    appealed: Nomination, second_reviewer: User, third_officer: User, policy: PolicyVersion
) -> None:
    decide(third_officer, appealed, is_upheld=True)

    case = fresh(appealed)
    assert (case.status, case.round, case.decided_at) == (NominationStatus.SECOND_REVIEW, 2, None)
    assert case not in queries.inbox(second_reviewer, at=NOW)
    with pytest.raises(RefusedBefore):
        operations.review_second(actor=second_reviewer, nomination=case, outcome=Outcome.PASS, agrees=True, at=NOW)
    assert case in queries.inbox(third_officer, at=NOW)
    operations.review_second(actor=third_officer, nomination=case, outcome=Outcome.PASS, agrees=True, at=NOW)
    assert fresh(case).status == NominationStatus.AWAITING_NOTICE
    assert case not in queries.waiting_for_release(second_reviewer, at=NOW)
    with pytest.raises(NothingToRelease):
        operations.release_notices(actor=second_reviewer, nomination_ids=[case.pk], at=NOW)
    operations.release_notices(actor=third_officer, nomination_ids=[case.pk], at=NOW)
    assert fresh(case).status == NominationStatus.PUBLIC_NOTICE


def test_refusal_at_the_preliminary_review_goes_back_to_it(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, third_officer: User
) -> None:
    operations.review_preliminary(
        actor=preliminary_reviewer, nomination=submitted, outcome=Outcome.REJECT, reason="不符合", at=NOW
    )
    lodge(nominator, submitted)
    assert submitted in queries.visible_to(third_officer)

    decide(third_officer, submitted, is_upheld=True)

    case = fresh(submitted)
    assert case.status == NominationStatus.SUBMITTED
    with pytest.raises(RefusedBefore):
        operations.review_preliminary(actor=preliminary_reviewer, nomination=case, outcome=Outcome.PASS, at=NOW)
    colleague = give_role(UserFactory(), Role.PRELIMINARY_REVIEWER)
    operations.review_preliminary(actor=colleague, nomination=case, outcome=Outcome.PASS, at=NOW)
    assert fresh(case).status == NominationStatus.SECOND_REVIEW


def test_refusal_under_notice_goes_back_to_the_second_review_and_its_notice_begins_anew(
    under_notice: Nomination, nominator: User, second_reviewer: User, third_officer: User
) -> None:
    objection = operations.lodge_objection(notice=under_notice.notice, name="甲", contact="1", text="不实", at=NOW)
    operations.resolve_objection(actor=second_reviewer, objection=objection, is_upheld=True, reason="成立", at=NOW)
    lodge(nominator, under_notice)
    decide(third_officer, under_notice, is_upheld=True)
    assert fresh(under_notice).status == NominationStatus.SECOND_REVIEW

    with pytest.raises(RefusedBefore):
        operations.review_second(
            actor=second_reviewer, nomination=under_notice, outcome=Outcome.PASS, agrees=True, at=NOW
        )
    operations.review_second(actor=third_officer, nomination=under_notice, outcome=Outcome.PASS, agrees=True, at=NOW)
    operations.release_notices(actor=third_officer, nomination_ids=[under_notice.pk], at=NOW)

    notice = PublicNotice.objects.get(nomination=under_notice)
    assert notice.release.serial == 2
    assert notice.is_open(NOW)
    later = operations.lodge_objection(notice=notice, name="乙", contact="2", text="不实", at=NOW)
    with pytest.raises(NotAllowed):
        operations.resolve_objection(actor=second_reviewer, objection=later, is_upheld=True, reason="成立", at=NOW)
    operations.resolve_objection(actor=third_officer, objection=later, is_upheld=False, reason="不成立", at=NOW)
    operations.close_due_notices(at=NOW + dt.timedelta(days=60))
    assert fresh(under_notice).status == NominationStatus.APPROVED
    assert Counter(each.status for each in notice.objections.all()) == {
        ObjectionStatus.UPHELD: 1,
        ObjectionStatus.DISMISSED: 1,
    }


def test_appeal_is_charged_and_an_extra_place_is_granted_where_none_is_left(
    rejected: Nomination, nominator: User, third_officer: User
) -> None:
    NominatorProfile.objects.filter(organisation=nominator.organisation).update(yearly_quota=1)
    make_submitted(nominator)

    lodge(nominator, rejected)

    account = NominatorYear.objects.get(organisation=nominator.organisation)
    assert (account.used, account.limit) == (2, 2)
    assert AuditEvent.objects.filter(action="nominator_quota.raised_for_appeal").count() == 1
    decide(third_officer, rejected, is_upheld=False)
    with pytest.raises(DomainError):
        make_submitted(nominator)
    account.refresh_from_db()
    assert account.used == 1


def test_appeal_uses_a_free_place_first_and_needs_no_grant(rejected: Nomination, nominator: User) -> None:
    NominatorProfile.objects.filter(organisation=nominator.organisation).delete()
    NominatorYear.objects.all().delete()

    lodge(nominator, rejected)

    account = NominatorYear.objects.get(organisation=nominator.organisation)
    assert (account.used, account.limit) == (1, 1)


def test_nominator_cannot_withdraw_a_case_under_appeal(appealed: Nomination, nominator: User) -> None:
    with pytest.raises(TransitionNotAllowed):
        operations.withdraw(actor=nominator, nomination=appealed, at=NOW)

    assert "withdraw" not in queries.actions_open_to(nominator, appealed)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_give_one_decision(
    policy: PolicyVersion,
    nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
    third_officer: User,
    bureau: Organisation,
) -> None:
    case = make_second_review(nominator, preliminary_reviewer)
    operations.review_second(
        actor=second_reviewer, nomination=case, outcome=Outcome.REJECT, reason="不", agrees=False, at=NOW
    )
    lodge(nominator, case)
    fourth = give_role(UserFactory(organisation=bureau), Role.SECOND_REVIEWER)

    def attempt(officer: User, is_upheld: bool) -> str:
        try:
            decide(officer, case, is_upheld=is_upheld)
        except DomainError as error:
            return error.code
        return "decided"

    outcomes = at_once([lambda: attempt(third_officer, True), lambda: attempt(fourth, False)])

    assert sorted(outcomes) == ["appeal_decided", "decided"]
    assert DecisionDocument.objects.filter(kind=Paper.APPEAL).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_parties_at_once_give_one_appeal(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    case = make_submitted(nominator)
    operations.review_preliminary(
        actor=preliminary_reviewer, nomination=case, outcome=Outcome.REJECT, reason="不", at=NOW
    )
    nominee = User.objects.get(talent__nominations=case)

    def attempt(user: User) -> str:
        try:
            lodge(user, case, uploads=[upload()])
        except DomainError as error:
            return error.code
        return "lodged"

    assert sorted(at_once([lambda: attempt(nominator), lambda: attempt(nominee)])) == ["appeal_used", "lodged"]
    assert AppealDocument.objects.count() == 1
    assert Document.objects.exclude(appeal_document=None).count() == 1


def test_decision_needs_a_reason_and_comes_once(appealed: Nomination, third_officer: User) -> None:
    with pytest.raises(InvalidInput):
        decide(third_officer, appealed, is_upheld=True, reason=" ")
    decide(third_officer, appealed, is_upheld=False)
    with pytest.raises(AppealDecided):
        decide(third_officer, appealed, is_upheld=True)


def test_each_audience_reads_its_timeline(
    appealed: Nomination, nominator: User, nominee: User, third_officer: User
) -> None:
    decide(third_officer, appealed, is_upheld=True)

    case = fresh(appealed)
    seen = {user: queries.timeline(case, user)[-2:] for user in (nominator, nominee, third_officer)}
    for entries in seen.values():
        assert [entry.status for entry in entries] == [NominationStatus.APPEALED, NominationStatus.SECOND_REVIEW]
        assert entries[-1].reason == "经复查。"
    assert [seen[user][-1].actor for user in (nominator, nominee)] == ["", ""]
    assert seen[third_officer][-1].actor == str(third_officer)


def test_officers_who_may_act_are_told_and_those_who_handled_are_not(
    appealed: Nomination, third_officer: User, second_reviewer: User, rejected: Nomination
) -> None:
    told = set(Message.objects.filter(event="nomination.appeal_waits").values_list("recipient", flat=True))

    assert second_reviewer.pk not in told


def test_api_lodges_shows_and_decides(
    rejected: Nomination,
    nominator: User,
    nominee: User,
    third_officer: User,
    outsider: User,
    other_nominator: User,
    api_for: Callable[[User], APIClient],
) -> None:
    path = reverse("api-nomination-appeal", args=[rejected.pk])
    decide_path = reverse("api-nomination-appeal-decide", args=[rejected.pk])
    before = everything()

    for user in (outsider, other_nominator):
        assert api_for(user).post(path, {"text": "x"}).status_code == 404
        assert api_for(user).get(path).status_code == 404
        assert api_for(user).post(decide_path, {"is_upheld": True, "reason": "x"}, format="json").status_code in (
            403,
            404,
        )
    assert api_for(third_officer).post(path, {"text": "x"}).status_code == 403
    assert everything() == before

    made = api_for(nominee).post(path, {"text": "误读", "documents": [upload(), upload("b.pdf")]}, format="multipart")

    assert made.status_code == 201
    assert (made.json()["text"], len(made.json()["documents"])) == ("误读", 2)
    assert made.json()["is_by_nominee"] is True
    # The other party learns that there is one, not what it says.
    assert (api_for(nominator).get(path).json()["text"], api_for(nominator).get(path).json()["documents"]) == (None, [])
    assert api_for(third_officer).get(path).json()["text"] == "误读"
    answer = api_for(third_officer).post(decide_path, {"is_upheld": False, "reason": "维持"}, format="json")
    assert answer.status_code == 200
    assert answer.json()["status"] == NominationStatus.REJECTED
    assert api_for(nominator).get(path).json()["reason"] == "维持"
    again = api_for(third_officer).post(decide_path, {"is_upheld": True, "reason": "维持"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "appeal_decided")


def test_same_key_lodges_once(rejected: Nomination, nominator: User, api_for: Callable[[User], APIClient]) -> None:
    path = reverse("api-nomination-appeal", args=[rejected.pk])

    answers = [
        api_for(nominator).post(path, {"text": "误读"}, format="json", headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Appeal.objects.count() == 1


def test_documents_of_an_appeal_are_for_its_side_and_for_officers(
    rejected: Nomination,
    nominator: User,
    nominee: User,
    third_officer: User,
    outsider: User,
    login: Callable[[User], Client],
    api_for: Callable[[User], APIClient],
) -> None:
    appeal = lodge(nominee, rejected, uploads=[upload()])
    entry = appeal.documents.get()
    page = reverse("nominations:appeal-document", args=[entry.pk])
    endpoint = reverse("api-appeal-document", args=[rejected.pk, entry.pk])

    got = {
        user: (login(user).get(page).status_code, api_for(user).get(endpoint).status_code)
        for user in (nominee, third_officer, nominator, outsider)
    }

    assert got == {
        nominee: (200, 200),
        third_officer: (200, 200),
        nominator: (403, 403),
        outsider: (404, 404),
    }
    assert AuditEvent.objects.filter(action="document.read").count() == 4


def test_pages_lodge_and_decide(
    rejected: Nomination,
    nominator: User,
    nominee: User,
    second_reviewer: User,
    third_officer: User,
    outsider: User,
    login: Callable[[User], Client],
) -> None:
    lodge_path = reverse("nominations:appeal-create", args=[rejected.pk])
    decide_path = reverse("nominations:appeal-decide", args=[rejected.pk])
    before = everything()
    for user, code in ((outsider, 404), (second_reviewer, 403)):
        assert login(user).get(lodge_path).status_code == code
        assert login(user).post(lodge_path, {"text": "x"}).status_code == code
    assert login(nominator).post(lodge_path, {"text": ""}).status_code == 400
    assert everything() == before
    for user in (nominator, nominee):
        assert lodge_path in login(user).get(rejected.get_absolute_url()).content.decode()

    sent = login(nominee).post(lodge_path, {"text": "<script>误读</script>", "documents": [upload(), upload("b.pdf")]})

    assert sent.status_code == 302
    assert Appeal.objects.get().documents.count() == 2
    assert login(nominator).get(lodge_path).status_code == 403
    shown = login(third_officer).get(rejected.get_absolute_url()).content.decode()
    assert decide_path in shown
    assert "<script>误读" not in shown
    assert decide_path not in login(second_reviewer).get(rejected.get_absolute_url()).content.decode()
    item = fresh(rejected).item_id
    refused = login(second_reviewer).post(decide_path, {"decision": "uphold", "reason": "x", "item": item})
    assert refused.status_code == 400
    assert login(outsider).post(decide_path, {"decision": "uphold", "reason": "x", "item": item}).status_code == 404
    assert fresh(rejected).status == NominationStatus.APPEALED
    decided = login(third_officer).post(decide_path, {"decision": "uphold", "reason": "成立", "item": item})
    assert decided.status_code == 302
    assert fresh(rejected).status == NominationStatus.SECOND_REVIEW
    assert Appeal.objects.get().status == AppealStatus.UPHELD


def test_inbox_costs_the_same_for_one_appeal_and_three(
    policy: PolicyVersion,
    nominator: User,
    preliminary_reviewer: User,
    third_officer: User,
    login: Callable[[User], Client],
) -> None:
    def cost() -> int:
        client = login(third_officer)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("nominations:nomination-inbox"))
        return len(captured)

    def appeal() -> None:
        case = make_submitted(nominator)
        operations.review_preliminary(
            actor=preliminary_reviewer, nomination=case, outcome=Outcome.REJECT, reason="不", at=NOW
        )
        lodge(nominator, case)

    appeal()
    one = cost()
    appeal()
    appeal()

    assert cost() == one


def test_award_after_an_appeal_rests_on_its_documents_too(
    rejected: Nomination, nominator: User, third_officer: User
) -> None:
    lodge(nominator, rejected, uploads=[upload("c.pdf", upload().read() + b"\n")])
    decide(third_officer, rejected, is_upheld=True)
    before = make_draft(nominator)

    operations.review_second(actor=third_officer, nomination=rejected, outcome=Outcome.PASS, agrees=True, at=NOW)
    operations.release_notices(actor=third_officer, nomination_ids=[rejected.pk], at=NOW)
    operations.close_due_notices(at=NOW + dt.timedelta(days=60))

    from cards.nominations.operations.approval import evidence_hash

    assert Award.objects.get().evidence_hash == evidence_hash(fresh(rejected)) != evidence_hash(before)
