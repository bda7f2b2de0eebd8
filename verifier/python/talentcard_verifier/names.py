"""Cut a name to the bytes that a code has for it, without cutting a character in two.

What a reader sees as one character (a grapheme cluster, UAX #29) may be several code points. The standard library has
no tables for clusters, so the rules below use its general categories. They err to the safe side where they can: now and
then they keep two characters together that could be parted, and the name is cut one character earlier. They do not know
marks younger than the Unicode version of the Python that runs them, nor the 27 prefixed signs such as U+0600.
"""

import unicodedata
from collections.abc import Iterator

from talentcard_verifier.codec import MAX_NAME_BYTES

ELLIPSIS = "…"

_MARKS = frozenset({"Mn", "Me", "Mc"})  # combining marks and variation selectors
_ZERO_WIDTH_JOINER = "\u200d"
_VIRAMA_CLASS = 9  # joins two consonants of an Indic script


def bound_display_name(name: str, max_bytes: int = MAX_NAME_BYTES) -> str:
    """Return the name if it fits in `max_bytes` of UTF-8, else as many whole characters as do, and an ellipsis.

    :raises ValueError: if not even one code point and the ellipsis fit
    """
    if len(name.encode()) <= max_bytes:
        return name
    room = max_bytes - len(ELLIPSIS.encode())
    # A single character longer than the room (a letter under a heap of marks) is cut between its code points.
    kept = _prefix(graphemes(name), room) or _prefix(iter(name), room)
    if not kept:
        raise ValueError(f"no name fits in {max_bytes} bytes")
    return kept.rstrip() + ELLIPSIS


def graphemes(text: str) -> Iterator[str]:
    """Yield the characters of a text as a reader sees them."""
    start = 0
    for at in range(1, len(text)):
        if not _stay_together(text, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _prefix(pieces: Iterator[str], room: int) -> str:
    kept = ""
    for piece in pieces:
        room -= len(piece.encode())
        if room < 0:
            break
        kept += piece
    return kept


def _stay_together(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return (
        _extends(after)
        or before == _ZERO_WIDTH_JOINER
        or (unicodedata.combining(before) == _VIRAMA_CLASS and unicodedata.category(after) == "Lo")
        or _same_syllable(before, after)
        or _same_flag(text, at)
    )


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in _MARKS
        or character in "\u200c\u200d\uff9e\uff9f\u0e33\u0eb3"  # joiners, half-width voiced marks, Thai and Lao AM
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags
    )


def _same_syllable(before: str, after: str) -> bool:
    """Tell whether two Hangul letters belong to one syllable (GB6 to GB8)."""
    first, second = _hangul(before), _hangul(after)
    return (
        (first == "L" and second in ("L", "V", "LV", "LVT"))
        or (first in ("V", "LV") and second in ("V", "T"))
        or (first in ("T", "LVT") and second == "T")
    )


def _hangul(character: str) -> str:
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3:
        return "LVT" if (code - 0xAC00) % 28 else "LV"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    return ""


def _same_flag(text: str, at: int) -> bool:
    """Tell whether a flag's second letter stands at this place: an odd number of flag letters goes before it."""
    if not _is_flag_letter(text[at]):
        return False
    run = 0
    while run < at and _is_flag_letter(text[at - 1 - run]):
        run += 1
    return run % 2 == 1


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
