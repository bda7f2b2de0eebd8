"""Cases that passed both reviews are put under public notice together."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion, TalentCard
from cards.nominations import operations, queries
from cards.nominations.choices import RELEASE_DESK, NominationStatus, Outcome, Paper
from cards.nominations.models import Nomination, NoticeRelease, PublicNotice, Review
from cards.nominations.operations.releases import NothingToRelease
from cards.nominations.tasks import close_due_notices
from cards.talents.models import Talent
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.casework.models import DecisionDocument, WorkItem
from talentcard.casework.operations import RowResult, TooManyAtOnce, claim
from talentcard.core.workdays import add_working_days
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_passed, make_policy, make_second_review, make_under_notice

Login = Callable[[User], Client]
ApiFor = Callable[[User], APIClient]
Pass = Callable[..., Nomination]
NOW = timezone.now()


@pytest.fixture
def passed(policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User) -> Pass:
    """Return a function that makes a case which waits for its public notice."""

    def make(**draft: Any) -> Nomination:
        return make_passed(nominator, preliminary_reviewer, second_reviewer, at=NOW, **draft)

    return make


def release(actor: User, *cases: Nomination, **titles: str) -> operations.Release:
    return operations.release_notices(actor=actor, nomination_ids=[case.pk for case in cases], at=NOW, **titles)


def codes(rows: list[RowResult]) -> list[str]:
    return [row.error.code if row.error else "" for row in rows]


def refused(actor: User, *cases: Nomination) -> list[str]:
    with pytest.raises(NothingToRelease) as refusal:
        release(actor, *cases)
    assert not NoticeRelease.objects.exists()
    return codes(refusal.value.rows)


def test_passed_second_review_waits_on_a_desk_and_names_nobody(passed: Pass, second_reviewer: User) -> None:
    case = passed()

    item = WorkItem.objects.open().get()
    assert (case.status, item.desk, case.item) == (NominationStatus.AWAITING_NOTICE, RELEASE_DESK, item)
    assert item.due_at == add_working_days(NOW, 10)
    assert list(queries.waiting_for_release(second_reviewer, at=NOW)) == [case]
    assert not PublicNotice.objects.exists()
    assert not DecisionDocument.objects.filter(kind=Paper.NOTICE).exists()
    assert Message.objects.filter(event="nomination.approved_in_principle").count() == 2


def test_release_puts_many_under_notice_until_the_day_of_the_longest(
    passed: Pass, policy: PolicyVersion, second_reviewer: User
) -> None:
    policy.bases.filter(code="tiankai").update(notice_working_days=9)
    cases = [passed(), passed(basis="tiankai", tier="C")]

    made = release(second_reviewer, *cases)

    year = timezone.localtime(NOW).year
    assert made.release.number == f"公示〔{year}〕1号"
    assert made.release.title_zh == f"海河英才卡拟认定人选公示（{year}年第1批）"
    assert made.release.title_en == f"People proposed for the Haihe Talent card ({year}, no. 1)"
    assert made.release.closes_at == add_working_days(NOW, 9)
    assert {notice.closes_at for notice in made.release.notices.all()} == {made.release.closes_at}
    assert set(Nomination.objects.values_list("status", "item")) == {(NominationStatus.PUBLIC_NOTICE, None)}
    assert not WorkItem.objects.open().exists()
    assert AuditEvent.objects.filter(action="notice.released", actor_id=second_reviewer.pk).count() == 1
    assert DecisionDocument.objects.filter(kind=Paper.NOTICE, decided_by=second_reviewer).count() == 2
    assert release(second_reviewer, passed(), title_zh=" 第二批 ").release.title_zh == "第二批"
    assert NoticeRelease.objects.get(serial=2).title_en.endswith("no. 2)")


def test_the_written_notice_names_its_release_and_the_reviewers_reason(
    in_second_review: Nomination, second_reviewer: User
) -> None:
    operations.review_second(
        actor=second_reviewer,
        nomination=in_second_review,
        outcome=Outcome.PASS,
        reason="同意初审意见。",
        agrees=True,
        at=NOW,
    )
    made = release(second_reviewer, in_second_review)

    text = DecisionDocument.objects.get(kind=Paper.NOTICE).text("zh-hans")
    assert made.release.number in text.outcome
    assert text.reasons == ("同意初审意见。",)


def test_what_cannot_be_released_is_left_out_and_named(
    passed: Pass, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    good, secret, taken = passed(), passed(), passed()
    in_review = make_second_review(nominator, preliminary_reviewer, at=NOW)
    Talent.objects.filter(pk=secret.talent_id).update(is_secret=True)
    colleague = give_role(UserFactory(), Role.SECOND_REVIEWER)
    assert taken.item is not None
    claim(actor=colleague, item=taken.item, at=NOW)

    made = operations.release_notices(
        actor=second_reviewer,
        nomination_ids=[secret.pk, good.pk, uuid.uuid4(), taken.pk, in_review.pk, good.pk],
        at=NOW,
    )

    assert codes(made.rows) == ["under_secrecy", "", "not_found", "item_taken", "transition_not_allowed"]
    assert [notice.nomination for notice in made.release.notices.all()] == [good]
    assert codes(release(colleague, taken).rows) == [""]


def test_a_case_that_is_stopped_is_left_out_until_somebody_decides(passed: Pass, second_reviewer: User) -> None:
    case = passed()
    twin = Talent.objects.get(pk=case.talent_id)
    twin.pk, twin.user, twin.created_at = uuid.uuid4(), None, NOW
    twin._state.adding = True
    twin.save()

    assert refused(second_reviewer, case) == ["case_stopped"]
    operations.reject_stopped(actor=second_reviewer, nomination=case, reason="同一人", at=NOW)

    case.refresh_from_db()
    assert (case.status, case.item) == (NominationStatus.REJECTED, None)


def test_released_twice_is_released_once(passed: Pass, second_reviewer: User) -> None:
    case = passed()
    release(second_reviewer, case)

    with pytest.raises(NothingToRelease) as refusal:
        release(second_reviewer, case)

    assert codes(refusal.value.rows) == ["transition_not_allowed"]
    assert (NoticeRelease.objects.count(), PublicNotice.objects.count()) == (1, 1)


@pytest.mark.parametrize("who", ["preliminary_reviewer", "outsider", "nominator", "auditor", "elsewhere", "near"])
def test_only_a_second_reviewer_in_scope_who_is_not_too_near_releases(
    passed: Pass, nominator: User, request: pytest.FixtureRequest, who: str
) -> None:
    case = passed()
    if who == "elsewhere":
        actor = give_role(UserFactory(), Role.SECOND_REVIEWER, district="tiankai")
    elif who == "near":
        actor = give_role(UserFactory(organisation=nominator.organisation), Role.SECOND_REVIEWER)
    else:
        actor = request.getfixturevalue(who)

    (code,) = refused(actor, case)

    assert code in ("not_found", "not_allowed", "conflict_of_interest")
    assert not queries.waiting_for_release(actor, at=NOW).exists()
    case.refresh_from_db()
    assert case.status == NominationStatus.AWAITING_NOTICE


def test_a_release_has_a_bound(second_reviewer: User) -> None:
    with pytest.raises(TooManyAtOnce):
        operations.release_notices(
            actor=second_reviewer, nomination_ids=[uuid.uuid4()] * (operations.MAX_IN_RELEASE + 1), at=NOW
        )


def test_withdrawn_while_it_waits_is_never_released(passed: Pass, nominator: User, second_reviewer: User) -> None:
    case = passed()

    operations.withdraw(actor=nominator, nomination=case, at=NOW)

    assert refused(second_reviewer, case) == ["transition_not_allowed"]
    assert not WorkItem.objects.open().exists()


def test_who_comes_under_secrecy_while_waiting_is_approved_without_a_notice(
    passed: Pass, second_reviewer: User
) -> None:
    secret, other = passed(), passed()
    Talent.objects.filter(pk=secret.talent_id).update(is_secret=True)
    assert list(queries.waiting_for_release(second_reviewer, at=NOW)) == [other]

    close_due_notices()
    close_due_notices()

    secret.refresh_from_db()
    other.refresh_from_db()
    assert (secret.status, other.status) == (NominationStatus.APPROVED, NominationStatus.AWAITING_NOTICE)
    assert (TalentCard.objects.count(), PublicNotice.objects.count()) == (1, 0)


def test_an_objection_stops_the_clock_of_its_own_case_alone(passed: Pass, second_reviewer: User) -> None:
    objected, free = passed(), passed()
    made = release(second_reviewer, objected, free)
    notice = PublicNotice.objects.get(nomination=objected)
    operations.lodge_objection(notice=notice, name="路人", contact="1", text="不同意", at=NOW)

    assert operations.close_due_notices(at=made.release.closes_at) == 1

    objected.refresh_from_db()
    free.refresh_from_db()
    assert (objected.status, free.status) == (NominationStatus.PUBLIC_NOTICE, NominationStatus.APPROVED)
    later = made.release.closes_at + dt.timedelta(days=3)
    assert [each.nomination for each in queries.notices_in(made.release, at=later)] == [objected]


@pytest.mark.django_db(transaction=True)
def test_two_officers_releasing_at_once_make_one_release(
    nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    make_policy()
    colleague = give_role(UserFactory(), Role.SECOND_REVIEWER)
    cases = [make_passed(nominator, preliminary_reviewer, second_reviewer, at=NOW) for _ in range(2)]

    def attempt(actor: User, chosen: list[Nomination]) -> str:
        try:
            release(actor, *chosen)
        except NothingToRelease as refusal:
            return refusal.code
        return ""

    outcomes = at_once([lambda: attempt(second_reviewer, cases), lambda: attempt(colleague, cases[::-1])])

    assert sorted(outcomes) == ["", "nothing_to_release"]
    assert (NoticeRelease.objects.count(), PublicNotice.objects.count()) == (1, 2)


def test_officer_chooses_confirms_and_reads_what_became_of_each(
    passed: Pass, second_reviewer: User, login: Login
) -> None:
    cases = [passed(), passed()]
    client = login(second_reviewer)
    listed = client.get(reverse("nominations:release-waiting"))
    chosen = {"selected": [str(case.pk) for case in cases] + ["nonsense"]}

    asked = client.post(reverse("nominations:release-create"), chosen)
    assert not NoticeRelease.objects.exists()
    Nomination.objects.filter(pk=cases[0].pk).update(status=NominationStatus.SECOND_REVIEW)
    done = client.post(reverse("nominations:release-create"), {**chosen, "confirmed": "1", "title_zh": "首批"})
    again = client.post(reverse("nominations:release-create"), {**chosen, "confirmed": "1"})

    assert {row["number"] for row in listed.context["rows"]} == {case.number for case in cases}
    assert (asked.status_code, len(asked.context["items"])) == (200, 2)
    assert (done.context["left_out"], NoticeRelease.objects.get().title_zh) == (1, "首批")
    assert (again.status_code, again.context["left_out"]) == (409, 2)
    assert client.post(reverse("nominations:release-create"), {}).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_waiting_list_asks_the_same_number_of_queries(
    count: int, passed: Pass, second_reviewer: User, login: Login, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        passed()
    client = login(second_reviewer)

    with django_assert_num_queries(10):
        response = client.get(reverse("nominations:release-waiting"))

    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("who", ["outsider", "nominator", "preliminary_reviewer", "auditor"])
def test_nobody_else_gets_to_the_release_pages(
    passed: Pass, request: pytest.FixtureRequest, login: Login, who: str
) -> None:
    case = passed()
    client = login(request.getfixturevalue(who))

    answers = [
        client.get(reverse("nominations:release-waiting")),
        client.post(reverse("nominations:release-create"), {"selected": str(case.pk), "confirmed": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not NoticeRelease.objects.exists()


def test_api_releases_once_for_one_key_and_says_what_was_left_out(
    passed: Pass, second_reviewer: User, api_for: ApiFor
) -> None:
    case, unknown = passed(), uuid.uuid4()
    client, path = api_for(second_reviewer), reverse("api-release-list")
    waiting = client.get(reverse("api-nomination-list"), {"mine": "true", "status": "awaiting_notice"})
    body = {"ids": [str(case.pk), str(unknown)]}

    answers = [client.post(path, body, headers={"Idempotency-Key": "r1"}) for _ in range(2)]
    refusal = client.post(path, body)

    assert [each["id"] for each in waiting.data["results"]] == [str(case.pk)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert [(row["ok"], row["error"] and row["error"]["code"]) for row in answers[0].json()["rows"]] == [
        (True, None),
        (False, "not_found"),
    ]
    assert (refusal.status_code, refusal.json()["code"]) == (409, "nothing_to_release")
    assert [row["error"]["code"] for row in refusal.json()["rows"]] == ["transition_not_allowed", "not_found"]
    assert [client.post(path, {"ids": ids}).status_code for ids in ([], ["x"], None)] == [400, 400, 400]
    assert NoticeRelease.objects.count() == 1


def test_earlier_reviews_are_kept(under_notice: Nomination) -> None:
    assert Review.objects.filter(nomination=under_notice).count() == 2
    assert under_notice.notice.release.serial == 1


def test_releases_of_a_new_year_begin_with_one(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    new_year = dt.datetime(2025, 12, 31, 16, 30, tzinfo=dt.UTC)
    for at in (new_year - dt.timedelta(hours=2), new_year, new_year + dt.timedelta(hours=1)):
        make_under_notice(nominator, preliminary_reviewer, second_reviewer, at=at)

    assert list(NoticeRelease.objects.values_list("year", "serial")) == [(2026, 2), (2026, 1), (2025, 1)]
