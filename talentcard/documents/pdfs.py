"""Find in a PDF what acts rather than shows."""

import re
from collections.abc import Iterator

WHITE = rb"\0\t\n\f\r "
REGULAR = rb"[^" + WHITE + rb"()<>\[\]{}/%]"
NAME = re.compile(rb"/(" + REGULAR + rb"*)")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# What a reader of the file's own text stops at: comments, strings, names, and the data of streams.
TOKEN = re.compile(rb"%[^\r\n]*|\(|/" + REGULAR + rb"*|(?<![A-Za-z])stream\r?\n")
IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)

ACTIVE = frozenset(
    {b"JavaScript", b"JS", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"EF"}
    | {b"GoToE", b"SubmitForm", b"ImportData", b"RichMedia", b"XFA"}
)
# The same, said so plainly that it counts wherever it stands: an object may hide in a stream or a string.
ACTIVE_PAIR = re.compile(
    rb"/(?:S[" + WHITE + rb"]{0,32}/(JavaScript|Launch|GoToE|SubmitForm|ImportData)"
    rb"|Type[" + WHITE + rb"]{0,32}/(EmbeddedFile))(?!" + REGULAR + rb")"
)
# Actions that run by themselves. Opening at a page is one, and harmless; calling an address is not.
TRIGGERS = frozenset({b"OpenAction", b"AA"})
REFERENCE = re.compile(rb"[" + WHITE + rb"]{0,32}(\d{1,10})[" + WHITE + rb"]{1,32}(\d{1,5})[" + WHITE + rb"]{1,32}R")
CALLS_ADDRESS = re.compile(rb"/S[" + WHITE + rb"]{0,32}/(URI|GoToR)(?!" + REGULAR + rb")")
ACTION_BYTES = 4000
MAX_TRIGGERS = 20


def is_encrypted(content: bytes) -> bool:
    """Tell whether a PDF says that it is encrypted, be it with an empty password."""
    return any(name == b"Encrypt" for name, _position in _names(_plain(content)))


def active_content(content: bytes) -> str:
    """Return the name of the first thing in a PDF that acts: a program, an attached file, a launch; or "".

    The scan reads the file's own text: names between objects, also where written with `#xx`, but not words in
    strings, comments or the data of streams, so that a page may speak of JavaScript. An action written out in full
    counts anywhere. It does **not** see into compressed streams, nor does it follow the file's cross-references: who
    wants to hide an action can put it into an object stream. So the scan stops what people hand in unaware; what
    protects from the rest is that a PDF leaves only as a download (`responses`), and the virus scanner.
    """
    text = _plain(content)
    triggers = 0
    for name, position in _names(text):
        if name in ACTIVE:
            return name.decode("ascii")
        if name in TRIGGERS and triggers < MAX_TRIGGERS:
            triggers += 1
            if found := CALLS_ADDRESS.search(_value_at(text, position)):
                return f"{name.decode('ascii')} {found[1].decode('ascii')}"
    pair = ACTIVE_PAIR.search(text)
    return (pair[1] or pair[2]).decode("ascii") if pair else ""


def _plain(content: bytes) -> bytes:
    """Return the file with the letters and digits of names written plainly; nothing else can spell a name we seek."""
    return NAME.sub(lambda name: ESCAPED.sub(_letter, name[0]), content)


def _letter(escape: re.Match[bytes]) -> bytes:
    letter = bytes([int(escape[1], 16)])
    return letter if letter.isalnum() else escape[0]


def _names(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield every name outside comments, strings and the data of streams, with where it ends."""
    position = 0
    while token := TOKEN.search(text, position):
        position = token.end()
        if token[0] == b"(":
            position = _end_of_string(text, position)
        elif token[0].startswith(b"stream"):
            end = text.find(b"endstream", position)
            position = end if end >= 0 else len(text)
        elif token[0].startswith(b"/"):
            yield token[0][1:], position


def _end_of_string(text: bytes, position: int) -> int:
    depth = 1
    while depth:
        found = IN_STRING.search(text, position)
        if found is None:
            return len(text)
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        position = found.end()
    return position


def _value_at(text: bytes, position: int) -> bytes:
    """Return the beginning of a key's value: of the object it refers to, or else of what is written there."""
    if reference := REFERENCE.match(text, position):
        head = rb"(?<!\d)" + reference[1] + rb"[" + WHITE + rb"]{1,32}" + reference[2] + rb"[" + WHITE + rb"]{1,32}obj"
        if (found := re.search(head, text)) is None:
            return b""
        end = text.find(b"endobj", found.end(), found.end() + ACTION_BYTES)
        return text[found.end() : end if end >= 0 else found.end() + ACTION_BYTES]
    return _dictionary_at(text[position : position + ACTION_BYTES])


def _dictionary_at(text: bytes) -> bytes:
    """Return a text up to the end of the dictionary it begins with; nothing, if it begins with something else."""
    if not text.lstrip(WHITE).startswith(b"<<"):
        return b""
    depth = 0
    for bracket in re.finditer(rb"<<|>>", text):
        depth += 1 if bracket[0] == b"<<" else -1
        if depth == 0:
            return text[: bracket.end()]
    return text
