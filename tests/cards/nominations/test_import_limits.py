"""What the rows of a sheet run into when they are applied: quotas, viruses, too much evidence; each its own fault."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from cards.nominations import operations
from cards.nominations.choices import ImportStatus
from cards.nominations.models import ImportBatch, ImportedFile, Nomination, NominatorProfile, NominatorYear
from cards.nominations.operations import applying
from samples.evidence import pdf
from talentcard.accounts.models import User
from talentcard.documents.models import Document
from talentcard.documents.scanner import ScannerUnavailable
from tests import clamd
from tests.cards.nominations.test_imports import archive, faults_of, import_it, row, send, sheet, statuses, work
from tests.clamd import EICAR, Clamd
from tests.factories.nominations import PDF, make_policy, resident_number

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _policy(db: None) -> None:
    make_policy()


@pytest.fixture
def scanner(settings: Any) -> Iterator[Clamd]:
    with clamd.running() as running:
        settings.CLAMAV_URL, settings.CLAMAV_TIMEOUT = running.url, 2
        yield running


def rows(count: int, **changes: object) -> io.BytesIO:
    return sheet(*(row(name=f"示例{each}", identity_number=resident_number(each), **changes) for each in range(count)))


def test_rows_beyond_the_quota_are_refused_and_the_others_stand(nominator: User) -> None:
    NominatorProfile.objects.update(yearly_quota=2)

    batch = import_it(nominator, rows(3))

    assert (batch.status, statuses(batch)) == (ImportStatus.APPLIED, ["applied", "applied", "failed"])
    assert faults_of(batch) == [(4, "", "quota_used_up")]
    assert Nomination.objects.count() == NominatorYear.objects.get().used == 2


def test_a_row_the_quota_refused_is_applied_by_the_next_sheet(nominator: User) -> None:
    NominatorProfile.objects.update(yearly_quota=1)
    import_it(nominator, rows(2))
    NominatorProfile.objects.update(yearly_quota=2)

    assert statuses(import_it(nominator, rows(2))) == ["known", "applied"]


def test_page_says_that_the_quota_has_no_room_for_all(nominator: User, login: Any) -> None:
    NominatorProfile.objects.update(yearly_quota=2)
    fits, exceeds = (send(nominator, rows(count)) for count in (2, 3))

    answers = [login(nominator).get(batch.get_absolute_url()).context["quota_warning"] for batch in (fits, exceeds)]

    assert answers == ["", "贵单位本年度还可提交 2 件举荐，超出的行将不予受理。"]


def test_an_infected_file_refuses_the_rows_that_name_it_and_no_other(nominator: User, scanner: Clamd) -> None:
    infected = sheet(
        row(evidence="bad.pdf"),
        row(name="示例乙", identity_number=resident_number(2)),
        row(name="示例丙", identity_number=resident_number(3), evidence="letter.pdf;bad.pdf"),
    )

    batch = import_it(nominator, infected, archive(letter=PDF, bad=PDF + EICAR))

    assert (batch.status, statuses(batch)) == (ImportStatus.APPLIED, ["failed", "applied", "failed"])
    assert faults_of(batch) == [(2, "evidence", "file_infected"), (4, "evidence", "file_infected")]
    # Heard of once, however many rows name it.
    assert len([content for content in scanner.heard if EICAR in content]) == 1
    assert (Nomination.objects.count(), ImportedFile.objects.count(), Document.objects.count()) == (1, 1, 1)


def test_a_scanner_that_is_away_refuses_no_row(nominator: User, scanner: Clamd) -> None:
    batch = send(nominator, rows(1))
    operations.apply_import(actor=nominator, batch=batch, at=NOW)
    scanner.answer = b"\0"

    with pytest.raises(ScannerUnavailable):
        applying.apply_rows(batch_id=batch.pk, after=0, at=NOW)

    assert (statuses(batch), Nomination.objects.count(), Document.objects.filter(pk=batch.archive_id).count()) == (
        ["valid"],
        0,
        1,
    )
    scanner.answer = None
    work()
    assert statuses(batch) == ["applied"]


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [
        ("DOCUMENTS_PER_CASE", 1, "too_many_documents"),
        ("DOCUMENTS_PER_CASE_BYTES", len(PDF) + 1, "documents_too_large"),
    ],
)
def test_check_bounds_the_evidence_of_each_row(
    nominator: User, settings: Any, limit: str, value: int, code: str
) -> None:
    setattr(settings, limit, value)
    one = row(name="示例乙", identity_number=resident_number(2))

    batch = send(nominator, sheet(row(evidence="letter.pdf;other.pdf"), one), archive(letter=PDF, other=pdf(["2"])))

    assert faults_of(batch) == [(2, "evidence", code)]
    assert statuses(batch) == ["invalid", "valid"]


def test_check_finds_a_pdf_that_does_something(nominator: User) -> None:
    active = PDF.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (x) >>", 1)

    assert faults_of(send(nominator, rows(1), archive(letter=active))) == [(2, "evidence", "pdf_active_content")]


def test_whoever_left_the_organisation_applies_nothing_more(
    nominator: User, other_nominator: User, run_outbox: Callable[[], int]
) -> None:
    batch = send(nominator, rows(1))
    operations.apply_import(actor=nominator, batch=batch, at=NOW)
    User.objects.filter(pk=nominator.pk).update(organisation=other_nominator.organisation)

    work()

    assert (statuses(batch), faults_of(batch)) == (["failed"], [(2, "", "not_allowed")])
    assert not Nomination.objects.exists()


def test_list_of_imports_is_the_own_organisations(
    nominator: User, other_nominator: User, outsider: User, api_for: Any, django_assert_num_queries: Any
) -> None:
    paths = "/api/v1/nominations/imports/"
    client = api_for(nominator)
    for count in (1, 3):
        while ImportBatch.objects.count() < count:
            send(nominator, rows(1))
        # Session, user, roles; count and page.
        with django_assert_num_queries(5):
            answer = client.get(paths)
        assert [each["status"] for each in answer.data["results"]] == ["checked"] * count

    assert api_for(other_nominator).get(paths).data["results"] == []
    assert api_for(outsider).get(paths).status_code == 403
