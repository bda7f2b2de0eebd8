import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations import operations, queries
from cards.nominations.choices import NominationStatus, Outcome
from cards.nominations.models import CreditClass, Nomination, NominatorProfile, NominatorYear
from cards.nominations.operations.quotas import CreditClassExcluded, QuotaNotGranted, QuotaUsedUp
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError
from tests.concurrency import at_once
from tests.factories.nominations import make_draft, make_submitted

NOW = timezone.now()
YEAR = timezone.localdate(NOW).year


def grant(nominator: User, quota: int, credit_class: str = "B") -> None:
    NominatorProfile.objects.filter(organisation=nominator.organisation).update(
        yearly_quota=quota, credit_class=credit_class
    )


def submit(nominator: User, nomination: Nomination, at: dt.datetime = NOW) -> Nomination:
    return operations.submit(actor=nominator, nomination=nomination, at=at)


def used() -> dict[int, int]:
    return dict(NominatorYear.objects.values_list("year", "used"))


def test_submission_is_charged_to_its_year(policy: PolicyVersion, nominator: User) -> None:
    nomination = make_submitted(nominator)

    assert (nomination.quota_year, used()) == (YEAR, {YEAR: 1})
    assert queries.quota_overview(nominator.organisation_id, at=NOW) == {
        "year": YEAR,
        "limit": 1000,
        "used": 1,
        "left": 999,
    }


def test_what_is_beyond_the_quota_stays_a_draft(policy: PolicyVersion, nominator: User) -> None:
    grant(nominator, 1)
    make_submitted(nominator)
    draft = make_draft(nominator)

    with pytest.raises(QuotaUsedUp, match=str(YEAR)):
        submit(nominator, draft)

    draft.refresh_from_db()
    assert (draft.status, draft.quota_year, used()) == (NominationStatus.DRAFT, None, {YEAR: 1})


@pytest.mark.parametrize(("credit_class", "room"), [("A", 3), ("B", 2)])
def test_credit_class_is_a_factor_of_the_quota(
    policy: PolicyVersion, nominator: User, credit_class: str, room: int
) -> None:
    grant(nominator, 2, credit_class)

    for _ in range(room):
        make_submitted(nominator)
    with pytest.raises(QuotaUsedUp):
        make_submitted(nominator)


@pytest.mark.parametrize("credit_class", ["C", "unknown"])
def test_lowest_credit_class_may_not_nominate(policy: PolicyVersion, nominator: User, credit_class: str) -> None:
    grant(nominator, 10, credit_class)

    with pytest.raises(CreditClassExcluded, match=credit_class):
        make_submitted(nominator)
    assert used() == {}


def test_organisation_without_a_grant_may_not_nominate(policy: PolicyVersion, nominator: User) -> None:
    NominatorProfile.objects.all().delete()

    with pytest.raises(QuotaNotGranted):
        make_submitted(nominator)


def test_withdrawal_and_refusal_give_the_place_back(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    grant(nominator, 1)
    operations.withdraw(actor=nominator, nomination=make_submitted(nominator), at=NOW)
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=make_submitted(nominator),
        outcome=Outcome.REJECT,
        reason="不符合",
        at=NOW,
    )

    assert used() == {YEAR: 0}
    assert set(Nomination.objects.values_list("quota_year", flat=True)) == {None}


def test_returned_case_keeps_its_place_and_its_year(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    nomination = make_submitted(nominator)
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=nomination,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=[operations.MissingItem(field="evidence", note="缺聘书")],
        at=NOW,
    )
    Nomination.objects.update(quota_year=YEAR - 1)
    NominatorYear.objects.update(year=YEAR - 1)

    submit(nominator, nomination)

    assert used() == {YEAR - 1: 1}


def test_quota_that_is_lowered_below_what_is_used_refuses_the_next(policy: PolicyVersion, nominator: User) -> None:
    for _ in range(2):
        make_submitted(nominator)
    grant(nominator, 1)

    with pytest.raises(QuotaUsedUp):
        make_submitted(nominator)
    assert queries.quota_overview(nominator.organisation_id, at=NOW) == {
        "year": YEAR,
        "limit": 1,
        "used": 2,
        "left": 0,
    }


@pytest.mark.django_db(transaction=True)
def test_forty_submissions_at_once_against_a_quota_of_ten_give_ten(policy: PolicyVersion, nominator: User) -> None:
    grant(nominator, 10)
    drafts = [make_draft(nominator) for _ in range(40)]

    def try_to_submit(draft: Nomination) -> str:
        try:
            submit(nominator, draft)
        except DomainError as error:
            return error.code
        return "submitted"

    outcomes = Counter(at_once([lambda draft=draft: try_to_submit(draft) for draft in drafts]))

    assert outcomes == {"submitted": 10, "quota_used_up": 30}
    assert used() == {YEAR: 10}
    assert Nomination.objects.filter(status=NominationStatus.SUBMITTED).count() == 10


def test_nominator_sees_the_quota(
    policy: PolicyVersion,
    nominator: User,
    other_nominator: User,
    outsider: User,
    login: Callable[[User], Client],
    api_for: Callable[[User], APIClient],
) -> None:
    grant(nominator, 4)
    make_submitted(nominator)
    path = reverse("api-nomination-quota")

    page = login(nominator).get(reverse("nominations:nomination-list"))
    answers: list[Any] = [api_for(user).get(path) for user in (nominator, other_nominator, outsider)]

    assert page.context["quota"]["left"] == 3
    assert answers[0].json() == {"year": YEAR, "limit": 4, "used": 1, "left": 3}
    assert answers[1].json()["used"] == 0
    assert answers[2].status_code == 403


def test_page_says_when_nothing_is_left(
    policy: PolicyVersion, nominator: User, login: Callable[[User], Client]
) -> None:
    grant(nominator, 0)
    draft = make_draft(nominator)

    response = login(nominator).post(reverse("nominations:nomination-submit", args=[draft.pk]), follow=True)

    assert response.status_code == 400
    assert str(YEAR) in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == NominationStatus.DRAFT


def test_classes_belong_to_a_policy(policy: PolicyVersion, nominator: User) -> None:
    CreditClass.objects.filter(policy=policy, code="B").update(quota_percent=50)
    grant(nominator, 5)

    overview = queries.quota_overview(nominator.organisation_id, at=NOW)

    assert overview is not None
    assert overview["limit"] == 2
