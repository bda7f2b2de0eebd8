"""Compare names as people write them."""

import unicodedata


def are_same_name(one: str, other: str) -> bool:
    """Tell whether two spellings may be one name: case, width, dots and the order of its parts do not count."""
    return _parts(one) == _parts(other) or _letters(one) == _letters(other)


def letters_of(name: str) -> str:
    """Return a name's letters in one order: alike for all spellings of one name, and for few names that are not."""
    return "".join(sorted(_letters(name)))


def _parts(name: str) -> list[str]:
    spaced = "".join(char if _is_letter(char) else " " for char in _fold(name))
    return sorted(spaced.split())


def _letters(name: str) -> str:
    return "".join(char for char in _fold(name) if _is_letter(char))


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _is_letter(char: str) -> bool:
    # Marks belong to letters in scripts such as Devanagari; private use holds rare Han characters on old systems.
    return unicodedata.category(char)[0] in "LMN" or unicodedata.category(char) == "Co"
