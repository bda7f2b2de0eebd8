import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from cards.issuance.choices import Route
from cards.nominations import operations, rules
from cards.nominations.choices import ImportStatus, NominationStatus, RowStatus
from cards.nominations.faults import message_of
from cards.nominations.models import Evidence, ImportBatch, Nomination
from cards.nominations.operations.imports import NothingToApply
from cards.nominations.sheets import HEADINGS
from cards.talents.models import Talent
from samples import city
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.documents.models import Document
from talentcard.notifications.models import Message
from talentcard.outbox import delivery
from talentcard.outbox.choices import EntryStatus
from talentcard.outbox.models import Entry
from tests.factories.nominations import PDF, make_draft, make_policy, make_submitted, nominee_input, resident_number

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
# Of the 266.
SOME = 24
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


def send(actor: User, rows: Any, files: Any = None) -> ImportBatch:
    """Hand a sheet in, and do what a worker does."""
    files = archive(letter=PDF) if files is None else files
    batch = operations.receive_import(
        actor=actor,
        sheet=SimpleUploadedFile("rows.xlsx", rows.read()),
        archive=SimpleUploadedFile("evidence.zip", files.read()),
        at=NOW,
    )
    work()
    batch.refresh_from_db()
    return batch


def import_it(actor: User, rows: Any, files: Any = None) -> ImportBatch:
    """Hand a sheet in and apply it."""
    batch = send(actor, rows, files)
    operations.apply_import(actor=actor, batch=batch, at=NOW)
    work()
    batch.refresh_from_db()
    return batch


def work() -> None:
    """Run the tasks of imports that wait, as a worker does."""
    while entry := Entry.objects.filter(task__contains="_import", status=EntryStatus.WAITING).first():
        Entry.objects.filter(pk=entry.pk).update(status=EntryStatus.SENT, fence=entry.fence + 1)
        assert delivery.deliver(entry_id=entry.pk, fence=entry.fence + 1)


