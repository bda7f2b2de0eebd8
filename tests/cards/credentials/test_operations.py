import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from talentcard_verifier import codec, cose

from cards.credentials import operations
from cards.credentials.choices import KeyStatus, StatusValue
from cards.credentials.models import SigningKey, StatusEntry, StatusList
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.outbox.models import Entry
from tests.concurrency import at_once
from tests.factories.credentials import allocate_status, make_code, published_keys

AT = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC)


def is_signed(code: str) -> bool:
    signed = codec.parse(code)
    key = published_keys().verify(kid=signed.kid, signature=signed.signature, message=signed.to_be_signed)
    return key.may_sign(issuer=signed.claims.issuer, at=signed.claims.issued_at)


@pytest.mark.django_db
def test_ensure_signing_key_makes_one_key_and_keeps_it() -> None:
    key = operations.ensure_signing_key(at=AT)

    assert operations.ensure_signing_key(at=AT) == key
    assert key.kid == cose.key_id(bytes(key.public_key)).hex()
    assert list(SigningKey.objects.values_list("status", flat=True)) == [KeyStatus.ACTIVE]


@pytest.mark.django_db
def test_private_key_is_encrypted_in_the_database() -> None:
    key = operations.ensure_signing_key(at=AT)

    with connection.cursor() as cursor:
        cursor.execute("SELECT private_key FROM credentials_signingkey")
        stored = bytes(cursor.fetchone()[0])

    assert key.private_key.encode() not in stored
    assert operations.private_key(SigningKey.objects.get()).public_key().public_bytes_raw() == bytes(key.public_key)


@pytest.mark.django_db
def test_rotate_signing_key_leaves_old_codes_verifiable(administrator: User) -> None:
    before = make_code(at=AT)

    new = operations.rotate_signing_key(actor=administrator, at=AT)
    after = make_code(at=AT)

    assert codec.parse(after).kid.hex() == new.kid != codec.parse(before).kid.hex()
    assert is_signed(before)
    assert is_signed(after)
    assert set(AuditEvent.objects.filter(actor_id=administrator.pk).values_list("action", flat=True)) == {
        "signing_key.retired",
        "signing_key.created",
    }


@pytest.mark.django_db
def test_retired_key_signs_nothing_later() -> None:
    operations.ensure_signing_key(at=AT)
    operations.rotate_signing_key(actor=None, at=AT + dt.timedelta(days=1))
    old = SigningKey.objects.get(status=KeyStatus.RETIRED)

    key = published_keys().verify(
        kid=bytes.fromhex(old.kid), signature=operations.private_key(old).sign(b"later"), message=b"later"
    )

    assert key.may_sign(issuer=key.issuer, at=AT)
    assert not key.may_sign(issuer=key.issuer, at=AT + dt.timedelta(days=2))


@pytest.mark.django_db
def test_revoked_key_is_not_published() -> None:
    key = operations.ensure_signing_key(at=AT)
    SigningKey.objects.filter(pk=key.pk).update(status=KeyStatus.REVOKED)

    with pytest.raises(ValueError, match=key.kid):
        published_keys().verify(kid=bytes.fromhex(key.kid), signature=b"", message=b"")


@pytest.mark.django_db
def test_sign_code_carries_the_claims(settings: Any) -> None:
    entry = allocate_status()

    claims = codec.parse(make_code(at=AT, entry=entry, tier="B", display_name="阿·买买提")).claims

    assert claims == codec.CardClaims(
        issuer=settings.CODE_ISSUER,
        issued_at=AT,
        expires_at=AT + dt.timedelta(days=365),
        status_list_uri=f"{settings.STATUS_LIST_BASE_URL}/status/1.cwt",
        status_index=entry.index,
        card_number="HH260000001N",
        tier="B",
        display_name="阿·买买提",
    )


@pytest.mark.django_db
def test_allocate_statuses_never_gives_an_index_twice_and_starts_another_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "LIST_SIZE_BITS", 4)

    entries = [allocate_status() for _ in range(33)]

    assert [entry.status_list.number for entry in entries] == [1] * 16 + [2] * 16 + [3]
    assert {entry.index for entry in entries[:16]} == set(range(16))
    assert {entry.value for entry in entries} == {StatusValue.VALID}


@pytest.mark.django_db
def test_allocate_statuses_has_a_new_list_published() -> None:
    allocate_status()
    allocate_status()

    assert Entry.objects.filter(task="credentials.publish_status_list").count() == 1


@pytest.mark.django_db
def test_set_status_counts_a_change_and_has_it_published() -> None:
    entry = allocate_status()
    Entry.objects.all().delete()

    operations.set_status(entry=entry, value=StatusValue.REVOKED, at=AT)

    assert StatusEntry.objects.get().value == StatusValue.REVOKED
    assert StatusList.objects.get().version == 2
    assert Entry.objects.get().kwargs == {"status_list_id": str(entry.status_list_id)}


@pytest.mark.django_db
def test_set_status_to_what_it_is_does_nothing() -> None:
    entry = allocate_status()
    Entry.objects.all().delete()

    operations.set_status(entry=entry, value=StatusValue.VALID, at=AT)

    assert StatusList.objects.get().version == 1
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_allocate_statuses_gives_different_places_to_those_who_ask_at_once() -> None:
    entries = at_once([allocate_status] * 8)

    assert len({(entry.status_list_id, entry.index) for entry in entries}) == 8
    assert StatusList.objects.get().allocated == 8


@pytest.mark.django_db(transaction=True)
def test_ensure_signing_key_gives_one_key_to_those_who_ask_at_once() -> None:
    keys = at_once([lambda: operations.ensure_signing_key(at=timezone.now())] * 4)

    assert {key.pk for key in keys} == {SigningKey.objects.get().pk}
