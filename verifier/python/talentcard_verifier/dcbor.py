"""The little of deterministic CBOR (RFC 8949, 4.2.1) that the format is made of.

A message of ours is a template: fixed bytes with a few numbers and strings between them. Reading it back piece by
piece leaves no second spelling, and no general decoder (with its tags, floats and nesting) meets what a stranger shows.
"""

_UINT, _BYTES, _TEXT = 0x00, 0x40, 0x60
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_SMALLEST = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}


class NotCanonical(ValueError):
    """The bytes are not the deterministic encoding of what was expected."""


def uint(number: int) -> bytes:
    """Encode an unsigned integer."""
    return _head(_UINT, number)


def text(value: str) -> bytes:
    """Encode a text string."""
    data = value.encode()
    return _head(_TEXT, len(data)) + data


def byte_string(value: bytes) -> bytes:
    """Encode a byte string."""
    return _head(_BYTES, len(value)) + value


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes((major | number,))
    if number < 1 << 8:
        return bytes((major | 24, number))
    for info in (25, 26, 27):
        if number < 1 << (8 * _WIDTHS[info]):
            return bytes((major | info,)) + number.to_bytes(_WIDTHS[info], "big")
    raise ValueError(f"{number} does not fit in eight bytes")


class Reader:
    """Read a message from its start, one expected piece after the other.

    Every method raises `NotCanonical` if something else stands there.
    """

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def expect(self, piece: bytes) -> None:
        """Pass over exactly these bytes."""
        if not self._data.startswith(piece, self._at):
            raise NotCanonical(f"expected {piece.hex()} at byte {self._at}")
        self._at += len(piece)

    def take(self, size: int) -> bytes:
        """Read so many bytes."""
        end = self._at + size
        piece = self._data[self._at : end]
        if len(piece) != size:
            raise NotCanonical("cut short")
        self._at = end
        return piece

    def uint(self, *, below: int) -> int:
        """Read an unsigned integer in its shortest form."""
        number = self._number(_UINT)
        if number >= below:
            raise NotCanonical(f"{number} is out of range")
        return number

    def text(self, *, max_bytes: int) -> str:
        """Read a text string that is not empty."""
        size = self._number(_TEXT)
        if not 0 < size <= max_bytes:
            raise NotCanonical("a text that is empty or too long")
        try:
            return self.take(size).decode()
        except UnicodeDecodeError as error:
            raise NotCanonical("a text that is not UTF-8") from error

    def byte_string(self) -> bytes:
        """Read a byte string."""
        return self.take(self._number(_BYTES))

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self._at != len(self._data):
            raise NotCanonical("bytes after the end")

    def _number(self, major: int) -> int:
        try:
            info = self._data[self._at] - major
        except IndexError:
            raise NotCanonical("cut short") from None
        self._at += 1
        if 0 <= info < 24:
            return info
        if info not in _WIDTHS:
            raise NotCanonical(f"another type, or no definite length, before byte {self._at}")
        number = int.from_bytes(self.take(_WIDTHS[info]), "big")
        if number < _SMALLEST[info]:
            raise NotCanonical("a number not in its shortest form")
        return number
