"""Decisions in writing: numbers, frozen text, who reads them, and the PDF."""

import datetime as dt
import io
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pypdf
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from talentcard.accounts.models import Organisation, User
from talentcard.audit.models import AuditEvent
from talentcard.casework import decision_kinds
from talentcard.casework.decision_kinds import DecisionKind
from talentcard.casework.decision_texts import DecisionText, fingerprint
from talentcard.casework.models import DecisionAddressee, DecisionDocument
from talentcard.casework.operations import issue_decision, read_decision
from talentcard.casework.pdf import decision_pdf
from talentcard.core.errors import NotAllowed
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory
from tests.talentcard.casework.conftest import MONDAY

KIND = "tests.decision"
NASTY = '#panic("x") $a^2$ \\ ] [ @ref <tag> *b* _i_ `q` // no /* no */ "q" = h'
RARE = "买买提·吐尔逊 䶮㛃喆堃犇 𬭎"

Issue = Callable[..., DecisionDocument]


@pytest.fixture
def readers() -> Iterator[set[Any]]:
    """Register a kind of decision; return the ids of those who read all of its documents."""
    ids: set[Any] = set()
    decision_kinds.register(
        DecisionKind(
            slug=KIND,
            prefix="TT",
            title="Test decision",
            url=lambda subject_id: f"/subjects/{subject_id}/",
            may_read=lambda user, _subject_id: user.pk in ids,
        )
    )
    yield ids
    del decision_kinds._kinds[KIND]


def write(**changes: Any) -> Callable[[], DecisionText]:
    def in_active_language() -> DecisionText:
        fields: dict[str, Any] = {
            "title": "Decision" if translation.get_language() == "en" else "决定书",
            "office": "市人社局",
            "addressees": ("示例单位",),
            "outcome": "予以认定。",
            "facts": (("姓名", RARE),),
            "reasons": ("经审核。",),
            "ground": "《示例条例》",
            "remedies": ("可以申请行政复议。",),
        }
        return DecisionText(**fields | changes)

    return in_active_language


@pytest.fixture
def issue(db: None, readers: set[Any], officer: User) -> Issue:
    """Return a function that issues a decision."""

    def make(**details: Any) -> DecisionDocument:
        defaults = {
            "actor": officer,
            "kind": KIND,
            "subject_id": uuid.uuid4(),
            "subject_number": "T001",
            "fact_id": uuid.uuid4(),
            "addressees": [],
            "write": write(),
            "at": MONDAY,
        }
        return issue_decision(**defaults | details)

    return make


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_numbers_count_by_kind_and_year(issue: Issue) -> None:
    numbers = [issue().number, issue().number, issue(at=MONDAY + dt.timedelta(days=365)).number]

    assert numbers == ["TT2026-000001", "TT2026-000002", "TT2027-000001"]


def test_same_fact_gives_the_same_document(issue: Issue) -> None:
    fact = uuid.uuid4()

    first, second = issue(fact_id=fact), issue(fact_id=fact, write=write(outcome="不予认定。"))

    assert first == second
    assert DecisionDocument.objects.count() == 1
    assert AuditEvent.objects.filter(action="decision.issued").count() == 1


def test_text_is_frozen_in_both_languages_and_hashed(issue: Issue) -> None:
    document = DecisionDocument.objects.get(pk=issue().pk)

    assert (document.text("zh-hans").title, document.text("en").title) == ("决定书", "Decision")
    assert document.text("en").facts == (("姓名", RARE),)
    assert document.content_sha256 == fingerprint(document.content)
    assert json.loads(document.content)["number"] == document.number


def test_content_is_encrypted_and_the_log_knows_nothing_of_it(issue: Issue) -> None:
    document = issue()

    stored = bytes(DecisionDocument.objects.filter(pk=document.pk).values_list("content", flat=True)[0].data)

    assert RARE.encode() not in stored
    assert RARE not in json.dumps(list(AuditEvent.objects.values_list("data", flat=True)), ensure_ascii=False)


@pytest.mark.parametrize("change", ["update", "delete"])
@pytest.mark.parametrize("model", [DecisionDocument, DecisionAddressee])
def test_database_refuses_to_change_or_delete(issue: Issue, officer: User, model: type[Any], change: str) -> None:
    issue(addressees=[officer])
    rows = model.objects.all()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if change == "delete":
            rows._raw_delete(rows.db)
        elif model is DecisionDocument:
            rows.update(number="X")
        else:
            rows.update(user=officer)

    assert DecisionDocument.objects.get().number == "TT2026-000001"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_of_their_own(issue: Issue) -> None:
    numbers = at_once([lambda: issue().number for _ in range(6)])

    assert sorted(numbers) == [f"TT2026-00000{serial}" for serial in range(1, 7)]


