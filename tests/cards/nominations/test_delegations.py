"""A step left to another office 下放: who decides meanwhile, what becomes of cases under way, and its end."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations import operations, queries, rules
from cards.nominations.choices import NominationStatus, Outcome, Step
from cards.nominations.models import Nomination
from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import Delegation, Organisation, User
from talentcard.audit.models import AuditEvent
from talentcard.casework import operations as casework
from talentcard.casework import queries as items
from talentcard.casework.operations import (
    DelegationChained,
    DelegationEnded,
    DelegationOverlaps,
    OfficerUnfit,
    OfficeUnstaffed,
    ScopeNotHeld,
)
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import make_policy, make_submitted

Login = Callable[[User], Client]
ApiFor = Callable[[User], APIClient]
DAY = dt.timedelta(days=1)


def fresh(user: User) -> User:
    """Return a user as the next request knows them."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def authority(preliminary_reviewer: User) -> Organisation:
    """The office of Binhai, which makes its preliminary reviews."""
    assert preliminary_reviewer.organisation is not None
    return preliminary_reviewer.organisation


@pytest.fixture
def head(authority: Organisation) -> User:
    return give_role(UserFactory(username="head", organisation=authority), Role.HEAD)


@pytest.fixture
def park(db: None) -> Organisation:
    return OrganisationFactory(kind=OrganisationKind.PARK_OFFICE, name_zh="天开园", district="tiankai")


@pytest.fixture
def park_officer(park: Organisation) -> User:
    user = UserFactory(username="park", organisation=park)
    return give_role(user, Role.PRELIMINARY_REVIEWER, district="tiankai")


@pytest.fixture
def park_head(park: Organisation) -> User:
    return give_role(UserFactory(username="parkhead", organisation=park), Role.HEAD)


@pytest.fixture
def delegate(policy: PolicyVersion, head: User, park: Organisation, park_officer: User) -> Callable[..., Delegation]:
    """Return a function that leaves Binhai's preliminary review to the park, for a month from now."""

    def make(**changes: Any) -> Delegation:
        now = timezone.now()
        given = {
            "actor": head,
            "to_office": park,
            "step": Step.PRELIMINARY,
            "district": "binhai",
            "tier": "",
            "valid_from": now,
            "valid_until": now + 30 * DAY,
            "reason": "试点",
            "at": now,
        }
        return operations.delegate_step(**{**given, **changes})

    return make


def decide(actor: User, nomination: Nomination) -> str:
    """Let somebody pass a case; return how it went."""
    try:
        operations.review_preliminary(
            actor=fresh(actor), nomination=nomination, outcome=Outcome.PASS, at=timezone.now()
        )
    except DomainError as error:
        return error.code
    return "passed"


def sees(user: User, nomination: Nomination) -> tuple[bool, bool]:
    """Return whether a case is visible to somebody, and whether it waits in their inbox."""
    user, now = fresh(user), timezone.now()
    waiting = queries.inbox(user, at=now).filter(pk=nomination.pk).exists()
    # What a colleague has is offered to nobody else, and yet theirs by their scope.
    assert (
        rules.may_review(user, Nomination.objects.with_parties().get(pk=nomination.pk), Step.PRELIMINARY) or not waiting
    )
    return queries.visible_to(user).filter(pk=nomination.pk).exists(), waiting


def told(nomination: Nomination) -> set[str]:
    item = Nomination.objects.get(pk=nomination.pk).item
    assert item is not None
    return {user.username for user in items.told_of(item, at=timezone.now())}


def test_meanwhile_the_other_office_decides_and_the_authority_reads(
    delegate: Callable[..., Delegation], nominator: User, preliminary_reviewer: User, park_officer: User
) -> None:
    nomination = make_submitted(nominator)
    assert (sees(preliminary_reviewer, nomination), sees(park_officer, nomination)) == ((True, True), (False, False))

    delegate()

    assert (sees(preliminary_reviewer, nomination), sees(park_officer, nomination)) == ((True, False), (True, True))
    assert rules.reads_as_officer(fresh(preliminary_reviewer), nomination)
    assert told(nomination) == {"park"}
    assert decide(preliminary_reviewer, nomination) == "not_allowed"
    assert decide(park_officer, nomination) == "passed"


