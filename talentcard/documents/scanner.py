"""Ask a ClamAV daemon about a file, in clamd's own protocol.

Source: clamd(8), INSTREAM: `zINSTREAM\\0`, chunks behind their length in four bytes, a length of zero, and the answer
up to a zero byte.
"""

import logging
import re
import socket
import struct
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from talentcard.core.errors import DomainError

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
DEFAULT_PORT = 3310
# An answer is a line; whoever sends more is no clamd.
LONGEST_ANSWER = 1024
UNSAFE = re.compile(r"[^\w.\-]", re.ASCII)
TOO_LARGE = "INSTREAM size limit exceeded. ERROR"


class ScannerUnavailable(DomainError):
    """The virus scanner that is configured gave no verdict; what it has not seen is not stored."""

    code = "scanner_unavailable"
    message = _("Files cannot be checked for viruses at the moment. Nothing was saved: try again later.")
    http_status = 503


class ScannerLimitExceeded(Exception):
    """The file is longer than the scanner is set up to take."""


def is_configured() -> bool:
    """Tell whether files are to be scanned."""
    return bool(settings.CLAMAV_URL)


def find_virus(content: bytes) -> str:
    """Return the name of what the scanner found in a file, or "" if it found nothing.

    :raises ScannerUnavailable: if it gives no verdict, for whatever reason
    :raises ScannerLimitExceeded: if the file is longer than it takes
    """
    answer = _ask(b"zINSTREAM\0", content)
    if answer == TOO_LARGE:
        raise ScannerLimitExceeded
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return UNSAFE.sub("_", answer.removeprefix("stream: ").removesuffix(" FOUND"))[:120] or "unnamed"
    # Not the answer itself: it may quote what it was sent.
    logger.error("the virus scanner gave no verdict but %d characters", len(answer))
    raise ScannerUnavailable


def ensure_answers() -> None:
    """Ask the scanner whether it is there.

    :raises ScannerUnavailable: if it is not
    """
    if _ask(b"zPING\0") != "PONG":
        raise ScannerUnavailable


def address() -> tuple[socket.AddressFamily, str | tuple[str, int]]:
    """Return where `CLAMAV_URL` says that the scanner listens.

    :raises ImproperlyConfigured: if it says no such thing
    """
    try:
        url = urlsplit(settings.CLAMAV_URL)
        if url.scheme == "tcp" and url.hostname:
            return socket.AF_INET, (url.hostname, url.port or DEFAULT_PORT)
        if url.scheme == "unix" and url.path and not url.netloc:
            return socket.AF_UNIX, url.path
    except ValueError as error:
        raise ImproperlyConfigured(f"CLAMAV_URL: {error}") from error
    raise ImproperlyConfigured("CLAMAV_URL is neither tcp://HOST:PORT nor unix:///PATH")


def _ask(command: bytes, content: bytes | None = None) -> str:
    deadline = time.monotonic() + settings.CLAMAV_TIMEOUT
    try:
        with _connect(deadline) as connection:
            try:
                _send(connection, command, deadline)
                if content is not None:
                    _send_chunks(connection, content, deadline)
            except (BrokenPipeError, ConnectionResetError):
                # It has heard enough; its answer says why.
                logger.info("the virus scanner stopped listening")
            return _receive(connection, deadline)
    except OSError as error:
        logger.exception("the virus scanner cannot be reached")
        raise ScannerUnavailable from error


def _connect(deadline: float) -> socket.socket:
    family, target = address()
    if isinstance(target, tuple):
        return socket.create_connection(target, timeout=_left(deadline))
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(_left(deadline))
        connection.connect(target)
    except OSError:
        connection.close()
        raise
    return connection


def _send_chunks(connection: socket.socket, content: bytes, deadline: float) -> None:
    for start in range(0, len(content), CHUNK):
        chunk = content[start : start + CHUNK]
        _send(connection, struct.pack(">I", len(chunk)) + chunk, deadline)
    _send(connection, struct.pack(">I", 0), deadline)


def _send(connection: socket.socket, data: bytes, deadline: float) -> None:
    connection.settimeout(_left(deadline))
    connection.sendall(data)


def _receive(connection: socket.socket, deadline: float) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) <= LONGEST_ANSWER:
        # One deadline for all of it: a byte a second would outlast a limit on each.
        connection.settimeout(_left(deadline))
        received = connection.recv(LONGEST_ANSWER)
        if not received:
            # Cut short, "stream: OK" may be the beginning of something else.
            return ""
        answer += received
    return answer.partition(b"\0")[0].decode("utf-8", "replace")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the virus scanner took too long")
    return left
