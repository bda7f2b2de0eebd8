import hashlib
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samples.evidence import pdf
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import InvalidInput
from talentcard.documents import checks
from talentcard.documents import scanner as client
from talentcard.documents.models import Document
from talentcard.documents.operations import store_document
from talentcard.documents.scanner import ScannerLimitExceeded, ScannerUnavailable
from tests.clamd import EICAR, Clamd

PDF = pdf(["A letter"])
INFECTED = PDF + EICAR


def upload(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("张三的身份证.pdf", content)


def test_find_virus_sends_the_whole_file_and_returns_the_verdict(scanner: Clamd) -> None:
    content = bytes(range(256)) * 1000

    assert client.find_virus(content) == ""
    assert client.find_virus(content + EICAR) == "Win.Test.EICAR_HDB-1"
    assert scanner.heard == [content, content + EICAR]
    assert scanner.commands == [b"zINSTREAM\0"] * 2


@pytest.mark.parametrize(
    "answer",
    [
        b"\0",
        b"stream: \0",
        b"stream: OK",  # cut off before its end
        b"stream: OK FOUNDATION\0",
        b"OK\0",
        b"UNKNOWN COMMAND\0",
        b"\xff\xfe\x00",
        b"x" * 100_000,
        b"stream: Can't allocate memory ERROR\0",
    ],
)
def test_find_virus_takes_nothing_else_for_a_verdict(scanner: Clamd, answer: bytes) -> None:
    scanner.answer = answer

    with pytest.raises(ScannerUnavailable):
        client.find_virus(PDF)


def test_a_virus_is_named_by_safe_characters_only(scanner: Clamd) -> None:
    scanner.answer = b"stream: <b>Bad\r\nName</b> FOUND\0"

    assert client.find_virus(PDF) == "_b_Bad__Name__b_"


def test_a_file_beyond_the_scanners_limit_is_told_apart(scanner: Clamd) -> None:
    scanner.limit = len(PDF) - 1

    with pytest.raises(ScannerLimitExceeded):
        client.find_virus(PDF)


def test_a_scanner_that_hangs_up_gives_no_verdict(scanner: Clamd) -> None:
    scanner.closes_after = 100_000

    with pytest.raises(ScannerUnavailable):
        client.find_virus(bytes(5_000_000))


def test_a_scanner_that_drips_its_answer_runs_out_of_time(scanner: Clamd, settings: Any) -> None:
    settings.CLAMAV_TIMEOUT = 0.5
    scanner.pause = 0.2
    began = time.monotonic()

    with pytest.raises(ScannerUnavailable):
        client.find_virus(PDF)

    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_nobody_there_gives_no_verdict(settings: Any, url: str) -> None:
    settings.CLAMAV_URL = url

    with pytest.raises(ScannerUnavailable):
        client.find_virus(PDF)


def test_store_document_refuses_the_infected_and_notes_it_without_the_name(scanner: Clamd, outsider: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        store_document(actor=outsider, upload=upload(INFECTED), field="evidence")

    assert [(error.field, error.code) for error in caught.value.errors] == [("evidence", "file_infected")]
    assert Document.objects.count() == 0
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("document.infected", outsider.pk)
    assert event.data == {
        "virus": "Win.Test.EICAR_HDB-1",
        "sha256": hashlib.sha256(INFECTED).hexdigest(),
        "size": len(INFECTED),
    }


def test_store_document_keeps_nothing_unscanned(scanner: Clamd, outsider: User) -> None:
    scanner.answer = b"nonsense\0"
    with pytest.raises(ScannerUnavailable) as caught:
        store_document(actor=outsider, upload=upload())
    scanner.answer, scanner.limit = None, 10
    with pytest.raises(InvalidInput) as too_large:
        store_document(actor=outsider, upload=upload())

    assert (caught.value.http_status, caught.value.code) == (503, "scanner_unavailable")
    assert too_large.value.errors[0].code == "file_not_scannable"
    assert Document.objects.count() == 0


def test_store_document_says_whether_it_was_scanned(scanner: Clamd, outsider: User, settings: Any) -> None:
    store_document(actor=outsider, upload=upload())
    settings.CLAMAV_URL = ""
    store_document(actor=outsider, upload=upload())

    events = AuditEvent.objects.filter(action="document.stored").order_by("at")
    assert [event.data["scanned"] for event in events] == [True, False]
    assert scanner.heard == [PDF]


def test_the_check_asks_the_scanner_and_warns(scanner: Clamd) -> None:
    assert checks.scanner_answers() == []
    assert scanner.commands == [b"zPING\0"]

    scanner.answer = b"PANG\0"
    assert [warning.id for warning in checks.scanner_answers()] == ["documents.W001"]


@pytest.mark.parametrize("url", ["127.0.0.1:3310", "tcp://", "tcp://host:port", "unix://run/clamd.ctl", "http://x"])
def test_the_check_refuses_a_malformed_address(settings: Any, url: str) -> None:
    settings.CLAMAV_URL = url

    assert [error.id for error in checks.scanner_has_an_address()] == ["documents.E001"]
    assert checks.scanner_answers() == []


def test_no_scanner_no_check(settings: Any) -> None:
    settings.CLAMAV_URL = ""

    assert checks.scanner_has_an_address() + checks.scanner_answers() == []
