"""Make the proof of a card: sign its code, draw it, put it in force."""

import datetime as dt

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from talentcard_verifier import codec
from talentcard_verifier.names import bound_display_name, graphemes

from cards.credentials.choices import StatusValue
from cards.credentials.operations import allocate_status, set_status, sign_code
from cards.issuance import qr
from cards.issuance.choices import LIVE, CardStatus, EditionStatus
from cards.issuance.models import CardEdition, TalentCard
from cards.issuance.operations.transitions import LIST_VALUES, announce, lock_card, move_card
from cards.issuance.signals import card_activated
from cards.issuance.validity import validity_end
from cards.talents.models import Talent
from cards.talents.operations import ensure_account
from talentcard.audit.operations import record
from talentcard.core.transactions import atomic_operation


def produce_edition(*, card: TalentCard, at: dt.datetime) -> CardEdition | None:
    """Make the proof that a card lacks and put it in force; a card that has one, or has ended, is left as it is.

    May be run again after a crash at any point: what was made is found and gone on with.

    :raises CodeTooLong: if the image would be too dense
    :raises ImageUnreadable: if the image does not read as the code it was drawn from
    """
    edition = make_edition(card=card, at=at)
    if edition is None or edition.status != EditionStatus.MADE:
        return edition
    png = qr.render_png(edition.code)
    qr.ensure_readable(png, edition.code)
    return activate_edition(edition=edition, image=_store(edition, png), at=at)


@atomic_operation
def make_edition(*, card: TalentCard, at: dt.datetime) -> CardEdition | None:
    """Sign the code of a card's next edition, unless it has one already; return None if the card has ended."""
    # Lock the card: the same work may be sent to two workers.
    card = lock_card(card.pk)
    if card.status not in LIVE:
        return None
    newest = card.editions.first()
    if newest is not None and newest.status != EditionStatus.SUPERSEDED:
        return newest
    entry = allocate_status()
    code = sign_code(
        card_number=card.number,
        tier=card.tier.code,
        display_name=_display_name(card.holder),
        expires_at=card.valid_until or validity_end(at, card.tier.validity_months),
        entry=entry,
        at=at,
    )
    sequence = newest.sequence + 1 if newest else 1
    return CardEdition.objects.create(card=card, sequence=sequence, status_entry=entry, code=code, made_at=at)


@atomic_operation
def activate_edition(*, edition: CardEdition, image: str, at: dt.datetime) -> CardEdition:
    """Put an edition in force in place of the one before, and with the first one the card itself.

    An edition that is in force, or was, is left as it is; one whose card has ended meanwhile is withdrawn.
    """
    card = lock_card(edition.card_id)
    edition = card.editions.select_related("status_entry").get(pk=edition.pk)
    if edition.status != EditionStatus.MADE:
        return edition
    edition.image.name = image
    if card.status not in LIVE:
        edition.status = EditionStatus.SUPERSEDED
        edition.save(update_fields=["status", "image", "updated_at"])
        set_status(entry=edition.status_entry, value=StatusValue.REVOKED, at=at)
        return edition
    _supersede_others(card, edition, at)
    edition.status = EditionStatus.ACTIVE
    edition.activated_at = at
    edition.save(update_fields=["status", "image", "activated_at", "updated_at"])
    record(actor=None, action="edition.activated", target=edition, data={"sequence": edition.sequence})
    if card.status == CardStatus.IN_PRODUCTION:
        _activate_card(card, edition, at)
    else:
        set_status(entry=edition.status_entry, value=LIST_VALUES[CardStatus(card.status)], at=at)
    return edition


def _activate_card(card: TalentCard, edition: CardEdition, at: dt.datetime) -> None:
    # From the code itself: what the desk reads offline and what the register says must be the same.
    claims = codec.parse(edition.code).claims
    card.valid_from, card.valid_until = claims.issued_at, claims.expires_at
    card.holder.user = ensure_account(actor=None, talent=card.holder, at=at)
    move_card(actor=None, card=card, to=CardStatus.ACTIVE, action="card.activated", at=at)
    announce(card_activated, card)


def _supersede_others(card: TalentCard, edition: CardEdition, at: dt.datetime) -> None:
    others = card.editions.filter(status=EditionStatus.ACTIVE).exclude(pk=edition.pk)
    for other in others.select_related("status_entry"):
        other.status = EditionStatus.SUPERSEDED
        other.save(update_fields=["status", "updated_at"])
        set_status(entry=other.status_entry, value=StatusValue.SUPERSEDED, at=at)


def _display_name(holder: Talent) -> str:
    """Return the name in the code; of a person under secrecy no more than how it begins."""
    name = f"{next(graphemes(holder.name))}**" if holder.is_secret else holder.name
    return bound_display_name(name)


def _store(edition: CardEdition, png: bytes) -> str:
    name = f"editions/{edition.pk}.png"
    # A run that was killed may have left half a file, and storage never writes over one.
    default_storage.delete(name)
    return default_storage.save(name, ContentFile(png))
