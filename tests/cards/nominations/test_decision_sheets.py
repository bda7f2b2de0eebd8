"""Officers decide by spreadsheet: what waits as csv, filled in, tried, then decided row by row."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cards.nominations import operations
from cards.nominations.choices import NominationStatus, Outcome
from cards.nominations.decision_sheets import MAX_BYTES, SheetDecision, read_sheet
from cards.nominations.models import Nomination, Review
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.casework.operations import MAX_AT_ONCE, TooManyAtOnce, claim
from talentcard.core.errors import InvalidInput
from talentcard.notifications.models import Message
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_second_review, make_submitted, nominee_input

PAGE, DOWNLOAD = reverse("nominations:decision-sheet"), reverse("nominations:decision-sheet-download")
API, API_FILE = reverse("api-decision-sheet"), reverse("api-decision-sheet-file")


def table(*rows: list[str], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("decisions.csv", content, content_type="text/csv")


def said(*rows: list[str]) -> bytes:
    return table(["编号", "决定", "对初审意见", "原因", "需补正"], *rows)


def filled(content: bytes, **decisions: dict[str, str]) -> bytes:
    """Fill a downloaded sheet in: by number with its dash left out, what stands under which heading."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for row in rows[1:]:
        for heading, value in decisions.get(row[0].replace("-", ""), {}).items():
            row[rows[0].index(heading)] = value
    return table(*rows)


def key(case: Nomination) -> str:
    return case.number.replace("-", "")


@pytest.fixture
def cases(policy: Any, nominator: User) -> list[Nomination]:
    return [make_submitted(nominator) for _ in range(4)]


def statuses(cases: list[Nomination]) -> list[str]:
    found = dict(Nomination.objects.values_list("pk", "status"))
    return [found[case.pk] for case in cases]


