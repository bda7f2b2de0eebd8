"""A virus scanner for tests, which speaks clamd's protocol byte for byte over TCP or a Unix socket."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# What every scanner takes for a virus, by agreement: harmless. In two parts, so that none takes this file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Clamd:
    """The scanner: what it heard, and how it misbehaves.

    :ivar answer: said instead of a verdict, once the file is heard
    :ivar limit: how many bytes of a file it takes
    :ivar closes_after: bytes of a file after which it hangs up without a word
    :ivar pause: seconds between the bytes of its answer
    """

    url: str = ""
    answer: bytes | None = None
    limit: int = 25 * 1024 * 1024
    closes_after: int | None = None
    pause: float = 0
    commands: list[bytes] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)

    def serve(self, connection: socket.socket) -> None:
        """Hear one command and answer it."""
        with connection, connection.makefile("rb") as stream:
            command = b""
            while not command.endswith(b"\0"):
                byte = stream.read(1)
                if not byte:
                    return
                command += byte
            self.commands.append(command)
            if command == b"zPING\0":
                self._say(connection, self.answer or b"PONG\0")
            elif command == b"zINSTREAM\0" and (verdict := self._hear(stream)) is not None:
                self._say(connection, self.answer or verdict)

    def _hear(self, stream: object) -> bytes | None:
        content = b""
        while True:
            head = stream.read(4)  # type: ignore[attr-defined]
            if len(head) < 4:
                return None
            (length,) = struct.unpack("!I", head)
            if length == 0:
                break
            content += stream.read(length)  # type: ignore[attr-defined]
            if self.closes_after is not None and len(content) > self.closes_after:
                return None
            if len(content) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.heard.append(content)
        return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"

    def _say(self, connection: socket.socket, words: bytes) -> None:
        if not self.pause:
            connection.sendall(words)
            return
        for byte in words:
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                return  # whoever asked has left
            time.sleep(self.pause)


@contextmanager
def running(folder: Path | None = None) -> Iterator[Clamd]:
    """Run a scanner while the block lasts: on a Unix socket in a folder, or on a free TCP port."""
    if folder is None:
        listener = socket.create_server(("127.0.0.1", 0))
        clamd = Clamd(url=f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    else:
        path = folder / "clamd.ctl"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        listener.listen()
        clamd = Clamd(url=f"unix://{path}")

    def accept() -> None:
        while True:
            try:
                connection, _peer = listener.accept()
            except OSError:
                return  # closed: the block is over
            clamd.serve(connection)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield clamd
    # A thread that waits in accept() is not woken by close() alone.
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)
