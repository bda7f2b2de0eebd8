import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from talentcard.accounts.choices import Role
from talentcard.accounts.models import RoleAssignment, User
from talentcard.audit.models import AuditEvent
from talentcard.casework import operations, queries
from talentcard.casework.models import Handover, WorkItem
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.talentcard.casework.conftest import MONDAY, MakeItem

DAY = dt.timedelta(days=1)


def claim(user: User, item: WorkItem) -> WorkItem:
    return operations.claim(actor=user, item=item, at=MONDAY)


def give(actor: User, item: WorkItem, to: User, reason: str = "") -> WorkItem:
    return operations.hand_over(actor=actor, item=item, to=to, reason=reason, at=MONDAY)


def away(user: User, deputy: User | None, *, days: int = 3) -> None:
    operations.declare_absence(
        actor=user,
        user=user,
        first_day=MONDAY.date(),
        last_day=MONDAY.date() + (days - 1) * DAY,
        deputy=deputy,
        at=MONDAY,
    )


def inbox(user: User, at: dt.datetime = MONDAY) -> list[WorkItem]:
    return list(queries.inbox(user, at=at))


def test_claimed_item_leaves_the_others_inbox(make_item: MakeItem, officer: User, colleague: User) -> None:
    item = make_item()

    claim(officer, item)
    claim(officer, item)

    assert (inbox(officer), inbox(colleague)) == ([item], [])
    assert list(queries.held_by_others(colleague, at=MONDAY)) == [item]
    with pytest.raises(operations.ItemTaken, match="Alice"):
        claim(colleague, item)
    assert Handover.objects.count() == 1
    assert AuditEvent.objects.filter(action="work_item.handed").count() == 1


def test_only_who_may_act_on_an_item_claims_it(
    make_item: MakeItem, officer: User, elsewhere: User, head: User, too_near: set[Any]
) -> None:
    item = make_item()
    too_near.add(officer.pk)

    for user in (officer, elsewhere, head):
        with pytest.raises(NotAllowed):
            claim(user, item)

    item.refresh_from_db()
    assert item.assignee is None


def test_closed_item_is_nobody_s_any_more(make_item: MakeItem, officer: User, colleague: User) -> None:
    item = claim(officer, make_item())
    operations.close_item(item=item, actor=officer, at=MONDAY)

    for act in (lambda: claim(officer, item), lambda: give(officer, item, colleague)):
        with pytest.raises(operations.ItemClosed):
            act()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_has_it(make_item: MakeItem, officer: User, colleague: User) -> None:
    item = make_item()

    def try_to_claim(user: User) -> str:
        try:
            claim(user, item)
        except DomainError as error:
            return error.code
        return "claimed"

    results = at_once([lambda user=user: try_to_claim(user) for user in (officer, colleague) * 3])

    item.refresh_from_db()
    assert item.assignee in (officer, colleague)
    # Claiming again what one has is no fault.
    assert sorted(set(results)) == ["claimed", "item_taken"]
    assert Handover.objects.count() == 1


def test_item_is_put_back_by_its_officer_or_their_head(
    make_item: MakeItem, officer: User, colleague: User, head: User
) -> None:
    item = claim(officer, make_item())

    with pytest.raises(NotAllowed):
        operations.release(actor=colleague, item=item, at=MONDAY)
    operations.release(actor=head, item=item, at=MONDAY)
    operations.release(actor=head, item=item, at=MONDAY)

    assert inbox(colleague) == [item]
    assert list(Handover.objects.values_list("to_user", flat=True)) == [officer.pk, None]


def test_item_is_handed_over_and_the_other_is_told_once(make_item: MakeItem, officer: User, colleague: User) -> None:
    item = claim(officer, make_item())

    give(officer, item, colleague, "on leave")

    assert (inbox(officer), inbox(colleague)) == ([], [item])
    message = Message.objects.get()
    assert (message.recipient, message.event, message.url) == (
        colleague,
        "casework.handed_to_you",
        f"/subjects/{item.subject_id}/",
    )
    assert Handover.objects.get(to_user=colleague).reason == "on leave"


