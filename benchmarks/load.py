"""Send requests over a few connections that each wait for their answer: `python -m benchmarks.load < job.json`.

A process of its own, and a short one: it imports nothing of the service, and a request's bytes are ready but for the
nonce. The report says how much of a core it took, so that a reader sees it was not what was measured.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass, field

LOOPBACK = "127.0.0.1"
NONCE_DIGITS = 8
PATIENCE_SECONDS = 10
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to send: JSON bodies in turn, each with a nonce of its own that begins with `nonce_prefix`.

    `expected` stands somewhere in the head or the body of every right answer.
    """

    port: int
    path: str
    authorization: str
    bodies: list[dict[str, str]]
    nonce_prefix: str
    expected: str
    seconds: float
    connections: int


@dataclass(kw_only=True)
class Report:
    """What came back; latencies in milliseconds, `core` the share of one that the generator took."""

    answered: int
    seconds: float
    p50: float
    p99: float
    core: float
    unexpected: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return the answers a second."""
        return self.answered / self.seconds


class Connection:
    """A connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((LOOPBACK, port), timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._received = b""

    def send(self, request: bytes) -> None:
        """Send a request."""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bytes | None:
        """Return the answer if all of it is here.

        :raises ConnectionError: if the server closed the connection
        """
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server closed a connection")
        self._received += piece
        head, end, body = self._received.partition(HEAD_END)
        if not end or len(body) < _length(head):
            return None
        answer, self._received = self._received, b""
        return answer


class Requests:
    """The bytes of one request after the other."""

    def __init__(self, job: Job) -> None:
        self._starts = [_start_of(job, body) for body in job.bodies]
        self._count = 0

    def make(self) -> bytes:
        """Return the next one, with a new nonce."""
        start = self._starts[self._count % len(self._starts)]
        self._count += 1
        return b'%s%0*d"}' % (start, NONCE_DIGITS, self._count)


def run(job: Job) -> Report:
    """Send until the time is up, then wait for the answers still under way.

    :raises TimeoutError: if one does not come
    """
    requests = Requests(job)
    connections = [Connection(job.port) for _ in range(job.connections)]
    expected = job.expected.encode()
    latencies: list[float] = []
    unexpected: list[str] = []
    started, cpu = time.perf_counter(), time.process_time()
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(requests.make())
        under_way = len(connections)
        while under_way:
            if not (ready := selector.select(timeout=PATIENCE_SECONDS)):
                raise TimeoutError("an answer did not come")
            for key, _events in ready:
                answer = key.data.receive()
                if answer is None:
                    continue
                now = time.perf_counter()
                latencies.append(now - key.data.sent_at)
                if expected not in answer:
                    unexpected.append(answer.decode(errors="replace"))
                if now - started < job.seconds:
                    key.data.send(requests.make())
                else:
                    under_way -= 1
    elapsed = time.perf_counter() - started
    for connection in connections:
        connection.socket.close()
    return _report(latencies, elapsed, (time.process_time() - cpu) / elapsed, unexpected[:3])


def _report(latencies: list[float], seconds: float, core: float, unexpected: list[str]) -> Report:
    ordered = sorted(latency * 1000 for latency in latencies)
    return Report(
        answered=len(ordered),
        seconds=seconds,
        p50=ordered[len(ordered) // 2],
        p99=ordered[len(ordered) * 99 // 100],
        core=core,
        unexpected=unexpected,
    )


def _start_of(job: Job, body: dict[str, str]) -> bytes:
    """Return a request up to the digits of its nonce, which is the last field of the body."""
    start = json.dumps({**body, "nonce": job.nonce_prefix}).removesuffix('"}').encode()
    lines = (
        f"POST {job.path} HTTP/1.1",
        f"Host: {LOOPBACK}:{job.port}",
        f"Authorization: {job.authorization}",
        "Content-Type: application/json",
        f"Content-Length: {len(start) + NONCE_DIGITS + 2}",
    )
    return "\r\n".join(lines).encode() + HEAD_END + start


def _length(head: bytes) -> int:
    _before, _name, value = head.lower().partition(LENGTH)
    return int(value.partition(b"\r\n")[0])


if __name__ == "__main__":
    json.dump(asdict(run(Job(**json.load(sys.stdin)))), sys.stdout)
