"""What the policy asks of a case before it is handed in."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion, RecognisedEntry, RecognisedList
from cards.issuance.operations import list_person
from cards.nominations import operations
from cards.nominations.choices import EvidenceKind, LimitedStep, NominationStatus, Outcome
from cards.nominations.models import Nomination
from cards.nominations.operations import NomineeInput
from cards.nominations.operations.requirements import (
    RenominationExcluded,
    RenominationTooEarly,
    ensure_may_be_nominated_again,
)
from cards.talents.models import Talent
from cards.talents.operations import mark_one_person
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput
from tests.factories.nominations import (
    complete,
    make_draft,
    make_policy,
    make_submitted,
    nominee_input,
    require,
    upload,
)

ApiFor = Callable[[User], APIClient]
Login = Callable[[User], Client]
CITY = ZoneInfo("Asia/Shanghai")
NOW = timezone.now()
TODAY = timezone.localdate()


def refusals(nominator: User, nomination: Nomination, at: dt.datetime = NOW) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        operations.submit(actor=nominator, nomination=nomination, at=at)
    return [(error.field, error.code) for error in caught.value.errors]


def attach(nominator: User, nomination: Nomination, *kinds: EvidenceKind) -> None:
    for kind in kinds:
        operations.attach_evidence(actor=nominator, nomination=nomination, upload=upload(), kind=kind, at=NOW)


@pytest.fixture
def letters(policy: PolicyVersion) -> PolicyVersion:
    require(policy.bases.get(code="laboratory"), EvidenceKind.RECOMMENDATION, EvidenceKind.EMPLOYMENT)
    return policy


@pytest.fixture
def honours(policy: PolicyVersion) -> RecognisedList:
    """The list that the basis "laboratory" rests on, empty so far."""
    honours = RecognisedList.objects.create(code="honours", name_zh="名单", name_en="Honours")
    policy.bases.filter(code="laboratory").update(recognised_list=honours)
    return honours


def listed(honours: RecognisedList, nominee: NomineeInput, **dates: dt.date) -> RecognisedEntry:
    return list_person(
        actor=None,
        recognised_list=honours,
        identity=nominee.identity,
        name=nominee.name,
        source="示例",
        at=NOW,
        **{"valid_from": TODAY, **dates},
    )


def test_every_missing_document_is_named_at_once(letters: PolicyVersion, nominator: User) -> None:
    draft = make_draft(nominator, with_evidence=False)

    assert refusals(nominator, draft) == [("evidence", "document_missing")] * 2

    attach(nominator, draft, EvidenceKind.RECOMMENDATION, EvidenceKind.OTHER)
    assert refusals(nominator, draft) == [("evidence", "document_missing")]
    attach(nominator, draft, EvidenceKind.EMPLOYMENT)
    assert operations.submit(actor=nominator, nomination=draft, at=NOW).status == NominationStatus.SUBMITTED


def test_a_case_is_asked_for_the_documents_of_its_own_policy(
    letters: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    draft = make_draft(nominator, with_evidence=False)
    attach(nominator, draft, EvidenceKind.RECOMMENDATION, EvidenceKind.EMPLOYMENT)
    case = operations.submit(actor=nominator, nomination=draft, at=NOW)
    newer = make_policy(number=2)
    require(newer.bases.get(code="laboratory"), EvidenceKind.QUALIFICATION)
    newer.tiers.update(validity_months=6)

    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=case,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=[operations.MissingItem(field="evidence", note="补")],
        at=NOW,
    )
    again = operations.submit(actor=nominator, nomination=case, at=NOW)

    assert (again.policy.number, again.tier.validity_months) == (1, 36)


def test_the_pages_and_the_api_say_beforehand_what_is_asked(
    letters: PolicyVersion, nominator: User, login: Login, api_for: ApiFor
) -> None:
    draft = make_draft(nominator)

    form = login(nominator).get("/nominations/new/").content.decode()
    page = login(nominator).get(draft.get_absolute_url()).content.decode()
    policy = api_for(nominator).get("/api/v1/nominations/policy/").data

    with translation.override("zh-hans"):
        words = [str(kind.label) for kind in (EvidenceKind.RECOMMENDATION, EvidenceKind.EMPLOYMENT)]
    assert all(word in text for text in (form, page) for word in words)
    asked = {basis["code"]: [each["kind"] for each in basis["required_documents"]] for basis in policy["bases"]}
    assert asked["laboratory"] == ["employment", "recommendation"]


def test_the_policy_is_shown_whole_in_as_many_queries_whatever_it_holds(
    policy: PolicyVersion, outsider: User, api_for: ApiFor, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    complete(policy)
    today = timezone.localdate()
    titles = RecognisedList.objects.get().entries
    for title, until in (("Former", today - dt.timedelta(days=1)), ("Engineer", None), ("Surveyor", today)):
        start = today - dt.timedelta(days=9)
        titles.create(title_zh=title, title_en=title, source="示例", valid_from=start, valid_until=until)
    client = api_for(outsider)

    with django_assert_max_num_queries(12):
        shown = client.get("/api/v1/nominations/policy/").data

    assert [limit["step"] for limit in shown["time_limits"]] == list(LimitedStep)
    assert {tier["code"]: tier["renewal_days"] for tier in shown["tiers"]} == {"A": 90, "B": 90, "C": 90}
    assert [each["may_nominate"] for each in shown["credit_classes"]] == [True, True, False]
    (direct,) = shown["other_bases"]
    assert [title["title"] for title in direct["recognised_list"]["titles"]] == ["Engineer", "Surveyor"]
    assert (shown["appeal_days"], shown["lapses_uncorrected"]) == (60, True)


def test_whoever_is_not_on_the_list_is_not_nominated(honours: RecognisedList, nominator: User) -> None:
    nominee = nominee_input()
    draft = make_draft(nominator, nominee=nominee)
    listed(honours, nominee_input())
    ended = listed(honours, nominee, valid_from=TODAY - dt.timedelta(days=9), valid_until=TODAY - dt.timedelta(days=1))

    assert refusals(nominator, draft) == [("basis", "not_recognised")]

    RecognisedEntry.objects.filter(pk=ended.pk).update(valid_until=TODAY)
    assert operations.submit(actor=nominator, nomination=draft, at=NOW).status == NominationStatus.SUBMITTED


def test_a_listed_title_is_proved_by_its_certificate(honours: RecognisedList, nominator: User) -> None:
    RecognisedEntry.objects.create(
        recognised_list=honours, title_zh="工程师", title_en="Engineer", source="示例", valid_from=TODAY
    )
    draft = make_draft(nominator)

    assert refusals(nominator, draft) == [("evidence", "title_not_proved")]

    attach(nominator, draft, EvidenceKind.QUALIFICATION)
    assert operations.submit(actor=nominator, nomination=draft, at=NOW).status == NominationStatus.SUBMITTED


@pytest.fixture
def refused(policy: PolicyVersion, nominator: User, preliminary_reviewer: User) -> NomineeInput:
    """Somebody who was refused on the basis "laboratory" on the last day of August."""
    nominee = nominee_input()
    at = dt.datetime(2026, 8, 31, 12, tzinfo=CITY)
    case = make_submitted(nominator, nominee=nominee, at=at)
    operations.review_preliminary(
        actor=preliminary_reviewer, nomination=case, outcome=Outcome.REJECT, reason="不符合", at=at
    )
    return nominee


def test_a_new_nomination_after_a_refusal_waits_as_long_as_its_policy_says(
    refused: NomineeInput, nominator: User, other_nominator: User
) -> None:
    PolicyVersion.objects.get().bases.update(renomination_months=6)
    draft = make_draft(other_nominator, nominee=refused)
    # August has 31 days, February 28.
    opens = dt.datetime(2027, 2, 28, tzinfo=CITY)

    with pytest.raises(RenominationTooEarly) as caught:
        operations.submit(actor=other_nominator, nomination=draft, at=opens - dt.timedelta(seconds=1))

    assert "2027-02-28" in str(caught.value)
    draft.refresh_from_db()
    assert (draft.status, draft.quota_year) == (NominationStatus.DRAFT, None)
    # The holidays of that year are not known yet: only the rule itself can be looked at.
    ensure_may_be_nominated_again(draft, [draft.talent], at=opens)


def test_nobody_is_nominated_again_where_the_policy_of_the_refusal_excludes_it(
    refused: NomineeInput, nominator: User
) -> None:
    PolicyVersion.objects.get().bases.update(may_renominate=False)
    make_policy(number=2)
    again = make_draft(nominator, nominee=refused)

    with pytest.raises(RenominationExcluded):
        operations.submit(actor=nominator, nomination=again, at=NOW)

    # Another basis is another ground.
    operations.update_draft(
        actor=nominator,
        nomination=again,
        basis=again.policy.bases.get(code="tiankai"),
        tier=again.policy.tiers.get(code="B"),
        at=NOW,
    )
    assert operations.submit(actor=nominator, nomination=again, at=NOW).status == NominationStatus.SUBMITTED


def test_nor_under_another_document_once_it_is_known_to_be_the_person(refused: NomineeInput, nominator: User) -> None:
    PolicyVersion.objects.get().bases.update(may_renominate=False)
    again = make_draft(nominator)
    first = Talent.objects.get(name=refused.name)

    mark_one_person(actor=None, one=first, other=again.talent)

    with pytest.raises(RenominationExcluded):
        operations.submit(actor=nominator, nomination=again, at=NOW)