@pytest.mark.parametrize("scope", [{"district": "binhai", "tier": "A"}, {"step": Step.SECOND}])
def test_only_what_is_delegated_moves(
    delegate: Callable[..., Delegation],
    nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
    bureau: Organisation,
    park_officer: User,
    scope: dict[str, Any],
) -> None:
    nomination = make_submitted(nominator, tier="B")
    if scope.get("step") == Step.SECOND:
        give_role(park_officer, Role.SECOND_REVIEWER, district="tiankai")
        scope = {**scope, "actor": give_role(UserFactory(organisation=bureau), Role.HEAD)}

    delegate(**scope)

    assert (sees(preliminary_reviewer, nomination), sees(park_officer, nomination)) == ((True, True), (False, False))


def test_it_begins_and_ends_by_the_clock_alone(
    delegate: Callable[..., Delegation], nominator: User, preliminary_reviewer: User, park_officer: User
) -> None:
    nomination, now = make_submitted(nominator), timezone.now()
    delegation = delegate(valid_from=now + DAY)
    assert (sees(preliminary_reviewer, nomination)[1], sees(park_officer, nomination)[1]) == (True, False)

    Delegation.objects.filter(pk=delegation.pk).update(valid_from=now - DAY)
    assert (sees(preliminary_reviewer, nomination)[1], sees(park_officer, nomination)[1]) == (False, True)

    Delegation.objects.filter(pk=delegation.pk).update(valid_until=now - DAY / 2)
    assert (sees(preliminary_reviewer, nomination)[1], sees(park_officer, nomination)[1]) == (True, False)
    assert decide(park_officer, nomination) == "not_allowed"


def test_case_taken_on_before_stays_with_its_officer(
    delegate: Callable[..., Delegation], nominator: User, preliminary_reviewer: User, park_officer: User
) -> None:
    nomination = make_submitted(nominator)
    assert nomination.item is not None
    casework.claim(actor=preliminary_reviewer, item=nomination.item, at=timezone.now())

    delegate()

    assert (sees(preliminary_reviewer, nomination)[1], sees(park_officer, nomination)[1]) == (True, False)
    assert decide(park_officer, nomination) == "item_taken"
    assert decide(preliminary_reviewer, nomination) == "passed"


def test_case_put_back_meanwhile_moves(
    delegate: Callable[..., Delegation],
    nominator: User,
    authority: Organisation,
    preliminary_reviewer: User,
    park_officer: User,
) -> None:
    colleague = give_role(UserFactory(organisation=authority), Role.PRELIMINARY_REVIEWER, district="binhai")
    nomination = make_submitted(nominator)
    item, now = nomination.item, timezone.now()
    assert item is not None
    casework.claim(actor=preliminary_reviewer, item=item, at=now)
    delegate()

    with pytest.raises(OfficerUnfit):
        casework.hand_over(actor=fresh(preliminary_reviewer), item=item, to=colleague, reason="", at=now)
    casework.release(actor=fresh(preliminary_reviewer), item=item, at=now)

    assert decide(preliminary_reviewer, nomination) == "not_allowed"
    assert decide(park_officer, nomination) == "passed"


def test_taken_back_what_is_free_returns_and_what_was_taken_on_is_finished(
    delegate: Callable[..., Delegation], head: User, nominator: User, preliminary_reviewer: User, park_officer: User
) -> None:
    delegation = delegate()
    taken, free = make_submitted(nominator), make_submitted(nominator)
    assert taken.item is not None
    casework.claim(actor=fresh(park_officer), item=taken.item, at=timezone.now())

    operations.take_step_back(actor=head, delegation=delegation, at=timezone.now())

    assert (sees(park_officer, free), sees(preliminary_reviewer, free)) == ((False, False), (True, True))
    assert sees(preliminary_reviewer, taken) == (True, False)
    assert queries.visible_to(fresh(park_officer)).get() == taken
    assert [case.pk for case in queries.inbox(fresh(park_officer), at=timezone.now())] == [taken.pk]
    assert decide(preliminary_reviewer, taken) == "item_taken"
    assert decide(park_officer, free) == "not_allowed"
    assert decide(park_officer, taken) == "passed"


def test_conflicts_of_interest_hold_for_the_other_office(
    delegate: Callable[..., Delegation], nominator: User, park: Organisation, park_officer: User
) -> None:
    delegate()
    nomination = make_submitted(nominator)
    Nomination.objects.filter(pk=nomination.pk).update(employer=park)

    assert decide(park_officer, nomination) == "conflict_of_interest"