def faults_of(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return [(row.number, fault["field"], fault["code"]) for row in batch.rows.all() for fault in row.errors]


def statuses(batch: ImportBatch) -> list[str]:
    return list(batch.rows.values_list("status", flat=True))


def refused(actor: User, rows: Any, files: Any = None) -> list[tuple[str, str]]:
    """Return why a sheet is not taken in; nothing of it stays."""
    before = stored_files()
    with pytest.raises(InvalidInput) as caught:
        send(actor, rows, files)
    assert (ImportBatch.objects.count(), Document.objects.count()) == (0, 0)
    assert stored_files() == before
    return [(error.field, error.code) for error in caught.value.errors]


def test_check_finds_nothing_wrong_with_the_266_of_the_sample(nominator: User) -> None:
    with (SAMPLES / "nominations.xlsx").open("rb") as rows, (SAMPLES / "evidence.zip").open("rb") as files:
        batch = send(nominator, rows, files)

    assert (batch.status, batch.row_count, faults_of(batch)) == (ImportStatus.CHECKED, 266, [])
    assert statuses(batch) == [RowStatus.VALID] * 266
    assert (Nomination.objects.count(), Talent.objects.count()) == (0, 0)


def test_import_takes_the_people_of_the_sample(nominator: User) -> None:
    # `make demo-once` takes all of them.
    book = load_workbook(SAMPLES / "nominations.xlsx")
    book.active.delete_rows(SOME + 2, book.active.max_row)
    with (SAMPLES / "evidence.zip").open("rb") as files:
        batch = import_it(nominator, as_file(book), files)

    nominations = batch.nominations.all()
    assert (batch.row_count, nominations.count(), Talent.objects.count()) == (SOME, SOME, SOME)
    assert set(nominations.values_list("status", flat=True)) == {NominationStatus.SUBMITTED}
    assert len(set(nominations.values_list("number", flat=True))) == SOME
    assert Document.objects.count() == 6
    assert Evidence.objects.count() == SOME
    events = Message.objects.values_list("event", flat=True)
    assert list(events).count("nomination.nominee_told") == SOME
    assert list(events).count("nomination.batch_submitted") == 1


def test_import_tells_each_officer_once(nominator: User, preliminary_reviewer: User) -> None:
    import_it(nominator, sheet(row(), row(identity_number=resident_number(2), name="示例乙")))

    messages = Message.objects.filter(recipient=preliminary_reviewer)
    assert [(message.event, message.params) for message in messages] == [("nomination.batch_waits", {"count": "2"})]


def test_check_says_everything_that_is_wrong_and_nominates_nobody(nominator: User) -> None:
    expected = json.loads((SAMPLES / "faulty.expected.json").read_text())

    with (SAMPLES / "faulty.xlsx").open("rb") as rows, (SAMPLES / "faulty-evidence.zip").open("rb") as files:
        batch = send(nominator, rows, files)

    found = [{"row": row, "field": field, "code": code} for row, field, code in faults_of(batch)]
    assert found == expected
    assert statuses(batch) == ["valid"] + ["invalid"] * len(expected)
    assert batch.status == ImportStatus.CHECKED
    assert (Nomination.objects.count(), Talent.objects.count()) == (0, 0)


def test_apply_takes_the_good_rows_and_leaves_the_others_behind(nominator: User) -> None:
    with (SAMPLES / "faulty.xlsx").open("rb") as rows, (SAMPLES / "faulty-evidence.zip").open("rb") as files:
        batch = import_it(nominator, rows, files)

    assert batch.status == ImportStatus.APPLIED
    assert batch.nominations.get().status == NominationStatus.SUBMITTED
    assert batch.rows.filter(status=RowStatus.INVALID).count() == len(statuses(batch)) - 1
    # What is not needed any more is gone: the sheet once read, the archive once applied.
    assert (batch.sheet, batch.archive) == (None, None)


def test_import_reads_words_dates_and_columns_as_people_write_them(nominator: User) -> None:
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


def test_import_links_the_employer_by_its_credit_code(nominator: User) -> None:
    nominator.organisation.credit_code = "91120116MA00000000"
    nominator.organisation.save()

    batch = import_it(nominator, sheet(row(employer_code="91120116MA00000000")))

    assert batch.nominations.get().employer == nominator.organisation


def test_import_finds_people_who_are_nominated_or_known_by_another_name(nominator: User) -> None:
    nominee = nominee_input()
    make_submitted(nominator, nominee=nominee)
    drafted = nominee_input()
    make_draft(nominator, nominee=drafted)
    rows = [
        row(name=nominee.name, identity_number=nominee.identity.number),
        row(name=drafted.name, identity_number=drafted.identity.number),
        row(name="冒名", identity_number=drafted.identity.number, email="two@example.com"),
    ]

    assert faults_of(send(nominator, sheet(*rows[:2]))) == [
        (2, "identity_number", "person_has_live_nomination"),
        (3, "identity_number", "draft_exists"),
    ]
    assert faults_of(send(nominator, sheet(rows[2]))) == [(2, "identity_number", "identity_mismatch")]


def test_import_sends_the_account_to_the_address_in_the_sheet(nominator: User, other_nominator: User) -> None:
    drafted = nominee_input(email="other@example.com")
    make_draft(other_nominator, nominee=drafted)

    import_it(nominator, sheet(row(name=drafted.name, identity_number=drafted.identity.number)))

    talent = Talent.objects.get()
    assert talent.user is not None
    assert (talent.email, talent.user.email) == ("one@example.com", "one@example.com")


def test_apply_refuses_the_row_whose_person_was_nominated_meanwhile(nominator: User, other_nominator: User) -> None:
    nominee = nominee_input()
    batch = send(nominator, sheet(row(), row(name=nominee.name, identity_number=nominee.identity.number)))
    make_submitted(other_nominator, nominee=nominee)

    operations.apply_import(actor=nominator, batch=batch, at=NOW)
    work()

    assert statuses(batch) == ["applied", "failed"]
    assert faults_of(batch) == [(3, "identity_number", "person_has_live_nomination")]
    assert Nomination.objects.count() == 2


def test_the_same_sheet_again_is_known(nominator: User) -> None:
    rows = [row(), row(name="示例乙", identity_number=resident_number(2), phone="+44 7700 900001")]
    first = import_it(nominator, sheet(*rows))

    spelled = [rows[0] | {"identity_number": " ".join(resident_number(1))}, rows[1] | {"phone": "+44-7700-900001"}]
    again = send(nominator, sheet(*spelled, above=1), archive())

    assert statuses(again) == ["known", "known"]
    assert set(again.rows.values_list("nomination", flat=True)) == set(first.nominations.values_list("pk", flat=True))
    with pytest.raises(NothingToApply):
        operations.apply_import(actor=nominator, batch=again, at=NOW)


def test_a_corrected_sheet_applies_only_what_is_new(nominator: User) -> None:
    good, wrong = row(), row(name="示例乙", identity_number=resident_number(2), tier="Z")
    import_it(nominator, sheet(good, wrong))

    batch = import_it(nominator, sheet(good, wrong | {"tier": "B"}))

    assert statuses(batch) == ["known", "applied"]
    assert Nomination.objects.count() == 2


def test_a_withdrawn_nomination_may_be_sent_again(nominator: User) -> None:
    nomination = import_it(nominator, sheet(row())).nominations.get()
    operations.withdraw(actor=nominator, nomination=nomination, at=NOW)

    assert statuses(import_it(nominator, sheet(row()))) == ["applied"]


def test_two_sheets_with_the_same_row_make_one_nomination(nominator: User) -> None:
    batches = [send(nominator, sheet(row())) for _ in range(2)]
    for batch in batches:
        operations.apply_import(actor=nominator, batch=batch, at=NOW)
    work()

    assert sorted(statuses(batch) for batch in batches) == [["applied"], ["known"]]
    assert Nomination.objects.count() == 1


def test_apply_asked_for_twice_happens_once(nominator: User) -> None:
    batch = send(nominator, sheet(row()))
    for _ in range(2):
        operations.apply_import(actor=nominator, batch=batch, at=NOW)
    work()
    operations.apply_import(actor=nominator, batch=batch, at=NOW)
    work()

    assert Nomination.objects.count() == 1
    assert Message.objects.filter(event="nomination.batch_submitted").count() == 1


def test_apply_waits_for_the_check(nominator: User, outsider: User) -> None:
    batch = send(nominator, sheet(row()))
    ImportBatch.objects.update(status=ImportStatus.CHECKING)
    with pytest.raises(operations.ImportNotChecked):
        operations.apply_import(actor=nominator, batch=batch, at=NOW)
    with pytest.raises(NotAllowed):
        operations.apply_import(actor=outsider, batch=batch, at=NOW)


def test_import_needs_its_columns(nominator: User) -> None:
    fields = [name for name in HEADINGS if name not in ("tier", "evidence")]

    assert refused(nominator, sheet(row(), fields=fields)) == [
        ("tier", "column_missing"),
        ("evidence", "column_missing"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not a workbook", "headings_missing"),
        (b"", "headings_missing"),
        (b"PK not a workbook", "sheet_unreadable"),
        (b"\xd0\xcf\x11\xe0 old", "sheet_unreadable"),
        (b"\x00\x01\x02", "encoding_unknown"),
        ("姓名,Größe".encode("latin-1", "replace") + b"\xe9,", "encoding_unknown"),
        (archive(letter=PDF).getvalue(), "sheet_unreadable"),
        (b"x" * (10 * 1024 * 1024 + 1), "sheet_too_large"),
        (sheet().getvalue(), "sheet_empty"),
    ],
)
def test_import_refuses_what_is_no_sheet(nominator: User, content: bytes, code: str) -> None:
    assert refused(nominator, io.BytesIO(content)) == [("sheet", code)]


def _repacked(extra: dict[str, bytes]) -> io.BytesIO:
    saved = io.BytesIO()
    with zipfile.ZipFile(sheet(row())) as source, zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as target:
        parts = {name: source.read(name) for name in source.namelist()} | extra
        for name, content in parts.items():
            target.writestr(name, content)
    saved.seek(0)
    return saved


def test_import_refuses_a_bomb_in_the_workbook(nominator: User) -> None:
    bomb = _repacked({"xl/media/zeros.bin": bytes(70 * 1024 * 1024)})

    assert refused(nominator, bomb) == [("sheet", "sheet_too_large")]


@pytest.mark.parametrize("cell", ["A1048576", "XFD2"])
def test_import_refuses_a_table_that_unfolds(nominator: User, cell: str) -> None:
    book = Workbook()
    book.active.append([" ".join(each) for each in HEADINGS.values()])
    book.active[cell] = "far away"

    assert refused(nominator, as_file(book)) == [("sheet", "too_many_rows")]


def test_reading_stops_at_too_many_rows_and_keeps_none(nominator: User) -> None:
    batch = send(nominator, sheet(*[row()] * 5001))

    assert (batch.status, batch.row_count, batch.rows.count()) == (ImportStatus.FAILED, 0, 0)
    assert [(fault["field"], fault["code"]) for fault in batch.errors] == [("sheet", "too_many_rows")]
    assert batch.sheet is None


def test_import_refuses_what_is_no_archive(nominator: User) -> None:
    assert refused(nominator, sheet(row()), io.BytesIO(b"no archive")) == [("archive", "archive_unreadable")]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (archive(other=PDF), "evidence_missing"),
        (archive(letter=b"text"), "file_type_mismatch"),
        (archive(letter=b""), "file_empty"),
        (archive(**{"a/letter": PDF, "b/letter": PDF}), "evidence_ambiguous"),
        (archive(letter=PDF + bytes(11 * 1024 * 1024)), "file_too_large"),
    ],
)
def test_check_finds_bad_evidence(nominator: User, files: io.BytesIO, code: str) -> None:
    batch = send(nominator, sheet(row()), files)

    assert faults_of(batch) == [(2, "evidence", code)]
    (fault,) = batch.rows.get().errors
    assert "letter" not in json.dumps(fault)
    assert "letter.pdf" in message_of(fault, ["letter.pdf"])


def test_import_is_for_nominators(outsider: User) -> None:
    with pytest.raises(NotAllowed):
        import_it(outsider, sheet(row()))

    assert Nomination.objects.count() == 0


def test_check_asks_the_same_number_of_queries_for_any_number_of_rows(nominator: User) -> None:
    counts = []
    for size in (1, 3):
        rows = [row(identity_number=resident_number(each), tier="Z") for each in range(size)]
        rules.may_nominate(nominator)  # the roles are read once for a user, whoever asks first
        with CaptureQueriesContext(connection) as context:
            send(nominator, sheet(*rows))
        counts.append(len(context))

    assert counts[0] == counts[1]