def test_head_gives_what_lies_with_the_office(
    make_item: MakeItem, officer: User, colleague: User, head: User, elsewhere: User
) -> None:
    free, taken, other = make_item(), claim(officer, make_item()), make_item(district="heping")

    give(head, free, officer)
    give(head, taken, colleague)

    assert (inbox(officer), inbox(colleague)) == ([free], [taken])
    assert set(queries.of_office(head, at=MONDAY)) == {free, taken}
    with pytest.raises(NotAllowed):
        give(head, other, elsewhere)


def test_item_goes_to_nobody_who_may_not_act_on_it(
    make_item: MakeItem, officer: User, colleague: User, elsewhere: User, too_near: set[Any]
) -> None:
    item = claim(officer, make_item())
    too_near.add(colleague.pk)

    for unfit in (elsewhere, colleague):
        with pytest.raises(operations.OfficerUnfit):
            give(officer, item, unfit)

    item.refresh_from_db()
    assert item.assignee == officer


def test_item_goes_to_nobody_who_is_away(make_item: MakeItem, officer: User, colleague: User) -> None:
    item = claim(officer, make_item())
    away(colleague, None)

    with pytest.raises(operations.OfficerAway, match="2026-03-04"):
        give(officer, item, colleague)


def test_reason_has_a_length(make_item: MakeItem, officer: User, colleague: User) -> None:
    with pytest.raises(InvalidInput):
        give(officer, claim(officer, make_item()), colleague, "x" * 201)


def test_deputy_stands_in_for_who_is_away_and_nobody_else_does(
    make_item: MakeItem, officer: User, colleague: User, head: User
) -> None:
    third = _third(officer)
    item = claim(officer, make_item())
    away(officer, colleague)

    assert (inbox(colleague), inbox(third)) == ([item], [])
    assert inbox(colleague, MONDAY + 3 * DAY) == []
    with pytest.raises(operations.ItemTaken):
        claim(third, item)
    claim(colleague, item)
    # Back at work, the officer finds it with the deputy.
    assert inbox(officer, MONDAY + 3 * DAY) == []


def test_item_of_who_may_act_no_more_is_free(make_item: MakeItem, officer: User, colleague: User) -> None:
    gone, moved = claim(officer, make_item()), claim(_third(officer), make_item())
    officer.is_active = False
    officer.save()
    RoleAssignment.objects.filter(user__username="carol").update(valid_until=MONDAY - DAY)

    assert set(inbox(colleague)) == {gone, moved}
    for item in (gone, moved):
        claim(colleague, item)


def test_head_who_is_too_near_does_not_choose_who_acts(
    make_item: MakeItem, officer: User, colleague: User, head: User, too_near: set[Any]
) -> None:
    item = claim(officer, make_item())
    too_near.add(head.pk)

    with pytest.raises(NotAllowed):
        give(head, item, colleague)
    with pytest.raises(NotAllowed):
        operations.release(actor=head, item=item, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_head_of_another_office_takes_nothing_from_who_claims_at_the_same_moment(
    make_item: MakeItem, officer: User, colleague: User
) -> None:
    other_office = give_role(UserFactory(username="dora", organisation=OrganisationFactory()), Role.HEAD)
    rival = UserFactory(username="eve", organisation=other_office.organisation)
    give_role(rival, Role.PRELIMINARY_REVIEWER, district="binhai")
    item = make_item()

    def try_(act: Callable[[], Any]) -> str:
        try:
            act()
        except DomainError as error:
            return error.code
        return "done"

    at_once([lambda: try_(lambda: claim(officer, item)), lambda: try_(lambda: give(other_office, item, rival))])

    # Whoever came first, the way it went is written down as it was.
    steps = list(Handover.objects.values_list("from_user", "to_user"))
    item.refresh_from_db()
    assert steps == [(None, item.assignee_id)]


def test_without_a_deputy_anybody_in_scope_stands_in(make_item: MakeItem, officer: User, colleague: User) -> None:
    item = claim(officer, make_item())
    away(officer, None)

    assert inbox(colleague) == [item]
    claim(colleague, item)


def _third(officer: User) -> User:
    user = UserFactory(username="carol", organisation=officer.organisation)
    return give_role(user, Role.PRELIMINARY_REVIEWER, district="binhai")
