"""Legacy Green Cards 绿卡 become cards: a sheet is checked, its good rows proposed, and a second officer decides."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import samples
from cards.issuance.models import Award, Basis, PolicyVersion, TalentCard
from cards.nominations import operations
from cards.nominations.choices import DirectIssueStatus, ImportKind, ImportStatus, RowStatus
from cards.nominations.models import DirectIssue, ImportBatch
from cards.nominations.operations import green_cards
from cards.nominations.operations.applying import apply_rows
from cards.nominations.sheets import GREEN_HEADINGS
from cards.talents.models import Talent
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory, give_role
from tests.factories.green_cards import make_upgrade, row, sheet
from tests.factories.nominations import make_submitted, nominee_input, resident_number

TODAY = timezone.localdate()
PAGE, API = reverse("nominations:direct-upgrade"), reverse("api-direct-upgrade")
Run = Callable[[], int]


@pytest.fixture(autouse=True)
def upgrade(policy: PolicyVersion) -> Basis:
    return make_upgrade(policy)


def send(actor: User, run_outbox: Run, *rows: dict[str, object], **options: Any) -> ImportBatch:
    """Hand a sheet in, have it checked, and its good rows proposed."""
    batch = operations.receive_import(
        actor=actor, sheet=sheet(*rows, **options), archive=None, kind=ImportKind.GREEN_CARDS, at=timezone.now()
    )
    run_outbox()
    batch.refresh_from_db()
    if batch.rows.filter(status=RowStatus.VALID).exists():
        operations.apply_import(actor=actor, batch=batch, at=timezone.now())
        run_outbox()
        batch.refresh_from_db()
    return batch


def outcomes(batch: ImportBatch) -> list[tuple[str, list[str]]]:
    return [(each.status, [fault["code"] for fault in each.errors]) for each in batch.rows.order_by("number")]


def test_rows_become_cards_once_a_second_officer_confirms(issuer: User, second_issuer: User, run_outbox: Run) -> None:
    batch = send(issuer, run_outbox, row(1), row(2, tier="领军人才"))

    cases = list(DirectIssue.objects.order_by("number"))
    assert (batch.status, outcomes(batch)) == (ImportStatus.APPLIED, [("applied", []), ("applied", [])])
    assert [(case.status, case.legacy_card, case.proposed_by) for case in cases] == [
        ("proposed", "TJ000001", issuer),
        ("proposed", "TJ000002", issuer),
    ]
    assert not TalentCard.objects.exists()
    told = Message.objects.filter(event="direct_issue.batch_waits").values_list("recipient__username", flat=True)
    assert list(told) == [second_issuer.username]

    done = operations.decide_direct_issues(
        actor=second_issuer, case_ids=[case.pk for case in cases], is_confirmed=True, reason="", at=timezone.now()
    )
    run_outbox()

    assert all(each.ok for each in done)
    assert TalentCard.objects.filter(status="active").count() == 2
    award = Award.objects.get(case_id=cases[0].pk)
    assert (award.basis.code, award.basis.policy.number, len(award.evidence_hash)) == (green_cards.BASIS, 1, 64)
    assert cases[0].entry.source == "绿卡 TJ000001"


def test_the_sample_sheet_goes_in_whole(issuer: User, run_outbox: Run) -> None:
    sample = Path(samples.__file__).parent / "green-cards.xlsx"
    batch = operations.receive_import(
        actor=issuer,
        sheet=SimpleUploadedFile(sample.name, sample.read_bytes()),
        archive=None,
        kind=ImportKind.GREEN_CARDS,
        at=timezone.now(),
    )
    run_outbox()

    assert outcomes(batch) == [("valid", [])] * 30


def test_who_proposes_does_not_confirm(issuer: User, run_outbox: Run) -> None:
    send(issuer, run_outbox, row())

    done = operations.decide_direct_issues(
        actor=issuer, case_ids=[DirectIssue.objects.get().pk], is_confirmed=True, reason="", at=timezone.now()
    )

    assert [each.error.code for each in done if each.error] == ["same_officer"]
    assert not TalentCard.objects.exists()


def test_each_fault_stands_by_its_row_and_a_corrected_sheet_applies_what_is_new(issuer: User, run_outbox: Run) -> None:
    wrong = [
        row(2, valid_until=(TODAY - dt.timedelta(days=1)).isoformat()),
        row(3, identity_number="120116199003019999"),
        row(4, tier="A"),
        row(5, district="atlantis"),
        row(6, green_card=""),
        row(7, valid_until="someday"),
        row(1, green_card="TJ-900001"),
    ]
    batch = send(issuer, run_outbox, row(1), *wrong)

    assert outcomes(batch) == [
        ("applied", []),
        ("invalid", ["green_card_expired"]),
        ("invalid", ["identity_check_character"]),
        ("invalid", ["tier_not_of_basis"]),
        ("invalid", ["unknown_district"]),
        ("invalid", ["required"]),
        ("invalid", ["invalid_date"]),
        ("invalid", ["person_repeated"]),
    ]
    again = send(issuer, run_outbox, row(1), row(2), row(3, green_card="tj 000003"))
    assert [status for status, _codes in outcomes(again)] == ["known", "applied", "applied"]
    assert DirectIssue.objects.count() == 3


def test_nobody_has_two_cards_nor_one_green_card_two_people(
    issuer: User, second_issuer: User, nominator: User, run_outbox: Run
) -> None:
    person = nominee_input(name="示例持卡人9")
    make_submitted(nominator, nominee=person)
    send(issuer, run_outbox, row(1), row(2))
    first = DirectIssue.objects.order_by("number")[0]
    operations.confirm_direct_issue(actor=second_issuer, case=first, at=timezone.now())

    batch = send(
        issuer,
        run_outbox,
        row(1, green_card="TJ-800001"),
        row(2, green_card="TJ-800002"),
        row(9, name=person.name, identity_number=person.identity.number),
        row(4, green_card="TJ-000001"),
        row(5, green_card="TJ-700000"),
        row(6, green_card="TJ-700000"),
    )

    assert outcomes(batch) == [
        ("invalid", ["person_has_live_card"]),
        ("invalid", ["direct_issue_proposed"]),
        ("invalid", ["person_has_live_nomination"]),
        ("invalid", ["green_card_upgraded"]),
        ("applied", []),
        ("failed", ["green_card_upgraded"]),
    ]


def test_a_refused_upgrade_may_be_sent_again(issuer: User, second_issuer: User, run_outbox: Run) -> None:
    send(issuer, run_outbox, row())
    operations.refuse_direct_issue(
        actor=second_issuer, case=DirectIssue.objects.get(), reason="请核实单位。", at=timezone.now()
    )

    batch = send(issuer, run_outbox, row())

    assert outcomes(batch) == [("applied", [])]
    assert DirectIssue.objects.filter(status=DirectIssueStatus.PROPOSED).count() == 1


def test_issuers_propose_in_their_scope_and_nobody_they_are_tied_to(issuer: User, run_outbox: Run) -> None:
    narrow = give_role(UserFactory(organisation=issuer.organisation), Role.ISSUER, district="heping")
    batch = send(narrow, run_outbox, row(1), row(2, district="heping"))
    assert outcomes(batch) == [("invalid", ["out_of_scope"]), ("applied", [])]

    case = DirectIssue.objects.get()
    operations.withdraw_direct_issue(actor=narrow, case=case, at=timezone.now())
    operations.declare_recusal(actor=issuer, officer=issuer, case=case, relation="sibling", at=timezone.now())
    assert outcomes(send(issuer, run_outbox, row(2, district="heping"))) == [("invalid", ["conflict_of_interest"])]


def test_a_policy_without_the_upgrade_refuses_every_row(issuer: User, upgrade: Basis, run_outbox: Run) -> None:
    Basis.objects.filter(pk=upgrade.pk).update(code="something-else")

    batch = send(issuer, run_outbox, row())

    assert outcomes(batch) == [("invalid", ["no_upgrade_in_force"])]
    assert not Talent.objects.exists()


def test_work_goes_on_where_a_worker_died(issuer: User, run_outbox: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    batch = operations.receive_import(
        actor=issuer,
        sheet=sheet(*(row(each) for each in range(1, 7))),
        archive=None,
        kind=ImportKind.GREEN_CARDS,
        at=timezone.now(),
    )
    run_outbox()
    batch.refresh_from_db()
    operations.apply_import(actor=issuer, batch=batch, at=timezone.now())
    original, calls = green_cards.propose_registered, []

    def dying(**given: Any) -> DirectIssue:
        calls.append(given)
        if len(calls) == 4:
            raise Killed
        return original(**given)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(green_cards, "propose_registered", dying)
        apply_rows(batch_id=batch.pk, after=0, at=timezone.now())
    assert (DirectIssue.objects.count(), Talent.objects.count()) == (3, 3)
    run_outbox()

    batch.refresh_from_db()
    assert (batch.status, {status for status, _codes in outcomes(batch)}) == (ImportStatus.APPLIED, {"applied"})
    assert DirectIssue.objects.count() == 6


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_headings_stand_in_any_order_and_numbers_as_they_are_typed(
    issuer: User, run_outbox: Run, encoding: str
) -> None:
    fields = list(reversed(GREEN_HEADINGS))
    number = resident_number(1)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number[:6]) + " " + number[6:]

    batch = send(
        issuer, run_outbox, row(identity_number=wide, green_card="ＴＪ－０００００１"), fields=fields, encoding=encoding
    )

    assert outcomes(batch) == [("applied", [])]
    assert DirectIssue.objects.get().legacy_card == "TJ000001"


def test_a_sheet_of_something_else_is_refused_by_its_columns(issuer: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        operations.receive_import(
            actor=issuer,
            sheet=sheet(row(), fields=["name", "identity_kind", "identity_number", "tier"]),
            archive=None,
            kind=ImportKind.GREEN_CARDS,
            at=timezone.now(),
        )

    assert {error.field for error in refused.value.errors} == {"green_card", "email", "district", "valid_until"}


def test_pages_and_api_are_for_issuers_and_show_the_sheet_to_their_office(
    issuer: User, nominator: User, outsider: User, second_issuer: User, run_outbox: Run, login: Any, api_for: Any
) -> None:
    assert Client().get(PAGE).status_code == 302
    for user in (nominator, outsider):
        assert login(user).post(PAGE, {"workbook": sheet(row())}).status_code == 403
        with pytest.raises(NotAllowed):
            send(user, run_outbox, row())
    assert api_for(outsider).post(API, {"sheet": sheet(row())}, format="multipart").status_code == 403
    assert not ImportBatch.objects.exists()

    made = api_for(issuer).post(API, {"sheet": sheet(row(), row(2, tier="Z"))}, format="multipart")
    run_outbox()
    assert made.status_code == 202
    path = made.json()["url"]
    assert api_for(issuer).get(path).json()["rows"] | {"waiting": 0} == {
        "waiting": 0,
        "valid": 1,
        "invalid": 1,
        "known": 0,
        "applied": 0,
        "failed": 0,
    }
    page = reverse("nominations:import-detail", args=[made.json()["id"]])
    assert [login(user).get(page).status_code for user in (issuer, nominator, outsider)] == [200, 404, 404]
    report = login(issuer).get(reverse("nominations:import-report", args=[made.json()["id"]]))
    assert "绿卡号" in b"".join(report.streaming_content).decode("utf-8-sig")
    colleague = give_role(UserFactory(organisation=issuer.organisation), Role.ISSUER)
    assert login(colleague).get(page).status_code == 200
    assert api_for(colleague).post(f"{path}apply/").status_code == 403
    assert api_for(issuer).post(f"{path}apply/").status_code == 202
    run_outbox()
    rows = api_for(issuer).get(f"{path}rows/").json()["results"]
    assert [each["direct_issue_number"] for each in rows] == [DirectIssue.objects.get().number, None]
    assert DirectIssue.objects.get().number in login(issuer).get(page).content.decode()
    assert login(issuer).get(PAGE).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "other", [row(1, green_card="TJ-500000"), row(2, green_card="TJ-000001")], ids=["same-person", "same-green-card"]
)
def test_two_sheets_at_once_propose_it_once(other: dict[str, object], issuer: User, run_outbox: Run) -> None:
    batches = [
        operations.receive_import(
            actor=issuer, sheet=sheet(each), archive=None, kind=ImportKind.GREEN_CARDS, at=timezone.now()
        )
        for each in (row(1), other)
    ]
    run_outbox()
    for batch in batches:
        operations.apply_import(actor=issuer, batch=batch, at=timezone.now())

    at_once([partial(apply_rows, batch_id=batch.pk, after=0, at=timezone.now()) for batch in batches])

    assert sorted(outcomes(batch)[0][0] for batch in batches) == ["applied", "failed"]
    assert DirectIssue.objects.count() == 1
