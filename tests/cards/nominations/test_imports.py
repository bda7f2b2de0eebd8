import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook

from cards.issuance.choices import Route
from cards.nominations import operations, rules
from cards.nominations.choices import NominationStatus
from cards.nominations.models import Evidence, ImportBatch, Nomination
from cards.nominations.sheets import HEADINGS
from cards.talents.models import Talent
from samples import city
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.documents.models import Document
from talentcard.notifications.models import Message
from tests.factories.nominations import PDF, make_draft, make_policy, make_submitted, nominee_input, resident_number

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _policy(db: None) -> None:
    make_policy(routes=dict.fromkeys(city.BASES, Route.RECOMMENDATION))


def row(**changes: object) -> dict[str, object]:
    return {
        "name": "示例甲",
        "identity_kind": "resident_id",
        "identity_number": resident_number(1),
        "nationality": "中国 China",
        "gender": "female",
        "birth_date": "",
        "phone": "16100000001",
        "email": "one@example.com",
        "address": "天津市示例路1号",
        "employer": "示例单位",
        "employer_code": "",
        "district": "binhai",
        "basis": "laboratory",
        "tier": "B",
        "reasons": "长期从事示例研究。",
        "evidence": "letter.pdf",
        **changes,
    }


def sheet(*rows: dict[str, object], above: int = 0, fields: list[str] | None = None) -> io.BytesIO:
    book = Workbook()
    for _ in range(above):
        book.active.append(["举荐名单"])
    names = fields or list(HEADINGS)
    book.active.append([" ".join(HEADINGS[name]) for name in names])
    for each in rows:
        book.active.append([each[name] for name in names])
    return as_file(book)


def as_file(book: Workbook) -> io.BytesIO:
    saved = io.BytesIO()
    book.save(saved)
    saved.seek(0)
    return saved


def archive(**files: bytes) -> io.BytesIO:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(f"{name}.pdf", content)
    saved.seek(0)
    return saved


def stored_files() -> int:
    root = Path(default_storage.location)
    return sum(1 for path in root.rglob("*") if path.is_file())


def import_it(actor: User, rows: Any, files: Any = None) -> ImportBatch:
    return operations.import_nominations(
        actor=actor, sheet=rows, archive=archive(letter=PDF) if files is None else files, at=NOW
    )


def refused(actor: User, rows: Any, files: Any = None) -> list[tuple[int | None, str, str]]:
    before = stored_files()
    with pytest.raises(InvalidInput) as caught:
        import_it(actor, rows, files)
    assert (ImportBatch.objects.count(), Document.objects.filter(original_name="letter.pdf").count()) == (0, 0)
    assert stored_files() == before
    return [(error.row, error.field, error.code) for error in caught.value.errors]


def test_import_nominations_takes_the_266_of_the_sample(nominator: User) -> None:
    with (SAMPLES / "nominations.xlsx").open("rb") as rows, (SAMPLES / "evidence.zip").open("rb") as files:
        batch = operations.import_nominations(actor=nominator, sheet=rows, archive=files, at=NOW)

    nominations = batch.nominations.all()
    assert (batch.row_count, nominations.count(), Talent.objects.count()) == (266, 266, 266)
    assert set(nominations.values_list("status", flat=True)) == {NominationStatus.SUBMITTED}
    assert len(set(nominations.values_list("number", flat=True))) == 266
    assert Document.objects.count() == 6
    assert Evidence.objects.count() == 266
    events = Message.objects.values_list("event", flat=True)
    assert list(events).count("nomination.nominee_told") == 266
    assert list(events).count("nomination.batch_submitted") == 1


def test_import_nominations_tells_each_officer_once(nominator: User, preliminary_reviewer: User) -> None:
    import_it(nominator, sheet(row(), row(identity_number=resident_number(2), name="示例乙")))

    messages = Message.objects.filter(recipient=preliminary_reviewer)
    assert [(message.event, message.params) for message in messages] == [("nomination.batch_waits", {"count": "2"})]


def test_import_nominations_says_everything_that_is_wrong(nominator: User) -> None:
    expected = json.loads((SAMPLES / "faulty.expected.json").read_text())
    before = stored_files()

    with (
        (SAMPLES / "faulty.xlsx").open("rb") as rows,
        (SAMPLES / "faulty-evidence.zip").open("rb") as files,
        pytest.raises(InvalidInput) as caught,
    ):
        operations.import_nominations(actor=nominator, sheet=rows, archive=files, at=NOW)

    found = [{"row": error.row, "field": error.field, "code": error.code} for error in caught.value.errors]
    assert found == expected
    assert (Nomination.objects.count(), Talent.objects.count(), Document.objects.count()) == (0, 0, 0)
    assert stored_files() == before


def test_import_nominations_reads_words_dates_and_columns_as_people_write_them(nominator: User) -> None:
    fields = list(reversed(HEADINGS))
    written = row(
        identity_kind="居民身份证", gender="女", district="滨海新区", basis="海河实验室", birth_date="1990年3月1日"
    )
    folder = archive(**{"证明/letter": PDF})

    batch = import_it(nominator, sheet(written, above=2, fields=fields), folder)

    nomination = batch.nominations.get()
    assert (nomination.district, nomination.basis.code, nomination.talent.birth_date) == (
        "binhai",
        "laboratory",
        "1990-03-01",
    )


