"""Producing a card's edition, the database included, against its image and a bare signature alone."""

import time
from collections.abc import Sequence

from django.utils import timezone
from talentcard_verifier import parse

from benchmarks.cards import award_cards
from benchmarks.codes import KEY
from benchmarks.figures import Figure, MeasurementFailed, Pair, in_pairs, number_of_rounds
from cards.issuance import qr
from cards.issuance.choices import EditionStatus
from cards.issuance.models import CardEdition
from cards.issuance.operations import produce_editions

# As many as a worker takes at once.
BATCH = 10
SLICE_SECONDS = 1.0


def measure(seconds: float) -> list[Figure]:
    """Compare signing, drawing, reading back, storing and activating with drawing and signing."""
    codes = [edition.code for edition in _produce_batch()[1]]
    rates = in_pairs(
        lambda: _produce_batch()[0],
        lambda: _draw_batch(codes),
        rounds=number_of_rounds(seconds, slice_seconds=SLICE_SECONDS),
    )
    pairs = [Pair(*each) for each in rates]
    return [Figure(work="produce-edition", unit="1/s a core", pairs=pairs, required=0.4, goal=0.7)]


def _produce_batch() -> tuple[float, list[CardEdition]]:
    """Award cards and produce their editions; return how many a second were produced, and the editions."""
    cards = award_cards(BATCH)
    started = time.perf_counter()
    editions = produce_editions(card_ids=[card.pk for card in cards], at=timezone.now())
    seconds = time.perf_counter() - started
    in_force = [edition for edition in editions if edition.status == EditionStatus.ACTIVE]
    if len(in_force) != len(cards):
        raise MeasurementFailed("an edition is not in force")
    return BATCH / seconds, in_force


def _draw_batch(codes: Sequence[str]) -> float:
    """Sign the bytes of codes and draw their images; return how many a second."""
    messages = [parse(code).to_be_signed for code in codes]
    started = time.perf_counter()
    for code, message in zip(codes, messages, strict=True):
        KEY.sign(message)
        qr.render_png(code)
    return len(codes) / (time.perf_counter() - started)
