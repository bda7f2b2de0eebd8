"""A name that anybody may see: enough to recognise one's own."""

from talentcard_verifier.names import graphemes

# Always as many: the length of a name tells too much of it.
MASK = "＊＊"


def mask_name(name: str) -> str:
    """Return the first character of a name as a reader sees it, and a mask for the rest."""
    return next(graphemes(name), "") + MASK