def test_heads_see_what_lies_with_their_office(
    delegate: Callable[..., Delegation], head: User, park_head: User, nominator: User
) -> None:
    nomination = make_submitted(nominator)
    now = timezone.now()
    assert [item.subject_id for item in items.of_office(head, at=now)] == [nomination.pk]

    delegate()

    now = timezone.now()
    assert not items.of_office(head, at=now).exists()
    assert [item.subject_id for item in items.of_office(park_head, at=now)] == [nomination.pk]


def test_both_offices_are_told_and_it_is_on_record(
    delegate: Callable[..., Delegation], head: User, park_head: User
) -> None:
    delegation = delegate()
    operations.take_step_back(actor=head, delegation=delegation, at=timezone.now())

    for event in ("casework.delegation_made", "casework.delegation_taken_back"):
        recipients = Message.objects.filter(event=event).values_list("recipient__username", flat=True)
        assert set(recipients) == {"head", "parkhead", "preliminary", "park"}
    actions = AuditEvent.objects.filter(target_id=str(delegation.pk)).values_list("action", flat=True)
    assert list(actions) == ["delegation.made", "delegation.taken_back"]
    with pytest.raises(DelegationEnded):
        operations.take_step_back(actor=head, delegation=delegation, at=timezone.now())


def test_nobody_delegates_what_is_not_theirs(
    delegate: Callable[..., Delegation], preliminary_reviewer: User, park: Organisation, authority: Organisation
) -> None:
    outsider = give_role(UserFactory(organisation=None), Role.HEAD)
    for actor in (preliminary_reviewer, outsider):
        with pytest.raises(NotAllowed):
            delegate(actor=actor)
    for changes in ({"district": "hexi"}, {"district": ""}, {"step": Step.SECOND}):
        with pytest.raises(ScopeNotHeld):
            delegate(**changes)
    with pytest.raises(OfficeUnstaffed):
        delegate(to_office=OrganisationFactory(kind=OrganisationKind.DISTRICT_OFFICE))
    assert not Delegation.objects.exists()


def test_assignment_that_ends_meanwhile_is_not_delegated(
    delegate: Callable[..., Delegation], preliminary_reviewer: User
) -> None:
    preliminary_reviewer.role_assignments.update(valid_until=timezone.now() + DAY)

    with pytest.raises(ScopeNotHeld):
        delegate()


def test_everything_wrong_is_said_at_once(delegate: Callable[..., Delegation], authority: Organisation) -> None:
    now = timezone.now()

    with pytest.raises(InvalidInput) as refused:
        delegate(to_office=authority, valid_from=now - DAY, valid_until=now - 2 * DAY, reason=" ", at=now)
    with pytest.raises(InvalidInput) as unknown:
        delegate(district="atlantis", tier="Z")
    with pytest.raises(InvalidInput) as employer:
        delegate(to_office=OrganisationFactory())

    assert [error.field for error in refused.value.errors] == ["to_office", "valid_from", "valid_until", "reason"]
    assert [error.field for error in unknown.value.errors] == ["district", "tier"]
    assert [error.code for error in employer.value.errors] == ["no_office"]


def test_delegations_neither_overlap_nor_chain(
    delegate: Callable[..., Delegation], park: Organisation, park_head: User, authority: Organisation
) -> None:
    first = delegate(tier="B")
    third = give_role(
        UserFactory(organisation=OrganisationFactory(kind=OrganisationKind.DISTRICT_OFFICE)),
        Role.PRELIMINARY_REVIEWER,
    )
    assert third.organisation is not None

    with pytest.raises(DelegationOverlaps):
        delegate(tier="", to_office=third.organisation)
    with pytest.raises(ScopeNotHeld):
        delegate(actor=park_head, to_office=third.organisation)
    give_role(UserFactory(organisation=park), Role.PRELIMINARY_REVIEWER)
    with pytest.raises(DelegationChained):
        delegate(actor=park_head, to_office=third.organisation)
    delegate(tier="A")
    delegate(tier="B", valid_from=first.valid_until, valid_until=first.valid_until + DAY)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_delegation(preliminary_reviewer: User, head: User, park_officer: User) -> None:
    make_policy()
    now = timezone.now()
    assert park_officer.organisation is not None

    def attempt() -> str:
        assert park_officer.organisation is not None
        try:
            operations.delegate_step(
                actor=fresh(head),
                to_office=park_officer.organisation,
                step=Step.PRELIMINARY,
                district="binhai",
                tier="",
                valid_from=now,
                valid_until=now + DAY,
                reason="试点",
                at=now,
            )
        except DomainError as error:
            return error.code
        return "made"

    assert sorted(at_once([attempt, attempt])) == ["delegation_overlaps", "made"]


