"""Somebody pulls the plug in the middle of everything; afterwards every count is right."""

from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest
from django.conf import settings

from cards.issuance.choices import CardStatus, EditionStatus
from cards.issuance.models import CardEdition, TalentCard
from demo.services import celery_worker
from talentcard.notifications.choices import EmailStatus
from talentcard.notifications.models import Message
from talentcard.outbox.choices import EntryStatus
from talentcard.outbox.models import Entry
from tests.factories.issuance import make_award
from tests.journeys.conftest import wait_until

# Twice what may be at the broker at once.
CARDS = 40
QUEUES = ("default", "mail", "produce")


def active_cards() -> int:
    return TalentCard.objects.filter(status=CardStatus.ACTIVE).count()


def nothing_left_to_do() -> bool:
    return not Entry.objects.exclude(status=EntryStatus.DONE).exists()


@pytest.mark.broker
def test_worker_killed_twice_leaves_every_card_and_message_exactly_once(
    service_env: dict[str, str], tmp_path: Path
) -> None:
    for _ in range(CARDS):
        make_award()

    for share in (4, 2):
        with celery_worker(service_env, queues=QUEUES, log=tmp_path / f"worker-{share}.log") as worker:
            wait_until(lambda share=share: active_cards() >= CARDS // share)
            worker.kill()
    assert active_cards() < CARDS
    with celery_worker(service_env, queues=QUEUES, schedule=tmp_path / "schedule") as worker:
        wait_until(nothing_left_to_do)
        # Nothing is left to do, and a worker takes seconds to stop in order.
        worker.kill()

    assert active_cards() == CARDS
    assert list(CardEdition.objects.values_list("status", flat=True)) == [EditionStatus.ACTIVE] * CARDS
    assert Message.objects.filter(event="card.activated").count() == CARDS
    assert not Message.objects.filter(email_status=EmailStatus.WAITING).exists()
    delivered = Counter(
        (mail["X-Event"], mail["To"])
        for mail in map(message_from_bytes, (path.read_bytes() for path in _mail_folder().glob("*.eml")))
    )
    assert set(delivered.values()) == {1}
    assert len(delivered) == Message.objects.filter(email_status=EmailStatus.SENT).count()


def _mail_folder() -> Path:
    return Path(settings.VAR_DIR) / "mail"