def test_page_api_and_pdf_are_for_addressees_and_readers(
    issue: Issue,
    readers: set[Any],
    office: Organisation,
    outsider: User,
    login: Callable[[User], Client],
    api_for: Callable[[User], APIClient],
) -> None:
    addressee, reader, colleague = UserFactory(), UserFactory(), UserFactory(organisation=office)
    readers.add(reader.pk)
    document = issue(addressees=[addressee, office])
    pages = [reverse(f"casework:decision-{name}", args=[document.pk]) for name in ("detail", "pdf")]
    endpoints = [reverse(f"api-decision-{name}", args=[document.pk]) for name in ("detail", "pdf")]
    before = AuditEvent.objects.count()

    refused = [login(user).get(path).status_code for user in (outsider, colleague) for path in pages]
    refused += [api_for(user).get(path).status_code for user in (outsider, colleague) for path in endpoints]

    assert refused == [404] * 8
    assert AuditEvent.objects.count() == before
    for user in (addressee, reader):
        assert [login(user).get(path).status_code for path in pages] == [200, 200]
        assert [api_for(user).get(path).status_code for path in endpoints] == [200, 200]
    read = AuditEvent.objects.filter(action="decision.read", target_id=str(document.pk))
    assert sorted(each.data["form"] for each in read) == sorted(["page", "pdf", "json", "pdf"] * 2)
    assert {each.actor_id for each in read} == {addressee.pk, reader.pk}


def test_nobody_reads_without_signing_in(issue: Issue, client: Client, api: APIClient) -> None:
    document = issue()

    assert client.get(document.get_absolute_url()).status_code == 302
    assert client.get(reverse("casework:decision-pdf", args=[document.pk])).status_code == 302
    assert api.get(reverse("api-decision-pdf", args=[document.pk])).status_code in (401, 403)


def test_operation_refuses_outsiders(issue: Issue, outsider: User) -> None:
    with pytest.raises(NotAllowed):
        read_decision(actor=outsider, document=issue(), form="page")


def test_page_shows_the_text_in_the_readers_language_and_escapes_it(
    issue: Issue, login: Callable[[User], Client]
) -> None:
    user = UserFactory()
    document = issue(addressees=[user], write=write(reasons=("<script>alert(1)</script>",)))
    path = document.get_absolute_url()

    chinese = login(user).get(path, headers={"Accept-Language": "zh-hans"}).content.decode()
    english = login(user).get(path, headers={"Accept-Language": "en"}).content.decode()

    assert "决定书" in chinese
    assert "Decision" in english
    assert "<script>alert" not in chinese
    assert document.number in chinese
    assert document.content_sha256 in chinese


def test_pdf_is_served_privately(issue: Issue, api_for: Callable[[User], APIClient]) -> None:
    user = UserFactory()
    document = issue(addressees=[user])

    response = api_for(user).get(reverse("api-decision-pdf", args=[document.pk]), {"language": "en"})

    assert response.content.startswith(b"%PDF-")
    assert "Decision" in text_of(response.content)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{document.number}.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pdf_says_everything_with_real_glyphs_and_runs_nothing(issue: Issue, language: str) -> None:
    document = issue(write=write(reasons=(NASTY,), addressees=(RARE, NASTY), outcome=NASTY))

    content = decision_pdf(document, language=language)

    said = text_of(content).replace("\n", "").replace(" ", "")
    for text in (RARE, NASTY, document.number, document.content_sha256, "市人社局"):
        assert text.replace(" ", "") in said.replace("\u200b", "")
    assert not list(missing_glyphs(content))


def missing_glyphs(content: bytes) -> Iterator[str]:
    """Yield the texts that a PDF shows as empty boxes: glyph 0 of its font."""
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        stream = pypdf.generic.ContentStream(page.get_contents(), page.pdf)
        for operands, operator in stream.operations:
            pieces = operands[0] if operator == b"TJ" else operands if operator == b"Tj" else []
            for piece in pieces:
                if isinstance(piece, (bytes, str)):
                    codes = piece.original_bytes if isinstance(piece, str) else piece
                    if any(codes[at : at + 2] == b"\0\0" for at in range(0, len(codes), 2)):
                        yield page.extract_text()


def test_pdf_of_a_document_is_the_same_byte_for_byte(issue: Issue) -> None:
    document = issue()
    other = issue()

    contents = {decision_pdf(document, language="zh-hans") for _ in range(3)}

    assert len(contents) == 1
    assert decision_pdf(other, language="zh-hans") not in contents


def test_long_reasons_go_on_over_pages_and_words_without_end_stay_on_them(issue: Issue) -> None:
    document = issue(write=write(reasons=(*["经审核，材料不符合要求。" * 20] * 20, "x" * 2000)))

    content = decision_pdf(document, language="zh-hans")

    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) > 2
    assert text_of(content).count("x") >= 2000


def test_two_kinds_of_one_name_or_prefix_are_refused(readers: set[Any]) -> None:
    kind = decision_kinds.get(KIND)

    with pytest.raises(ValueError, match="two kinds"):
        decision_kinds.register(kind)