def test_what_waits_is_downloaded_filled_in_tried_and_decided(
    cases: list[Nomination], preliminary_reviewer: User, login: Any
) -> None:
    browser = login(preliminary_reviewer)
    sheet = filled(
        browser.get(DOWNLOAD, headers={"accept-language": "en"}).content,
        **{
            key(cases[0]): {"Decision": "pass"},
            key(cases[1]): {"Decision": "Return", "Reason": "材料不全", "To correct": "缺合同；缺公章"},
            key(cases[2]): {"Decision": "不予通过"},
        },
    )

    tried = browser.post(PAGE, {"sheet": as_file(sheet)})
    assert tried.status_code == 200
    assert [(row["ok"], row["number"]) for row in tried.context["rows"]] == [
        (True, cases[0].number),
        (True, cases[1].number),
        (False, cases[2].number),
    ]
    assert statuses(cases) == [NominationStatus.SUBMITTED] * 4
    assert not Review.objects.exists()
    assert not Message.objects.filter(event="nomination.returned").exists()
    assert not AuditEvent.objects.filter(action__startswith="nomination.second").exists()

    done = browser.post(PAGE, {"decisions": tried.context["decisions"]})
    assert (done.context["decided"], done.context["failed"]) == (2, 1)
    assert statuses(cases) == ["second_review", "returned", "submitted", "submitted"]
    assert [item["note"] for item in Review.objects.get(outcome=Outcome.RETURN).missing] == ["缺合同", "缺公章"]
    result = browser.post(reverse("nominations:decision-sheet-result"), {"results": done.context["results"]})
    assert result["Content-Disposition"].startswith("attachment")
    lines = list(csv.reader(io.StringIO(result.content.decode("utf-8-sig"))))
    assert sorted(line[1] for line in lines[1:]) == [case.number for case in cases[:3]]
    again = browser.post(PAGE, {"decisions": tried.context["decisions"]})
    assert (again.context["decided"], again.context["failed"]) == (0, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_sheets_are_read_as_spreadsheet_programs_write_them(encoding: str, delimiter: str) -> None:
    content = table(
        ["初审决定汇总", "", ""],
        ["Reason", "决定", "NUMBER "],
        ["", "", ""],
        ["'=理由", "退 回", "JJ2026-000001"],
        ["留待下周", "", "JJ2026-000002"],
        encoding=encoding,
        delimiter=delimiter,
    )

    assert read_sheet(content) == [SheetDecision(row=4, number="JJ2026-000001", outcome=Outcome.RETURN, reason="=理由")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_quoted_cells_are_read_whatever_separates_them(delimiter: str) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    table.writerows([["编号", "决定", "原因"], ["JJ2026-000001", "不予通过", '缺合同,"公章"未盖；缺页']])

    (decision,) = read_sheet(text.getvalue().encode())

    assert (decision.outcome, decision.reason) == (Outcome.REJECT, '缺合同,"公章"未盖；缺页')


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04\x00\x00", "encoding_unknown"),
        (table(["编号", "原因"], ["JJ2026-000001", "x"]), "heading_missing"),
        (b"", "heading_missing"),
        (said(["JJ2026-000001", "", "", "", ""]), "nothing_decided"),
        ('编号,决定\n"JJ2026-000001,通过'.encode(), "table_damaged"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_sheet_of_decisions_is_refused_whole(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_sheet(content)

    assert [(error.field, error.code) for error in refused.value.errors] == [("sheet", code)]


def test_each_row_that_cannot_be_done_says_why_and_stops_no_other(
    cases: list[Nomination], preliminary_reviewer: User, second_reviewer: User, api_for: Any
) -> None:
    colleague = UserFactory(organisation=preliminary_reviewer.organisation)
    claim(
        actor=give_role(colleague, Role.PRELIMINARY_REVIEWER, district="binhai"),
        item=cases[1].item,
        at=timezone.now(),
    )
    numbers = [case.number for case in cases]
    sheet = said(
        [numbers[0], "通过", "", "", ""],
        [numbers[1], "通过", "", "", ""],
        [numbers[2], "maybe", "", "", ""],
        [numbers[3], "通过", "同意", "", ""],
        [numbers[0], "退回", "", "x", "y"],
        ["JJ2026-999999", "通过", "", "", ""],
        ["", "通过", "", "", ""],
    )

    answer = api_for(preliminary_reviewer).post(API, {"sheet": as_file(sheet), "apply": "true"}, format="multipart")

    assert [(row["row"], (row["error"] or {}).get("code", "")) for row in answer.json()] == [
        (2, ""),
        (3, "item_taken"),
        (4, "row_unreadable"),
        (5, "invalid_input"),
        (6, "row_unreadable"),
        (7, "not_found"),
        (8, "row_unreadable"),
    ]
    assert statuses(cases) == ["second_review", "submitted", "submitted", "submitted"]


def test_a_case_that_went_another_round_is_not_decided_by_an_old_sheet(
    cases: list[Nomination], nominator: User, preliminary_reviewer: User, api_for: Any
) -> None:
    case = cases[0]
    old = api_for(preliminary_reviewer).get(API_FILE, headers={"accept-language": "en"}).content
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=case,
        outcome=Outcome.RETURN,
        reason="材料不全",
        missing=[operations.MissingItem(field="", note="缺合同")],
        at=timezone.now(),
    )
    operations.submit(actor=nominator, nomination=case, at=timezone.now())

    answer = api_for(preliminary_reviewer).post(
        API, {"sheet": as_file(filled(old, **{key(case): {"Decision": "pass"}})), "apply": "true"}, format="multipart"
    )

    assert [row["error"]["code"] for row in answer.json()] == ["item_closed"]
    assert statuses([case]) == [NominationStatus.SUBMITTED]


def test_second_reviewers_say_whether_they_agree(
    nominator: User, preliminary_reviewer: User, second_reviewer: User, api_for: Any
) -> None:
    first, other = (make_second_review(nominator, preliminary_reviewer) for _ in range(2))
    sheet = said([first.number, "通过", "同意", "", ""], [other.number, "通过", "", "", ""])

    tried = api_for(second_reviewer).post(API, {"sheet": as_file(sheet)}, format="multipart").json()
    done = api_for(second_reviewer).post(API, {"sheet": as_file(sheet), "apply": "true"}, format="multipart").json()

    assert [row["ok"] for row in tried] == [row["ok"] for row in done] == [True, False]
    assert statuses([first, other]) == [NominationStatus.AWAITING_NOTICE, NominationStatus.SECOND_REVIEW]


def test_names_that_a_program_would_run_are_written_as_text_and_secret_ones_not_at_all(
    policy: Any, nominator: User, preliminary_reviewer: User, api_for: Any
) -> None:
    make_submitted(nominator, nominee=nominee_input(name="=cmd|'/C calc'!A0"))
    hidden = make_submitted(nominator, nominee=nominee_input(name="不公开者"))
    hidden.talent.is_secret = True
    hidden.talent.save()

    text = api_for(preliminary_reviewer).get(API_FILE).content.decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "不公开者" not in text


def test_nobody_else_decides_so_and_no_sheet_of_another(
    cases: list[Nomination], preliminary_reviewer: User, outsider: User, nominator: User, login: Any, api_for: Any
) -> None:
    sheet = said([cases[0].number, "通过", "", "", ""])
    sealed = login(preliminary_reviewer).post(PAGE, {"sheet": as_file(sheet)}).context["decisions"]
    assert Client().get(PAGE).status_code == 302
    for user in (outsider, nominator):
        assert [login(user).get(path).status_code for path in (PAGE, DOWNLOAD)] == [403, 403]
        assert login(user).post(PAGE, {"decisions": sealed}).status_code == 403
        assert (
            api_for(user).post(API, {"sheet": as_file(sheet), "apply": "true"}, format="multipart").status_code == 403
        )
    other = give_role(UserFactory(), Role.PRELIMINARY_REVIEWER, district="binhai")
    assert login(other).post(PAGE, {"decisions": sealed}).status_code == 302
    assert login(other).post(PAGE, {"decisions": "made-up"}).status_code == 302
    assert login(preliminary_reviewer).post(PAGE, {}).status_code == 400
    assert statuses(cases) == [NominationStatus.SUBMITTED] * 4


def test_a_sheet_of_too_many_rows_is_refused(preliminary_reviewer: User) -> None:
    many = [SheetDecision(row=each, number=f"JJ2026-{each:06}", outcome="pass") for each in range(MAX_AT_ONCE + 1)]

    with pytest.raises(TooManyAtOnce):
        operations.decide_by_sheet(actor=preliminary_reviewer, decisions=many, at=timezone.now())
