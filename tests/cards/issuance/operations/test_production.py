import base64
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import cbor2
import pytest
import zxingcpp
from cwt import COSE, COSEKey
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.dispatch import Signal
from PIL import Image
from talentcard_verifier import base32, codec
from talentcard_verifier.codec import code_from_text

from cards.credentials import queries as credentials
from cards.credentials.choices import StatusValue
from cards.credentials.models import StatusEntry
from cards.issuance import qr
from cards.issuance.choices import CardStatus, EditionStatus
from cards.issuance.models import CardEdition, TalentCard
from cards.issuance.operations import make_editions, produce_editions, revoke_card
from cards.issuance.signals import card_activated
from talentcard.accounts.models import User
from talentcard.notifications.models import Message
from tests.factories.issuance import make_active_card, make_award
from tests.factories.talents import make_talent

AT = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def listen() -> Iterator[Callable[[Signal, Callable[..., Any]], None]]:
    connected: list[tuple[Signal, Callable[..., Any]]] = []

    def connect(signal: Signal, receiver: Callable[..., Any]) -> None:
        signal.connect(receiver, weak=False)
        connected.append((signal, receiver))

    yield connect
    for signal, receiver in connected:
        signal.disconnect(receiver)


def test_produce_puts_the_card_in_force_for_the_tier_s_months() -> None:
    card = make_award(tier="B", at=AT)

    [edition] = produce_editions(card_ids=[card.pk], at=AT)

    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE
    assert card.valid_from == AT
    assert card.valid_until == dt.datetime(2029, 11, 23, 15, 59, 59, tzinfo=dt.UTC)
    assert (edition.sequence, edition.status, edition.activated_at) == (1, EditionStatus.ACTIVE, AT)
    claims = codec.parse(edition.code).claims
    assert (claims.card_number, claims.tier, claims.display_name) == (card.number, "B", card.holder.name)
    assert (claims.issued_at, claims.expires_at) == (card.valid_from, card.valid_until)


def test_produce_gives_the_holder_an_account_and_a_message() -> None:
    card = make_active_card(at=AT)

    message = Message.objects.get(event="card.activated")
    assert message.recipient == card.holder.user
    assert message.params == {"number": card.number}
    assert message.url == "/cards/mine/"


def test_produce_twice_makes_one_edition() -> None:
    card = make_active_card(at=AT)

    [again] = produce_editions(card_ids=[card.pk], at=AT + dt.timedelta(hours=1))

    assert again == CardEdition.objects.get()
    assert StatusEntry.objects.count() == 1
    assert Message.objects.filter(event="card.activated").count() == 1


def test_produce_goes_on_after_a_crash_with_the_code_it_had_signed() -> None:
    card = make_award(at=AT)
    [made] = make_editions(card_ids=[card.pk], at=AT)
    # Half a file, as a killed worker leaves it.
    default_storage.save(f"editions/{made.pk}.png", ContentFile(b"\x89PNG"))

    [edition] = produce_editions(card_ids=[card.pk], at=AT + dt.timedelta(days=1))

    assert edition == made
    assert edition.code == made.code
    assert edition.image.name == f"editions/{made.pk}.png"
    with edition.image.open("rb") as file:
        qr.ensure_readable(file.read(), edition.code)
    assert TalentCard.objects.get().valid_from == AT


def test_produce_task_runs_from_the_outbox(run_outbox: Callable[[], int]) -> None:
    card = make_award()

    run_outbox()

    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE


def test_card_revoked_in_production_is_not_produced(issuer: User) -> None:
    card = make_award(at=AT)
    revoke_card(actor=issuer, card=card, reason="awarded by mistake", at=AT)

    assert produce_editions(card_ids=[card.pk], at=AT) == []
    assert not CardEdition.objects.exists()


def test_card_revoked_while_its_image_is_drawn_is_never_in_force(issuer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make_award(at=AT)
    draw = qr.render_png

    def revoke_then_draw(code: str) -> bytes:
        revoke_card(actor=issuer, card=card, reason="awarded by mistake", at=AT)
        return draw(code)

    monkeypatch.setattr(qr, "render_png", revoke_then_draw)
    [edition] = produce_editions(card_ids=[card.pk], at=AT)

    card.refresh_from_db()
    assert card.status == CardStatus.REVOKED
    assert edition.status == EditionStatus.SUPERSEDED
    assert StatusEntry.objects.get().value == StatusValue.REVOKED


def test_code_names_a_person_under_secrecy_by_an_initial_only() -> None:
    holder = make_talent(name="林晓海")
    holder.is_secret = True
    holder.save()

    card = make_active_card(holder=holder, at=AT)

    assert codec.parse(card.editions.get().code).claims.display_name == "林**"


def test_code_and_message_are_encrypted_or_empty_of_the_name() -> None:
    card = make_active_card(at=AT)
    code = card.editions.get().code

    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM issuance_cardedition")
        stored = bytes(cursor.fetchone()[0])

    assert code.encode() not in stored


def test_activation_is_heard_once_and_a_failing_receiver_undoes_nothing(
    listen: Callable[[Signal, Callable[..., Any]], None],
) -> None:
    heard: list[TalentCard] = []

    def fail(**_: Any) -> None:
        raise RuntimeError

    listen(card_activated, fail)
    listen(card_activated, lambda cards, **_: heard.extend(cards))

    card = make_active_card(at=AT)

    assert heard == [card]
    assert card.status == CardStatus.ACTIVE


def test_receiver_that_breaks_the_transaction_undoes_nothing_of_the_card(
    listen: Callable[[Signal, Callable[..., Any]], None],
) -> None:
    def break_it(**_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    listen(card_activated, break_it)

    assert make_active_card(at=AT).status == CardStatus.ACTIVE


def test_ten_images_decode_and_an_independent_library_accepts_their_codes() -> None:
    cards = [make_active_card(tier="ABC"[at % 3]) for at in range(10)]
    (published,) = credentials.published_keys()["keys"]
    key = COSEKey.new(
        {1: 1, 2: bytes.fromhex(published["kid"]), 3: -8, -1: 6, -2: base64.urlsafe_b64decode(published["x"] + "=")}
    )

    for card in cards:
        with Image.open(card.editions.get().image) as image:
            barcode = zxingcpp.read_barcode(image)
        assert barcode is not None
        payload = COSE.new().decode(base32.decode(code_from_text(barcode.text)), key)
        assert cbor2.loads(payload)[-65537] == {1: 1, 2: 1, 3: card.number, 4: card.tier.code, 5: card.holder.name}
