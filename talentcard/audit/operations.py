"""Record what happens, and seal it so that tampering shows."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from talentcard.audit import merkle
from talentcard.audit.models import AuditEvent, Seal, SealedEvent
from talentcard.core import crypto
from talentcard.core.transactions import atomic_operation

BATCH = 5000


class LogTampered(Exception):
    """The log is not what was sealed; the message says where."""


def record(
    *, actor: AbstractBaseUser | None, action: str, target: models.Model, data: dict[str, Any] | None = None
) -> None:
    """Add an event to the log, in the caller's transaction.

    :param actor: who did it; None for the system itself
    :param data: ids, codes and numbers only, never personal data
    """
    record_each(actor=actor, action=action, targets=[(target, data or {})])


def record_each(
    *, actor: AbstractBaseUser | None, action: str, targets: Iterable[tuple[models.Model, dict[str, Any]]]
) -> None:
    """Add an event for each of several targets to the log, in the caller's transaction and in one statement.

    :param targets: what it was done to, each with its data: ids, codes and numbers only, never personal data
    """
    now = timezone.now()
    AuditEvent.objects.bulk_create(
        AuditEvent(
            id=uuid.uuid4(),
            at=now,
            actor_id=actor.pk if actor is not None else None,
            action=action,
            target_type=target._meta.label_lower,
            target_id=str(target.pk),
            data=data,
        )
        for target, data in targets
    )


@atomic_operation
def seal_events(*, at: dt.datetime) -> Seal | None:
    """Seal the events that no seal covers yet; return None if there are none.

    Which events those are is found by absence, not by a position in the log: transactions commit out of order.
    """
    # Lock the chain's end: two sealers would fork it. The unique number stops them where there is no row yet.
    last = Seal.objects.select_for_update().order_by("-number").first()
    events = list(AuditEvent.objects.filter(sealed=None).order_by("at", "id")[:BATCH])
    if not events:
        return None
    seal = Seal(
        number=last.number + 1 if last else 1,
        size=len(events),
        root=merkle.root([merkle.leaf_hash(canonical(event)) for event in events]),
        previous=seal_hash(last) if last else bytes(32),
        sealed_at=at,
    )
    seal.signature = _private_key().sign(statement(seal))
    seal.save()
    SealedEvent.objects.bulk_create(
        [SealedEvent(event=event, seal=seal, position=position) for position, event in enumerate(events)]
    )
    return seal


def verify_log(*, public_key: Ed25519PublicKey | None = None) -> int:
    """Check every seal, the chain between them and every sealed event; return how many events were checked.

    :raises LogTampered: at the first thing that is not as it was sealed
    """
    key = public_key or _private_key().public_key()
    previous, checked = bytes(32), 0
    for number, seal in enumerate(Seal.objects.order_by("number"), start=1):
        if seal.number != number:
            raise LogTampered(f"seal {number} is missing")
        if bytes(seal.previous) != previous:
            raise LogTampered(f"seal {number} does not follow the one before it")
        events = AuditEvent.objects.filter(sealed__seal=seal).order_by("sealed__position")
        _verify_seal(seal, events, key)
        previous = seal_hash(seal)
        checked += seal.size
    return checked


def _verify_seal(seal: Seal, events: Iterable[AuditEvent], key: Ed25519PublicKey) -> None:
    try:
        key.verify(bytes(seal.signature), statement(seal))
    except InvalidSignature as error:
        raise LogTampered(f"the signature of seal {seal.number} is wrong") from error
    leaves = [merkle.leaf_hash(canonical(event)) for event in events]
    if len(leaves) != seal.size:
        raise LogTampered(f"seal {seal.number} covers {seal.size} events, {len(leaves)} are there")
    if merkle.root(leaves) != bytes(seal.root):
        raise LogTampered(f"an event under seal {seal.number} was changed")


def canonical(event: AuditEvent) -> bytes:
    """Return the bytes of an event that are sealed: JSON with sorted keys and no spaces."""
    return json.dumps(
        {
            "id": str(event.pk),
            "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "actor": str(event.actor_id) if event.actor_id else None,
            "action": event.action,
            "target": [event.target_type, event.target_id],
            "data": event.data,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def statement(seal: Seal) -> bytes:
    """Return the bytes a seal signs."""
    sealed_at = seal.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    head = f"talentcard-seal-v1\n{seal.number}\n{seal.size}\n{sealed_at}\n".encode()
    return head + bytes(seal.root) + bytes(seal.previous)


def seal_hash(seal: Seal) -> bytes:
    """Return the hash by which the next seal refers to this one."""
    return hashlib.sha256(statement(seal) + bytes(seal.signature)).digest()


def _private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(crypto.load_key(settings.AUDIT_SIGNING_KEY, name="AUDIT_SIGNING_KEY"))
