"""Documents of a case: bounded, handed out to those who may read them, each reading noted."""

import io
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from cards.nominations import operations
from cards.nominations.models import Evidence, Nomination
from cards.nominations.operations.evidence import DocumentsTooLarge, TooManyDocuments
from cards.nominations.operations.submission import submit
from samples.evidence import pdf
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.models import IdempotencyKey
from talentcard.documents.models import Document
from tests import clamd
from tests.clamd import EICAR, Clamd
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory
from tests.factories.nominations import PDF, make_draft, make_policy, upload

Login = Callable[[User], Client]
ApiFor = Callable[[User], APIClient]
OTHER_PDF = pdf(["Another letter"])


@pytest.fixture
def scanner(settings: Any) -> Iterator[Clamd]:
    with clamd.running() as running:
        settings.CLAMAV_URL, settings.CLAMAV_TIMEOUT = running.url, 2
        yield running


def photo(name: str = "奖状 “一等”.jpg") -> SimpleUploadedFile:
    out, tags = io.BytesIO(), Image.Exif()
    tags[0xA431] = "SERIAL-4711"
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", exif=tags)
    return SimpleUploadedFile(name, out.getvalue())


def attach(actor: User, nomination: Nomination, file: SimpleUploadedFile | None = None) -> Evidence:
    return operations.attach_evidence(actor=actor, nomination=nomination, upload=file or upload(), at=timezone.now())


def page(name: str, pk: object) -> str:
    return reverse(f"nominations:{name}", args=[pk])


def api_path(nomination: Nomination, evidence: Evidence | None = None) -> str:
    path = f"/api/v1/nominations/{nomination.pk}/evidence/"
    return f"{path}{evidence.pk}/" if evidence else path


def readings() -> list[tuple[str, dict[str, Any]]]:
    events = AuditEvent.objects.filter(action="document.read").order_by("at")
    return [(User.objects.get(pk=event.actor_id).username, event.data) for event in events]


def test_attach_evidence_stops_at_its_limit_and_keeps_no_file(
    draft: Nomination, nominator: User, settings: Any
) -> None:
    settings.DOCUMENTS_PER_CASE = 3
    for _ in range(2):
        attach(nominator, draft)

    with pytest.raises(TooManyDocuments) as caught:
        attach(nominator, draft)

    assert (caught.value.field, caught.value.params) == ("file", {"limit": 3})
    assert Document.objects.count() == 3


def test_attach_evidence_stops_at_the_size_of_all(draft: Nomination, nominator: User, settings: Any) -> None:
    settings.DOCUMENTS_PER_CASE_BYTES = len(PDF) + len(OTHER_PDF)
    attach(nominator, draft, upload(content=OTHER_PDF))

    with pytest.raises(DocumentsTooLarge) as caught:
        attach(nominator, draft)

    assert caught.value.field == "file"
    assert Document.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", ["DOCUMENTS_PER_CASE", "DOCUMENTS_PER_CASE_BYTES"])
def test_uploads_at_once_cannot_pass_a_limit(nominator: User, settings: Any, limit: str) -> None:
    make_policy()
    draft = make_draft(nominator)
    setattr(settings, limit, {"DOCUMENTS_PER_CASE": 4, "DOCUMENTS_PER_CASE_BYTES": 4 * len(PDF) + 10}[limit])

    def add() -> str:
        try:
            attach(User.objects.get(pk=nominator.pk), Nomination.objects.get(pk=draft.pk))
        except DomainError as error:
            return error.code
        return "added"

    answers = at_once([add] * 8)

    code = {"DOCUMENTS_PER_CASE": "too_many_documents", "DOCUMENTS_PER_CASE_BYTES": "documents_too_large"}[limit]
    assert sorted(answers) == ["added"] * 3 + [code] * 5
    assert (draft.evidence.count(), Document.objects.count()) == (4, 4)


def test_the_page_says_what_fits_and_how_much_is_left(
    draft: Nomination, nominator: User, login: Login, settings: Any
) -> None:
    settings.DOCUMENTS_PER_CASE, settings.DOCUMENT_MAX_BYTES = 2, 3 * 1024 * 1024
    client = login(nominator)
    client.cookies["django_language"] = "en"

    before = client.get(draft.get_absolute_url()).content.decode().replace("\xa0", " ")
    attach(nominator, draft)
    after = client.get(draft.get_absolute_url()).content.decode()

    assert "PDF, JPEG or PNG, 3.0 MB at most. Room left: 1 of 2 documents." in before
    assert "holds as many documents as one may" in after
    assert page("evidence-create", draft.pk) not in after


def test_the_page_says_why_a_document_is_one_too_many(
    draft: Nomination, nominator: User, login: Login, settings: Any
) -> None:
    settings.DOCUMENTS_PER_CASE = 1

    response = login(nominator).post(page("evidence-create", draft.pk), {"kind": "other", "file": upload()})

    assert response.status_code == 409
    assert response.context["evidence_form"].errors["file"]
    assert draft.evidence.count() == 1