def test_import_nominations_links_the_employer_by_its_credit_code(nominator: User) -> None:
    nominator.organisation.credit_code = "91120116MA00000000"
    nominator.organisation.save()

    batch = import_it(nominator, sheet(row(employer_code="91120116MA00000000")))

    assert batch.nominations.get().employer == nominator.organisation


def test_import_nominations_finds_people_who_are_nominated_or_known_by_another_name(nominator: User) -> None:
    nominee = nominee_input()
    make_submitted(nominator, nominee=nominee)
    drafted = nominee_input()
    make_draft(nominator, nominee=drafted)
    rows = [
        row(name=nominee.name, identity_number=nominee.identity.number),
        row(name=drafted.name, identity_number=drafted.identity.number),
        row(name="冒名", identity_number=drafted.identity.number, email="two@example.com"),
    ]

    assert refused(nominator, sheet(*rows[:2])) == [
        (2, "identity_number", "person_has_live_nomination"),
        (3, "identity_number", "draft_exists"),
    ]
    assert refused(nominator, sheet(rows[2])) == [(2, "identity_number", "identity_mismatch")]


def test_import_nominations_sends_the_account_to_the_address_in_the_sheet(
    nominator: User, other_nominator: User
) -> None:
    drafted = nominee_input(email="other@example.com")
    make_draft(other_nominator, nominee=drafted)

    import_it(nominator, sheet(row(name=drafted.name, identity_number=drafted.identity.number)))

    talent = Talent.objects.get()
    assert talent.user is not None
    assert (talent.email, talent.user.email) == ("one@example.com", "one@example.com")


def test_import_nominations_undoes_everything_when_somebody_was_faster(
    nominator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Between the check of the rows and their saving another nomination of the same person goes live.
    nominee = nominee_input()
    make_submitted(nominator, nominee=nominee)
    monkeypatch.setattr("cards.nominations.operations.rows._known_people", lambda *_: [])

    errors = refused(nominator, sheet(row(), row(name=nominee.name, identity_number=nominee.identity.number)))

    assert errors == [(3, "identity_number", "person_has_live_nomination")]
    assert Nomination.objects.count() == 1


def test_import_nominations_needs_its_columns(nominator: User) -> None:
    fields = [name for name in HEADINGS if name not in ("tier", "evidence")]

    assert refused(nominator, sheet(row(), fields=fields)) == [
        (None, "tier", "column_missing"),
        (None, "evidence", "column_missing"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not a workbook", "sheet_unreadable"),
        (b"", "sheet_unreadable"),
        (archive(letter=PDF).getvalue(), "sheet_unreadable"),
        (b"x" * (10 * 1024 * 1024 + 1), "sheet_too_large"),
        (sheet().getvalue(), "sheet_empty"),
    ],
)
def test_import_nominations_refuses_what_is_no_sheet(nominator: User, content: bytes, code: str) -> None:
    assert refused(nominator, io.BytesIO(content)) == [(None, "sheet", code)]


def _repacked(extra: dict[str, bytes]) -> io.BytesIO:
    saved = io.BytesIO()
    with zipfile.ZipFile(sheet(row())) as source, zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as target:
        parts = {name: source.read(name) for name in source.namelist()} | extra
        for name, content in parts.items():
            target.writestr(name, content)
    saved.seek(0)
    return saved


def test_import_nominations_refuses_a_bomb_in_the_workbook(nominator: User) -> None:
    bomb = _repacked({"xl/media/zeros.bin": bytes(70 * 1024 * 1024)})

    assert refused(nominator, bomb) == [(None, "sheet", "sheet_too_large")]


@pytest.mark.parametrize("cell", ["A1048576", "XFD2"])
def test_import_nominations_refuses_a_table_that_unfolds(nominator: User, cell: str) -> None:
    book = Workbook()
    book.active.append([" ".join(each) for each in HEADINGS.values()])
    book.active[cell] = "far away"

    assert refused(nominator, as_file(book)) == [(None, "sheet", "too_many_rows")]


def test_import_nominations_refuses_too_many_rows(nominator: User) -> None:
    rows = sheet(*[row()] * 5001)

    assert refused(nominator, rows) == [(None, "sheet", "too_many_rows")]


@pytest.mark.parametrize(
    ("files", "error"),
    [
        (io.BytesIO(b"no archive"), (None, "archive", "archive_unreadable")),
        (archive(other=PDF), (2, "evidence", "evidence_missing")),
        (archive(letter=b"text"), (2, "evidence", "file_type_mismatch")),
        (archive(**{"a/letter": PDF, "b/letter": PDF}), (None, "archive", "archive_ambiguous")),
        (archive(letter=PDF + bytes(11 * 1024 * 1024)), (2, "evidence", "file_too_large")),
    ],
)
def test_import_nominations_refuses_bad_evidence(
    nominator: User, files: io.BytesIO, error: tuple[int | None, str, str]
) -> None:
    assert refused(nominator, sheet(row()), files) == [error]


def test_import_nominations_is_for_nominators(outsider: User) -> None:
    with pytest.raises(NotAllowed):
        import_it(outsider, sheet(row()))

    assert Nomination.objects.count() == 0


def test_import_nominations_checks_any_number_of_rows_with_the_same_queries(nominator: User) -> None:
    counts = []
    for size in (1, 3):
        rows = [row(identity_number=resident_number(each), tier="Z") for each in range(size)]
        rules.may_nominate(nominator)  # the roles are read once for a user, whoever asks first
        with CaptureQueriesContext(connection) as context:
            refused(nominator, sheet(*rows))
        counts.append(len(context))

    assert counts[0] == counts[1]
