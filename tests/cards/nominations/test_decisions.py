"""Every decision about a nomination is put in writing, for those whom it concerns."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations import operations
from cards.nominations.choices import Outcome, Paper, Step
from cards.nominations.models import Nomination
from talentcard.accounts.models import Organisation, User
from talentcard.casework.models import DecisionDocument
from talentcard.core.errors import DomainError
from tests.factories.nominations import make_second_review, make_submitted, make_under_notice

NOW = timezone.now()
MISSING = [
    operations.MissingItem(field="evidence", note="缺少聘用合同"),
    operations.MissingItem(field="", note="缺照片"),
]


def papers(nomination: Nomination) -> list[str]:
    return list(DecisionDocument.objects.filter(subject_id=nomination.pk).values_list("kind", flat=True))


def paper(nomination: Nomination, kind: Paper) -> DecisionDocument:
    return DecisionDocument.objects.get(subject_id=nomination.pk, kind=kind)


def nominee_of(nomination: Nomination) -> User:
    return User.objects.get(talent__nominations=nomination)


def refuse(reviewer: User, nomination: Nomination, outcome: Outcome = Outcome.REJECT, **details: Any) -> Nomination:
    return operations.review_preliminary(
        actor=reviewer, nomination=nomination, outcome=outcome, reason="不符合条件", at=NOW, **details
    )


def test_rejection_says_why_on_what_ground_and_what_can_be_done(
    submitted: Nomination, preliminary_reviewer: User
) -> None:
    refuse(preliminary_reviewer, submitted)

    document = paper(submitted, Paper.REJECTION)
    text = document.text("zh-hans")
    assert document.number == f"BY{timezone.localtime(NOW).year}-000001"
    assert document.decided_by == preliminary_reviewer
    assert text.reasons == ("不符合条件",)
    assert text.ground == "示例条例"
    assert text.remedies[-1] == "可以申请行政复议或者提起行政诉讼。（示例）"
    assert text.addressees == ("海河实验室", submitted.talent.name)
    assert submitted.talent.name in text.outcome
    assert text.note
    assert text.office == preliminary_reviewer.organisation.name_zh
    assert document.text("en").ground == "Sample regulation"


def test_return_lists_everything_to_correct_at_once_to_the_nominator_alone(
    submitted: Nomination, preliminary_reviewer: User
) -> None:
    refuse(preliminary_reviewer, submitted, Outcome.RETURN, missing=MISSING)

    document = paper(submitted, Paper.RETURN)
    assert document.text("zh-hans").reasons == ("不符合条件", "1. 证明材料：缺少聘用合同", "2. 缺照片")
    assert [(each.user, each.organisation) for each in document.addressees.all()] == [(None, submitted.nominator)]


def test_second_review_puts_notice_or_approval_in_writing(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    noticed = make_under_notice(nominator, preliminary_reviewer, second_reviewer)
    direct = make_second_review(nominator, preliminary_reviewer, basis="postdoc", tier="C")
    operations.review_second(actor=second_reviewer, nomination=direct, outcome=Outcome.PASS, agrees=True, at=NOW)

    assert papers(noticed) == [Paper.NOTICE]
    assert papers(direct) == [Paper.APPROVAL]
    assert {each.user for each in paper(direct, Paper.APPROVAL).addressees.all()} == {None, nominee_of(direct)}


def test_notice_that_runs_out_approves_in_the_name_of_the_office_that_reviewed(
    under_notice: Nomination, second_reviewer: User
) -> None:
    operations.close_due_notices(at=under_notice.notice.closes_at + dt.timedelta(minutes=1))

    document = paper(under_notice, Paper.APPROVAL)
    assert document.decided_by is None
    assert document.text("en").office == second_reviewer.organisation.name_en
    assert "no objection was upheld" in document.text("en").reasons[0]


def test_upheld_objection_rejects_with_the_officers_reason(under_notice: Nomination, second_reviewer: User) -> None:
    objection = operations.lodge_objection(
        notice=under_notice.notice, name="路人甲", contact="13800000000", text="材料不实", at=NOW
    )
    operations.resolve_objection(
        actor=second_reviewer, objection=objection, is_upheld=True, reason="经核实，材料不实。", at=NOW
    )

    document = paper(under_notice, Paper.REJECTION)
    assert document.text("zh-hans").reasons == ("经核实，材料不实。",)
    assert "路人甲" not in document.content
    assert "13800000000" not in document.content


def test_what_is_renamed_later_does_not_alter_a_decision(submitted: Nomination, preliminary_reviewer: User) -> None:
    refuse(preliminary_reviewer, submitted)
    before = paper(submitted, Paper.REJECTION).content

    PolicyVersion.objects.update(legal_ground_zh="新条例", remedies_zh="")
    Organisation.objects.update(name_zh="改名")
    submitted.talent.name = "改名"
    submitted.talent.save()

    assert paper(submitted, Paper.REJECTION).content == before


def test_refused_decision_leaves_no_document(submitted: Nomination, outsider: User) -> None:
    with pytest.raises(DomainError):
        refuse(outsider, submitted)

    assert not DecisionDocument.objects.exists()


def test_parties_and_officers_reach_the_document_and_nobody_else(
    submitted: Nomination,
    nominator: User,
    other_nominator: User,
    preliminary_reviewer: User,
    auditor: User,
    outsider: User,
    login: Callable[[User], Client],
    api_for: Callable[[User], APIClient],
) -> None:
    refuse(preliminary_reviewer, submitted)
    document = paper(submitted, Paper.REJECTION)
    pages = [document.get_absolute_url(), reverse("casework:decision-pdf", args=[document.pk])]
    nominee = nominee_of(submitted)

    for user in (nominator, nominee, preliminary_reviewer, auditor):
        assert document.number in login(user).get(submitted.get_absolute_url()).content.decode()
        shown = api_for(user).get(reverse("api-nomination-detail", args=[submitted.pk])).json()
        assert [each["number"] for each in shown["decisions"]] == [document.number]
        assert [login(user).get(path).status_code for path in pages] == [200, 200]
    for user in (outsider, other_nominator):
        assert [login(user).get(path).status_code for path in pages] == [404, 404]


def test_nominee_does_not_read_what_is_addressed_to_the_nominator(
    submitted: Nomination,
    preliminary_reviewer: User,
    login: Callable[[User], Client],
    api_for: Callable[[User], APIClient],
) -> None:
    refuse(preliminary_reviewer, submitted, Outcome.RETURN, missing=MISSING)
    document = paper(submitted, Paper.RETURN)
    nominee = nominee_of(submitted)

    assert document.number not in login(nominee).get(submitted.get_absolute_url()).content.decode()
    assert login(nominee).get(document.get_absolute_url()).status_code == 404
    assert api_for(nominee).get(reverse("api-nomination-detail", args=[submitted.pk])).json()["decisions"] == []


@pytest.mark.parametrize("outcome", [Outcome.REJECT, Outcome.RETURN])
def test_bulk_decisions_make_documents_at_the_same_cost_each(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, outcome: Outcome
) -> None:
    cases = [make_submitted(nominator) for _ in range(5)]

    def cost_of(chosen: Sequence[Nomination]) -> int:
        with CaptureQueriesContext(connection) as queries:
            results = operations.decide_many(
                actor=preliminary_reviewer,
                step=Step.PRELIMINARY,
                nomination_ids=[case.pk for case in chosen],
                outcome=outcome,
                reason="不符合条件",
                missing=MISSING if outcome == Outcome.RETURN else (),
                at=NOW,
            )
        assert all(row.ok for row in results)
        return len(queries)

    first, one, three = cost_of(cases[:1]), cost_of(cases[1:2]), cost_of(cases[2:])

    assert one <= first
    per_case = (three - one) / 2
    assert per_case <= one
    kind = Paper.RETURN if outcome == Outcome.RETURN else Paper.REJECTION
    assert len({paper(case, kind).number for case in cases}) == 5
