import contextlib
import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cards.nominations import operations, queries
from cards.nominations.choices import OBJECTIONS_DESK, RELEASE_DESK, NominationStatus, Outcome, Step
from cards.nominations.models import Nomination
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.casework.models import WorkItem
from talentcard.casework.operations import ItemClosed, ItemTaken, claim, declare_absence
from talentcard.core.errors import DomainError
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory, give_role

NOW = timezone.now()
MISSING = [operations.MissingItem(field="evidence", note="缺聘书")]


@pytest.fixture
def colleague(preliminary_reviewer: User) -> User:
    """Another officer of the same office and scope."""
    user = UserFactory(username="colleague", organisation=preliminary_reviewer.organisation)
    return give_role(user, Role.PRELIMINARY_REVIEWER, district="binhai")


def item_of(nomination: Nomination) -> WorkItem:
    return WorkItem.objects.open().get(subject_id=nomination.pk)


def give_back(actor: User, nomination: Nomination) -> Nomination:
    return operations.review_preliminary(
        actor=actor, nomination=nomination, outcome=Outcome.RETURN, reason="补正", missing=MISSING, at=NOW
    )


def test_case_goes_from_desk_to_desk(submitted: Nomination, preliminary_reviewer: User, second_reviewer: User) -> None:
    assert item_of(submitted).desk == Step.PRELIMINARY.desk

    operations.review_preliminary(actor=preliminary_reviewer, nomination=submitted, outcome=Outcome.PASS, at=NOW)
    assert item_of(submitted).desk == Step.SECOND.desk
    operations.review_second(actor=second_reviewer, nomination=submitted, outcome=Outcome.PASS, agrees=True, at=NOW)
    assert item_of(submitted).desk == RELEASE_DESK
    operations.release_notices(actor=second_reviewer, nomination_ids=[submitted.pk], at=NOW)

    closed = WorkItem.objects.order_by("created_at").values_list("desk", "closed_by__username")
    assert list(closed) == [
        (Step.PRELIMINARY.desk, "preliminary"),
        (Step.SECOND.desk, "second"),
        (RELEASE_DESK, "second"),
    ]
    assert not WorkItem.objects.open().exists()


def test_case_a_colleague_has_is_theirs_to_decide(
    submitted: Nomination, preliminary_reviewer: User, colleague: User
) -> None:
    claim(actor=colleague, item=item_of(submitted), at=NOW)

    with pytest.raises(ItemTaken):
        operations.review_preliminary(actor=preliminary_reviewer, nomination=submitted, outcome=Outcome.PASS, at=NOW)
    assert not queries.inbox(preliminary_reviewer, at=NOW).exists()
    assert list(queries.held_by_others(preliminary_reviewer, at=NOW)) == [submitted]

    operations.review_preliminary(actor=colleague, nomination=submitted, outcome=Outcome.PASS, at=NOW)


def test_corrected_case_comes_back_to_who_returned_it(
    submitted: Nomination, nominator: User, preliminary_reviewer: User, colleague: User
) -> None:
    give_back(preliminary_reviewer, submitted)
    assert not WorkItem.objects.open().exists()

    operations.submit(actor=nominator, nomination=submitted, at=NOW)

    assert item_of(submitted).assignee == preliminary_reviewer
    told = Message.objects.filter(event="nomination.waits_preliminary").order_by("created_at")
    assert [message.recipient.username for message in told] == ["preliminary"]


def test_corrected_case_is_free_when_who_returned_it_is_away(
    submitted: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    give_back(preliminary_reviewer, submitted)
    today = timezone.localdate(NOW)
    declare_absence(
        actor=preliminary_reviewer, user=preliminary_reviewer, first_day=today, last_day=today, deputy=None, at=NOW
    )

    operations.submit(actor=nominator, nomination=submitted, at=NOW)

    assert item_of(submitted).assignee is None


def test_withdrawn_case_waits_nowhere(submitted: Nomination, nominator: User) -> None:
    operations.withdraw(actor=nominator, nomination=submitted, at=NOW)

    assert not WorkItem.objects.open().exists()


def test_objection_waits_until_the_last_is_resolved(under_notice: Nomination, second_reviewer: User) -> None:
    notice = under_notice.notice
    objections = [
        operations.lodge_objection(notice=notice, name="路人", contact="1", text="不同意", at=NOW) for _ in range(2)
    ]
    assert item_of(under_notice).desk == OBJECTIONS_DESK

    for objection in objections:
        assert list(queries.inbox(second_reviewer, at=NOW)) == [under_notice]
        operations.resolve_objection(
            actor=second_reviewer, objection=objection, is_upheld=False, reason="不成立", at=NOW
        )

    assert not queries.inbox(second_reviewer, at=NOW).exists()
    under_notice.refresh_from_db()
    assert (under_notice.status, under_notice.item) == (NominationStatus.PUBLIC_NOTICE, None)


@pytest.mark.django_db(transaction=True)
def test_objections_at_once_stop_the_clock_once(under_notice: Nomination) -> None:
    def lodge() -> None:
        operations.lodge_objection(notice=under_notice.notice, name="路人", contact="1", text="不同意", at=NOW)

    at_once([lodge] * 5)

    assert under_notice.notice.objections.count() == 5
    assert item_of(under_notice).desk == OBJECTIONS_DESK


@pytest.mark.django_db(transaction=True)
def test_case_withdrawn_while_it_is_passed_on_waits_nowhere(
    submitted: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    def pass_on() -> None:
        with contextlib.suppress(DomainError):
            operations.review_preliminary(
                actor=preliminary_reviewer, nomination=submitted, outcome=Outcome.PASS, at=NOW
            )

    at_once([pass_on, lambda: operations.withdraw(actor=nominator, nomination=submitted, at=NOW)])

    submitted.refresh_from_db()
    assert submitted.status == NominationStatus.WITHDRAWN
    assert not WorkItem.objects.open().exists()


def test_decision_on_a_page_that_is_out_of_date_is_refused(
    submitted: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    seen = item_of(submitted).pk
    give_back(preliminary_reviewer, submitted)
    operations.submit(actor=nominator, nomination=submitted, at=NOW)

    with pytest.raises(ItemClosed):
        operations.review_preliminary(
            actor=preliminary_reviewer, nomination=submitted, outcome=Outcome.PASS, item_id=seen, at=NOW
        )

    submitted.refresh_from_db()
    assert submitted.status == NominationStatus.SUBMITTED


def test_head_reads_what_lies_with_the_office(
    submitted: Nomination, preliminary_reviewer: User, login: Callable[[User], Client]
) -> None:
    head = give_role(UserFactory(organisation=preliminary_reviewer.organisation), Role.HEAD)
    other = give_role(UserFactory(username="another"), Role.HEAD)
    path = reverse("nominations:nomination-detail", args=[submitted.pk])

    assert login(head).get(path).context["holder"]["may_direct"] is True
    assert login(other).get(path).status_code == 404


def test_page_offers_to_take_the_case_on(
    submitted: Nomination, preliminary_reviewer: User, colleague: User, login: Callable[[User], Client]
) -> None:
    path = reverse("nominations:nomination-detail", args=[submitted.pk])
    before = login(preliminary_reviewer).get(path).context
    claim(actor=colleague, item=item_of(submitted), at=timezone.now() + dt.timedelta(0))

    after = login(preliminary_reviewer).get(path).context

    assert (before["holder"]["may_claim"], before["obstacle"]) == (True, "")
    assert (after["holder"]["may_claim"], after["review_form"]) == (False, None)
    assert "Colleague" in after["obstacle"]