def test_head_delegates_and_takes_back_on_the_page(
    delegate: Callable[..., Delegation], head: User, park: Organisation, login: Login
) -> None:
    path, client = reverse("nominations:delegation-list"), login(head)
    data = {"step": "preliminary", "district": "binhai", "to_office": park.pk, "reason": "试点"}

    refused = client.post(path, data)
    made = client.post(path, {**data, "last_day": (timezone.localdate() + 5 * DAY).isoformat()})
    twice = client.post(path, {**data, "last_day": (timezone.localdate() + 5 * DAY).isoformat()})
    delegation = Delegation.objects.get()
    back = client.post(reverse("nominations:delegation-take-back", args=[delegation.pk]))

    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["last_day"])
    assert (made.status_code, back.status_code, twice.status_code) == (302, 302, 400)
    delegation.refresh_from_db()
    assert delegation.withdrawn_by == head


def test_api_delegates_and_takes_back_once(
    delegate: Callable[..., Delegation], head: User, park: Organisation, api_for: ApiFor
) -> None:
    client, path = api_for(head), reverse("api-delegation-list")
    until = (timezone.now() + DAY).isoformat()
    body = {
        "step": "preliminary",
        "district": "binhai",
        "to_office": str(park.pk),
        "valid_until": until,
        "reason": "试点",
    }

    made = client.post(path, body, headers={"Idempotency-Key": "one"})
    again = client.post(path, body, headers={"Idempotency-Key": "one"})
    refused = client.post(path, body)
    back = client.post(reverse("api-delegation-take-back", args=[made.data["id"]]))

    assert (made.status_code, made.data["step"], made.data["is_in_force"]) == (201, "preliminary", True)
    assert again.json()["id"] == made.json()["id"]
    assert (refused.status_code, refused.data["code"]) == (409, "delegation_overlaps")
    assert (back.status_code, back.data["is_in_force"]) == (200, False)


def test_other_people_neither_read_nor_change_it(
    delegate: Callable[..., Delegation],
    park_head: User,
    park_officer: User,
    nominator: User,
    second_reviewer: User,
    auditor: User,
    login: Login,
    api_for: ApiFor,
) -> None:
    delegation = delegate()
    body = {"step": "preliminary", "to_office": str(delegation.to_office_id), "valid_until": "2099-01-01T00:00:00Z"}
    back = reverse("nominations:delegation-take-back", args=[delegation.pk])
    api_back = reverse("api-delegation-take-back", args=[delegation.pk])
    known = {park_head: 403, park_officer: 403, auditor: 403, nominator: 404, second_reviewer: 404}

    for user, status in known.items():
        assert login(user).post(back).status_code == status, user
        assert api_for(user).post(api_back).status_code == status, user
        assert len(api_for(user).get(reverse("api-delegation-list")).data["results"]) == (status == 403), user
    assert login(nominator).get(reverse("nominations:delegation-list")).status_code == 403
    assert login(park_officer).post(reverse("nominations:delegation-list"), body).status_code == 403
    assert api_for(park_officer).post(reverse("api-delegation-list"), body).status_code == 403
    delegation.refresh_from_db()
    assert (delegation.withdrawn_at, Delegation.objects.count()) == (None, 1)


def test_list_costs_the_same_for_one_and_for_three(
    delegate: Callable[..., Delegation], head: User, login: Login
) -> None:
    client, path = login(head), reverse("nominations:delegation-list")

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    delegate(tier="A")
    one = cost()
    delegate(tier="B")
    delegate(tier="C")
    assert cost() == one


def test_resubmitted_case_goes_to_the_office_that_decides_now(
    delegate: Callable[..., Delegation], nominator: User, preliminary_reviewer: User, park_officer: User
) -> None:
    nomination = make_submitted(nominator)
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=nomination,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=[operations.MissingItem(field="statement", note="补")],
        at=timezone.now(),
    )
    delegate()

    nomination = operations.submit(actor=nominator, nomination=nomination, at=timezone.now())

    assert (nomination.status, nomination.item and nomination.item.assignee) == (NominationStatus.SUBMITTED, None)
    assert told(nomination) == {"park"}
