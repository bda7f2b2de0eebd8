"""A provider's SMS gateway on loopback: it checks and answers as `HttpSmsGateway` documents, and fails on demand.

It is written from the documentation, with nothing of the adapter's code: what one signs, the other must find valid.
"""

import hashlib
import hmac
import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.servers.processes import LOOPBACK

WINDOW_SECONDS = 300
E164 = re.compile(r"\+[1-9]\d{6,14}")


class Fault(Enum):
    """What goes wrong with one request."""

    BUSY = (429, {"code": "throttled"})
    BROKEN = (503, {"code": "unavailable"})
    TEMPLATE_REFUSED = (422, {"code": "template_refused"})
    # The worst a provider may do: repeat to us, where we would log it, whom we wrote to.
    NUMBER_IN_THE_CODE = (400, {"code": "bad number +8613800001234"})
    MOVED = (302, {})
    NOT_JSON = (200, None)
    # The request arrives, and nothing happens.
    HANG = None
    # The message is taken, and the connection breaks before the answer.
    DROP_AFTER_ACCEPTING = "drop"
    # The message is taken, and the answer waits until the test lets it go.
    HOLD_AFTER_ACCEPTING = "hold"


@dataclass
class Sms:
    """A message the gateway took; how often it was handed over does not change that it is one."""

    to: str
    text: str
    template: str
    deliveries: int = 1


@dataclass
class SimulatedGateway:
    """The provider's side: its customers' keys, what it has seen, and what it will do wrong next."""

    keys: Mapping[str, str]
    url: str = ""
    messages: dict[str, Sms] = field(default_factory=dict)
    answers: list[tuple[int, str]] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    nonces: set[str] = field(default_factory=set)
    # Set when a message is held; the answer goes out when the test sets the other.
    held: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, *faults: Fault) -> None:
        """Have the next requests fail, each in its way; those after them are served."""
        self.faults.extend(faults)

    def answer(self, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Check a request and take its message; return the status and what to say."""
        with self.lock:
            wrong = self._what_is_wrong(headers, body)
            if wrong:
                return 401, {"code": wrong}
            return self._take(headers, json.loads(body))

    def _what_is_wrong(self, headers: Mapping[str, str], body: bytes) -> str:
        timestamp, nonce = headers.get("X-Sms-Timestamp", ""), headers.get("X-Sms-Nonce", "")
        key = self.keys.get(headers.get("X-Sms-Key-Id", ""))
        if key is None:
            return "unknown_key"
        signed = "\n".join([timestamp, nonce, body.decode()])
        expected = hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, headers.get("X-Sms-Signature", "")):
            return "bad_signature"
        if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > WINDOW_SECONDS:
            return "stale"
        if not re.fullmatch(r"[0-9a-f]{32}", nonce) or nonce in self.nonces:
            return "replayed"
        self.nonces.add(nonce)
        return ""

    def _take(self, headers: Mapping[str, str], content: dict[str, Any]) -> tuple[int, dict[str, str]]:
        if sorted(content) != ["message_id", "template", "text", "to"] or not all(content.values()):
            return 400, {"code": "bad_request"}
        if not E164.fullmatch(content["to"]):
            return 422, {"code": "number_refused"}
        message_id = content["message_id"]
        if headers.get("Idempotency-Key") != message_id:
            return 400, {"code": "bad_request"}
        known = self.messages.get(message_id)
        if known is not None:
            known.deliveries += 1
            return 200, {"status": "duplicate", "reference": f"sim-{message_id}"}
        self.messages[message_id] = Sms(to=content["to"], text=content["text"], template=content["template"])
        return 202, {"status": "accepted", "reference": f"sim-{message_id}"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_POST(self) -> None:
        gateway = self.server.gateway
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with gateway.lock:
            fault = gateway.faults.popleft() if gateway.faults else None
        match fault:
            case None:
                self._say(*gateway.answer(self.headers, body))
            case Fault.HANG:
                gateway.released.wait(60)
                self._hang_up()
            case Fault.DROP_AFTER_ACCEPTING:
                gateway.answer(self.headers, body)
                self._hang_up()
            case Fault.HOLD_AFTER_ACCEPTING:
                answer = gateway.answer(self.headers, body)
                gateway.held.set()
                gateway.released.wait(60)
                # Whoever waited for it may be dead by now.
                with suppress(BrokenPipeError):
                    self._say(*answer)
            case _:
                self._say(*fault.value)

    def _say(self, status: int, content: dict[str, str] | None) -> None:
        body = b"<html>" if content is None else json.dumps(content).encode()
        self.server.gateway.answers.append((status, (content or {}).get("status") or (content or {}).get("code", "")))
        self.send_response(status)
        if status == Fault.MOVED.value[0]:
            self.send_header("Location", self.server.gateway.url)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Say nothing: the tests read what arrived."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    gateway: SimulatedGateway


@contextmanager
def sms_gateway(*, keys: Mapping[str, str]) -> Iterator[SimulatedGateway]:
    """Run a gateway on a free port of this machine.

    :param keys: the customers' keys, by key id
    """
    server = _Server((LOOPBACK, 0), _Handler)
    server.gateway = SimulatedGateway(keys=keys, url=f"http://{LOOPBACK}:{server.server_port}/v1/messages")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.gateway
    finally:
        server.gateway.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
