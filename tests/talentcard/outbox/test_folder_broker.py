"""The folder broker: a message is there whole or not at all, and one reader gets it."""

import threading
from collections import Counter
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from talentcard.celery import app as _app  # registers the transport
from talentcard.outbox.folder_broker import Channel


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    assert _app
    folder = str(tmp_path)
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder}
    return Connection("folder://", transport_options=options).channel()


def test_message_half_written_is_not_read(channel: Channel, tmp_path: Path) -> None:
    (tmp_path / "1_a.default.msg.part").write_text('{"half": ')

    with pytest.raises(Empty):
        channel._get("default")


def test_messages_keep_their_queue_and_order(channel: Channel) -> None:
    for number in range(3):
        channel._put("default", {"n": number})
    channel._put("mail", {"n": 9})

    assert [channel._get("default")["n"] for _ in range(3)] == [0, 1, 2]
    assert channel._get("mail")["n"] == 9


def test_each_message_goes_to_one_of_many_readers(channel: Channel) -> None:
    for number in range(200):
        channel._put("default", {"n": number})
    got: list[int] = []

    def read() -> None:
        while True:
            try:
                got.append(channel._get("default")["n"])
            except Empty:
                return

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert Counter(got) == Counter(range(200))