def test_a_photo_is_stored_bare_and_shown_in_a_sandbox(draft: Nomination, nominator: User, login: Login) -> None:
    client = login(nominator)
    client.post(page("evidence-create", draft.pk), {"kind": "achievement", "file": photo()})
    evidence = Evidence.objects.get(document__media_type="image/jpeg")
    path = page("evidence-download", evidence.pk)

    shown, saved = client.get(path, {"inline": "1"}), client.get(path)

    content = b"".join(shown.streaming_content)
    assert b"SERIAL-4711" not in content
    assert content == b"".join(saved.streaming_content)
    name = f"filename*=utf-8''{quote('奖状 “一等”.jpg')}"
    assert (shown["Content-Disposition"], saved["Content-Disposition"]) == (f"inline; {name}", f"attachment; {name}")
    assert shown["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    for response in (shown, saved):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert f'href="{path}?inline=1"' in client.get(draft.get_absolute_url()).content.decode()


def test_a_pdf_is_a_download_even_when_asked_inline(draft: Nomination, nominator: User, login: Login) -> None:
    path = page("evidence-download", draft.evidence.get().pk)
    client = login(nominator)

    assert client.get(path, {"inline": "1"})["Content-Disposition"].startswith("attachment")
    assert "?inline=1" not in client.get(draft.get_absolute_url()).content.decode()


def test_each_reading_is_noted_by_page_and_api(
    submitted: Nomination,
    nominator: User,
    preliminary_reviewer: User,
    auditor: User,
    login: Login,
    api_for: ApiFor,
) -> None:
    evidence = submitted.evidence.get()
    path = page("evidence-download", evidence.pk)

    login(nominator).get(path)
    login(preliminary_reviewer).get(path, {"inline": "1"})
    api_for(auditor).get(api_path(submitted, evidence))
    api_for(auditor).get(api_path(submitted, evidence), {"inline": "1"})

    ids = {"nomination": str(submitted.pk), "evidence": str(evidence.pk)}
    assert readings() == [
        ("nominator", {**ids, "inline": False}),
        ("preliminary", {**ids, "inline": True}),
        ("auditor", {**ids, "inline": False}),
        ("auditor", {**ids, "inline": True}),
    ]
    assert set(AuditEvent.objects.filter(action="document.read").values_list("target_id", flat=True)) == {
        str(evidence.document_id)
    }


def test_who_may_not_read_leaves_no_note(
    submitted: Nomination, outsider: User, other_nominator: User, login: Login, api_for: ApiFor
) -> None:
    evidence = submitted.evidence.get()
    nominee = submitted.talent.user = UserFactory(username="nominee")
    submitted.talent.save()

    pages = [login(user).get(page("evidence-download", evidence.pk)) for user in (outsider, other_nominator, nominee)]
    answers = [api_for(user).get(api_path(submitted, evidence)) for user in (outsider, other_nominator, nominee)]

    assert [response.status_code for response in (*pages, *answers)] == [404, 404, 403, 404, 404, 403]
    assert readings() == []


def test_read_evidence_refuses_a_document_of_another_case(
    submitted: Nomination, policy: object, nominator: User
) -> None:
    other = make_draft(nominator)

    with pytest.raises(NotAllowed):
        operations.read_evidence(actor=nominator, nomination=other, evidence=submitted.evidence.get())


@pytest.mark.parametrize("key", ["", "key-1"])
def test_the_api_refuses_the_infected_and_notes_it_with_and_without_a_key(
    draft: Nomination, nominator: User, api_for: ApiFor, scanner: Clamd, key: str
) -> None:
    headers = {"Idempotency-Key": key} if key else {}

    answer = api_for(nominator).post(
        api_path(draft), {"file": upload(content=PDF + EICAR)}, format="multipart", headers=headers
    )

    assert (answer.status_code, answer.data["errors"][0]["code"]) == (400, "file_infected")
    assert (draft.evidence.count(), Document.objects.count(), IdempotencyKey.objects.count()) == (1, 1, 0)
    assert AuditEvent.objects.filter(action="document.infected", actor_id=nominator.pk).count() == 1


def test_api_and_page_answer_503_while_the_scanner_is_down(
    draft: Nomination, nominator: User, api_for: ApiFor, login: Login, settings: Any
) -> None:
    settings.CLAMAV_URL = "tcp://127.0.0.1:1"

    answer = api_for(nominator).post(api_path(draft), {"file": upload()}, format="multipart")
    response = login(nominator).post(page("evidence-create", draft.pk), {"kind": "other", "file": upload()})

    assert (answer.status_code, answer.data["code"]) == (503, "scanner_unavailable")
    assert response.status_code == 503
    assert (draft.evidence.count(), Document.objects.count()) == (1, 1)


def test_evidence_of_a_submitted_case_is_read_and_not_added_to(draft: Nomination, nominator: User) -> None:
    submit(actor=nominator, nomination=draft, at=timezone.now())
    draft.refresh_from_db()

    document = operations.read_evidence(actor=nominator, nomination=draft, evidence=draft.evidence.get())

    assert document.read() == PDF
