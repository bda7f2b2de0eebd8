"""Make the proofs of cards: sign their codes, draw them, put them in force."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from talentcard_verifier import codec
from talentcard_verifier.names import bound_display_name, graphemes

from cards.credentials.choices import StatusValue
from cards.credentials.models import SigningKey, StatusEntry
from cards.credentials.operations import allocate_statuses, ensure_signing_key, set_status, sign_code
from cards.issuance import qr
from cards.issuance.choices import LIVE, CardStatus, EditionStatus
from cards.issuance.models import CardEdition, TalentCard
from cards.issuance.operations.transitions import announce, lock_cards, move_cards
from cards.issuance.signals import card_activated
from cards.issuance.validity import validity_end
from cards.talents.models import Talent
from talentcard.audit.operations import record_each
from talentcard.core.transactions import atomic_operation


def produce_editions(*, card_ids: Collection[UUID], at: dt.datetime) -> list[CardEdition]:
    """Make the proofs that cards lack and put them in force; return each live card's newest edition.

    A card that has its proof, or has ended, is left as it is. May be run again after a crash at any point: what was
    made is found and gone on with.

    :raises CodeTooLong: if an image would be too dense
    :raises ImageUnreadable: if an image does not read as the code it was drawn from
    """
    editions = make_editions(card_ids=card_ids, at=at)
    for edition in editions:
        if edition.status == EditionStatus.MADE:
            png = qr.render_png(edition.code)
            qr.ensure_readable(png, edition.code)
            _store(edition, png)
    return activate_editions(editions=editions, at=at)


@atomic_operation
def make_editions(*, card_ids: Collection[UUID], at: dt.datetime) -> list[CardEdition]:
    """Sign the codes of the editions that live cards lack; return each live card's newest edition."""
    # Lock the cards: the same work may be sent to two workers.
    cards = [card for card in lock_cards(card_ids) if card.status in LIVE]
    newest = {edition.card_id: edition for edition in CardEdition.objects.filter(card__in=cards).order_by("sequence")}
    lacking = [card for card in cards if _needs_another(newest.get(card.pk))]
    if lacking:
        key = ensure_signing_key(at=at)
        entries = allocate_statuses(count=len(lacking))
        places = zip(lacking, entries, strict=True)
        made = [_sign(card, key, entry, after=newest.get(card.pk), at=at) for card, entry in places]
        newest |= {edition.card_id: edition for edition in CardEdition.objects.bulk_create(made)}
    return list(newest.values())


@atomic_operation
def activate_editions(*, editions: Collection[CardEdition], at: dt.datetime) -> list[CardEdition]:
    """Put editions in force in place of those before, and with its first one each card; return them as they are now.

    One that is in force, or was, is left as it is; one whose card has ended meanwhile is withdrawn.
    """
    cards = {card.pk: card for card in lock_cards([edition.card_id for edition in editions])}
    known = list(CardEdition.objects.filter(card__in=cards).select_related("status_entry"))
    asked = [edition for edition in known if edition in editions]
    made = [edition for edition in asked if edition.status == EditionStatus.MADE]
    live = {edition.card_id: edition for edition in made if cards[edition.card_id].status in LIVE}
    before = [edition for edition in known if edition.card_id in live and edition.status == EditionStatus.ACTIVE]
    _end(before, StatusValue.SUPERSEDED, at)
    _end([edition for edition in made if edition.card_id not in live], StatusValue.REVOKED, at)
    _put_in_force(list(live.values()), at)
    first = {cards[pk]: each for pk, each in live.items() if cards[pk].status == CardStatus.IN_PRODUCTION}
    if first:
        _activate_cards(first, at)
    for card_id, edition in live.items():
        if cards[card_id].status == CardStatus.SUSPENDED:
            set_status(entry=edition.status_entry, value=StatusValue.SUSPENDED, at=at)
    return asked


def _needs_another(newest: CardEdition | None) -> bool:
    return newest is None or newest.status == EditionStatus.SUPERSEDED


def _sign(
    card: TalentCard, key: SigningKey, entry: StatusEntry, *, after: CardEdition | None, at: dt.datetime
) -> CardEdition:
    code = sign_code(
        key=key,
        card_number=card.number,
        tier=card.tier.code,
        display_name=_display_name(card.holder),
        expires_at=card.valid_until or validity_end(at, card.tier.validity_months),
        entry=entry,
        at=at,
    )
    sequence = after.sequence + 1 if after else 1
    edition = CardEdition(card=card, sequence=sequence, status_entry=entry, code=code, made_at=at)
    edition.image.name = _image_name(edition)
    return edition


def _end(editions: Iterable[CardEdition], value: StatusValue, at: dt.datetime) -> None:
    for edition in editions:
        edition.status = EditionStatus.SUPERSEDED
        edition.save(update_fields=["status", "updated_at"])
        set_status(entry=edition.status_entry, value=value, at=at)


def _put_in_force(editions: Collection[CardEdition], at: dt.datetime) -> None:
    for edition in editions:
        edition.status, edition.activated_at = EditionStatus.ACTIVE, at
    ids = [edition.pk for edition in editions]
    CardEdition.objects.filter(pk__in=ids).update(status=EditionStatus.ACTIVE, activated_at=at, updated_at=at)
    details = [(edition, {"sequence": edition.sequence}) for edition in editions]
    record_each(actor=None, action="edition.activated", targets=details)


def _activate_cards(editions: Mapping[TalentCard, CardEdition], at: dt.datetime) -> None:
    periods: dict[tuple[dt.datetime, dt.datetime], list[UUID]] = defaultdict(list)
    for card, edition in editions.items():
        # From the code itself: what the desk reads offline and what the register says must be the same.
        claims = codec.parse(edition.code).claims
        card.valid_from, card.valid_until = claims.issued_at, claims.expires_at
        periods[claims.issued_at, claims.expires_at].append(card.pk)
    for (valid_from, valid_until), ids in periods.items():
        TalentCard.objects.filter(pk__in=ids).update(valid_from=valid_from, valid_until=valid_until, updated_at=at)
    move_cards(actor=None, cards=list(editions), to=CardStatus.ACTIVE, action="card.activated", at=at)
    announce(card_activated, list(editions))


def _display_name(holder: Talent) -> str:
    """Return the name in the code; of a person under secrecy no more than how it begins."""
    name = f"{next(graphemes(holder.name))}**" if holder.is_secret else holder.name
    return bound_display_name(name)


def _image_name(edition: CardEdition) -> str:
    return f"editions/{edition.pk}.png"


def _store(edition: CardEdition, png: bytes) -> None:
    name = _image_name(edition)
    # A run that was killed may have left half a file, and storage never writes over one.
    default_storage.delete(name)
    default_storage.save(name, ContentFile(png))
