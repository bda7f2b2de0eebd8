"""The text of a text message, and how long it is to a provider."""

from django.utils.translation import gettext as _

# A long message spends three characters of each segment on saying which segment it is.
SINGLE, JOINED = 70, 67
MAX_SEGMENTS = 2


def text_of(title: str) -> str:
    """Return what is sent, in the active language: who writes, then what happened; no link, no name, no reason."""
    return _("[%(site)s] %(title)s") % {"site": _("Haihe Talent Card"), "title": title}


def segments(text: str) -> int:
    """Return how many segments a text takes in UCS-2, as which a provider sends and charges it."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= SINGLE else -(-units // JOINED)
