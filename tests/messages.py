"""What the program says, found in its source, and what its catalogues translate."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
FUNCTIONS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PACKAGES = ("talentcard", "cards", "services", "demo")


def source_messages() -> dict[str, list[str]]:
    """Return every message of code and templates with the files that say it."""
    found: dict[str, list[str]] = {}
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".html", ".txt"):
            # What is left is calls among filler; Python's tokenizer would stumble over the filler's indentation.
            text = "\n".join(line.strip() for line in templatize(text).splitlines())
        extracted = extract_python(io.BytesIO(text.encode()), FUNCTIONS, [], {"encoding": "utf-8"})
        for _line, function, message, _comments in extracted:
            parts = message if isinstance(message, tuple) else (message,)
            wanted = parts[1:2] if function.startswith("pgettext") else parts[:1]
            for text_id in wanted:
                if text_id:
                    found.setdefault(text_id, []).append(str(path.relative_to(ROOT)))
    return found


def catalogues() -> dict[str, Catalog]:
    """Return the Chinese catalogues by path."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).glob("**/zh_Hans/LC_MESSAGES/django.po"))
    return {str(path.relative_to(ROOT)): read_po(io.BytesIO(path.read_bytes()), locale="zh_Hans") for path in paths}


def translations() -> dict[str, str]:
    """Return all Chinese messages by their English source."""
    known: dict[str, str] = {}
    for catalogue in catalogues().values():
        for message in catalogue:
            if message.id and not message.fuzzy:
                text_id = message.id[0] if isinstance(message.id, tuple) else message.id
                text = message.string[0] if isinstance(message.string, tuple) else message.string
                known[text_id] = text or known.get(text_id, "")
    return known


def _sources() -> list[Path]:
    code = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    templates = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    perks = [*(ROOT / "services").rglob("*.html"), *(ROOT / "demo").rglob("*.html")]
    return code + templates + perks
