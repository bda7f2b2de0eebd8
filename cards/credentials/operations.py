"""Make and rotate keys, sign codes, hand out places in the status lists and change what they say."""

import base64
import datetime as dt
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from talentcard_verifier import codec, cose

from cards.credentials.choices import KeyStatus, StatusValue
from cards.credentials.models import SigningKey, StatusEntry, StatusList
from cards.credentials.permutation import permute
from cards.credentials.queries import status_list_address
from talentcard.audit.operations import record
from talentcard.core.transactions import atomic_operation
from talentcard.outbox.operations import enqueue

# A million codes a list: 256 KiB unpacked, so a desk fetches few lists and each code hides among many.
LIST_SIZE_BITS = 20
SECRET_BYTES = 32

# Decrypting a key costs more than a signature. An id is a hash of the public half, so an entry is never wrong.
_private_keys: dict[str, Ed25519PrivateKey] = {}


def ensure_signing_key(*, at: dt.datetime) -> SigningKey:
    """Return the key that signs; make one if there is none."""
    active = SigningKey.objects.filter(status=KeyStatus.ACTIVE).first()
    return active if active is not None else _create_first_key(at=at)


@atomic_operation
def rotate_signing_key(*, actor: AbstractBaseUser | None, at: dt.datetime) -> SigningKey:
    """Retire the key that signs and make its successor; what the old one signed goes on counting."""
    active = SigningKey.objects.select_for_update().filter(status=KeyStatus.ACTIVE).first()
    if active is not None:
        active.status = KeyStatus.RETIRED
        # Codes keep whole seconds: one signed in this very second is still from before the end.
        active.valid_until = at.replace(microsecond=0) + dt.timedelta(seconds=1)
        active.save(update_fields=["status", "valid_until", "updated_at"])
        record(actor=actor, action="signing_key.retired", target=active, data={"kid": active.kid})
    return _create_key(actor=actor, at=at)


@atomic_operation
def allocate_statuses(*, count: int) -> list[StatusEntry]:
    """Return places that no code ever had, in the current list and, when that is full, in another one."""
    entries: list[StatusEntry] = []
    while len(entries) < count:
        status_list = _current_list()
        secret = base64.b64decode(status_list.secret)
        first = status_list.allocated
        status_list.allocated = min(first + count - len(entries), 1 << status_list.size_bits)
        status_list.save(update_fields=["allocated", "updated_at"])
        indexes = (permute(secret, serial, status_list.size_bits) for serial in range(first, status_list.allocated))
        entries += [StatusEntry(status_list=status_list, index=index) for index in indexes]
    return StatusEntry.objects.bulk_create(entries)


def sign_code(
    *,
    key: SigningKey,
    card_number: str,
    tier: str,
    display_name: str,
    expires_at: dt.datetime,
    entry: StatusEntry,
    at: dt.datetime,
) -> str:
    """Return the text of a signed code.

    :param key: the active key, from `ensure_signing_key`
    :param display_name: within the length that a code has for it, see `names.bound_display_name`
    :raises InvalidClaims: if a value is missing, too long or out of range
    """
    claims = codec.CardClaims(
        issuer=settings.CODE_ISSUER,
        issued_at=at,
        expires_at=expires_at,
        status_list_uri=status_list_address(entry.status_list.number),
        status_index=entry.index,
        card_number=card_number,
        tier=tier,
        display_name=display_name,
    )
    return codec.encode(claims, private_key(key).sign, bytes.fromhex(key.kid))


@atomic_operation
def set_status(*, entry: StatusEntry, value: StatusValue, at: dt.datetime) -> StatusEntry:
    """Change what the published list says of a code, and have the list published; no change does nothing."""
    # Lock the list first: its versions are committed in their order, so a publisher misses none.
    status_list = StatusList.objects.select_for_update().defer("secret").get(pk=entry.status_list_id)
    version = status_list.version + 1
    changed = StatusEntry.objects.filter(pk=entry.pk).exclude(value=value)
    if changed.update(value=value, changed_in=version, updated_at=at):
        StatusList.objects.filter(pk=status_list.pk).update(version=version, updated_at=at)
        # One task a change: the first to run publishes them all, and the others find nothing left to do.
        enqueue("credentials.publish_status_list", status_list_id=status_list.pk)
    entry.value = value
    return entry


def private_key(key: SigningKey) -> Ed25519PrivateKey:
    """Return the private half of a key, kept in memory once it was decrypted."""
    known = _private_keys.get(key.kid)
    if known is None:
        known = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.private_key))
        _private_keys[key.kid] = known
    return known


@atomic_operation
def _create_first_key(*, at: dt.datetime) -> SigningKey:
    try:
        # A savepoint: somebody else may make the first key at the same moment, and theirs counts.
        with transaction.atomic():
            return _create_key(actor=None, at=at)
    except IntegrityError:
        return SigningKey.objects.get(status=KeyStatus.ACTIVE)


def _create_key(*, actor: AbstractBaseUser | None, at: dt.datetime) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key = SigningKey.objects.create(
        kid=cose.key_id(public).hex(),
        public_key=public,
        private_key=base64.b64encode(private.private_bytes_raw()).decode(),
        valid_from=at,
    )
    record(actor=actor, action="signing_key.created", target=key, data={"kid": key.kid})
    return key


def _current_list() -> StatusList:
    """Return the list that has room, locked."""
    while True:
        last = StatusList.objects.select_for_update().order_by("-number").first()
        if last is not None and last.allocated < 1 << last.size_bits:
            return last
        try:
            # A savepoint: of two that find the list full at once, one makes the next and the other takes it.
            with transaction.atomic():
                _create_list(number=last.number + 1 if last else 1)
        except IntegrityError:
            continue


def _create_list(*, number: int) -> StatusList:
    status_list = StatusList.objects.create(
        number=number,
        size_bits=LIST_SIZE_BITS,
        secret=base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode(),
    )
    # Desks may ask for the list as soon as a code names it.
    enqueue("credentials.publish_status_list", status_list_id=status_list.pk)
    record(actor=None, action="status_list.created", target=status_list, data={"number": number})
    return status_list
