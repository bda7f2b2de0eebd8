"""Codes that are not what they should be, made out of one that is."""

import datetime as dt
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from talentcard_verifier import base32, encode, key_id, parse

from cards.credentials.choices import KeyStatus, StatusValue
from cards.credentials.models import SigningKey, StatusEntry
from cards.issuance.choices import CardStatus, EditionStatus
from cards.issuance.models import CardEdition, TalentCard
from cards.verification.choices import Reason


def code_of(card: TalentCard) -> str:
    """Return the code of a card's active edition."""
    return CardEdition.objects.get(card=card, status=EditionStatus.ACTIVE).code


def forged(code: str) -> str:
    """Sign the same claims with another key under the city's key id."""
    signed = parse(code)
    return encode(signed.claims, Ed25519PrivateKey.generate().sign, signed.kid)


def of_a_stranger(code: str) -> str:
    """Sign the same claims with a stranger's key under its own id."""
    key = Ed25519PrivateKey.generate()
    return encode(parse(code).claims, key.sign, key_id(key.public_key().public_bytes_raw()))


def with_another_algorithm(code: str) -> str:
    """Say in the header that the signature is ES256."""
    return base32.encode(base32.decode(code).replace(b"\xa2\x01\x27", b"\xa2\x01\x26", 1))


def entry_of(card: TalentCard) -> StatusEntry:
    """Return the status entry of a card's active edition."""
    return StatusEntry.objects.get(edition__card=card, edition__status=EditionStatus.ACTIVE)


def _set_value(value: StatusValue) -> Callable[[TalentCard], None]:
    return lambda card: StatusEntry.objects.filter(pk=entry_of(card).pk).update(value=value) and None


def _set_card(status: CardStatus) -> Callable[[TalentCard], None]:
    return lambda card: TalentCard.objects.filter(pk=card.pk).update(status=status) and None


def _set_edition(status: EditionStatus) -> Callable[[TalentCard], None]:
    return lambda card: CardEdition.objects.filter(card=card).update(status=status) and None


def _move_entry(card: TalentCard) -> None:
    StatusEntry.objects.filter(pk=entry_of(card).pk).update(index=1_000_000)


def _withdraw_key(_card: TalentCard) -> None:
    key = SigningKey.objects.get(status=KeyStatus.ACTIVE)
    key.status = KeyStatus.REVOKED
    key.save()


def _end_key_before_the_code(_card: TalentCard) -> None:
    key = SigningKey.objects.get(status=KeyStatus.ACTIVE)
    key.valid_from -= dt.timedelta(days=30)
    key.valid_until = key.valid_from + dt.timedelta(days=1)
    key.save()


# What happens in the register, and what a check says from then on.
REGISTER: list[tuple[Callable[[TalentCard], None], Reason]] = [
    (lambda _card: None, Reason.VALID),
    (_set_value(StatusValue.REVOKED), Reason.REVOKED),
    (_set_value(StatusValue.SUSPENDED), Reason.SUSPENDED),
    (_set_value(StatusValue.SUPERSEDED), Reason.SUPERSEDED),
    (_set_card(CardStatus.SUSPENDED), Reason.SUSPENDED),
    (_set_card(CardStatus.REVOKED), Reason.REVOKED),
    (_set_card(CardStatus.RETURNED), Reason.REVOKED),
    (_set_card(CardStatus.EXPIRED), Reason.EXPIRED),
    (_set_card(CardStatus.IN_PRODUCTION), Reason.NOT_YET_VALID),
    (_set_edition(EditionStatus.MADE), Reason.NOT_YET_VALID),
    (_set_edition(EditionStatus.SUPERSEDED), Reason.SUPERSEDED),
    (_move_entry, Reason.UNKNOWN_CODE),
    (_withdraw_key, Reason.UNKNOWN_KEY),
    (_end_key_before_the_code, Reason.KEY_NOT_ALLOWED),
]

# What is done to a good code, and what a check says of it.
SPELLINGS: list[tuple[Callable[[str], str], Reason]] = [
    (forged, Reason.BAD_SIGNATURE),
    (of_a_stranger, Reason.UNKNOWN_KEY),
    (with_another_algorithm, Reason.UNSUPPORTED_VERSION),
    (str.lower, Reason.UNREADABLE),
    (lambda code: code + "=", Reason.UNREADABLE),
    (lambda code: code + "====", Reason.UNREADABLE),
    (lambda code: code + "A", Reason.UNREADABLE),
    (lambda code: f" {code}", Reason.UNREADABLE),
    (lambda code: code[:-8], Reason.UNREADABLE),
    (lambda code: f"https://elsewhere.example/card#{code}", Reason.UNREADABLE),
    (lambda code: code * 8, Reason.UNREADABLE),
    (lambda _code: "\x00", Reason.UNREADABLE),
    (lambda _code: "\ud800", Reason.UNREADABLE),
    (lambda _code: "#", Reason.UNREADABLE),
]
