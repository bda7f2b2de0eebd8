"""Mobile numbers in their one international spelling, E.164."""

import re
import unicodedata

MAINLAND = "+86"
# No fixed line, which begins with its area code: it receives no text messages.
MAINLAND_MOBILE = re.compile(r"1[3-9]\d{9}")
E164 = re.compile(r"\+[1-9]\d{6,14}")
# +44 (0)20 …: the zero is dialled only inside the country.
TRUNK_ZERO = re.compile(r"(?<=\d)\s*\(0\)")
SEPARATORS = re.compile(r"[\s().\-‐‑–—]+")
SHOWN_DIGITS = 4


def to_e164(text: str) -> str:
    """Return a number that text messages can reach as `+` and its digits, or an empty text if it is none.

    Without a country code it is a mainland number.
    """
    # NFKC: full-width digits and signs, as Chinese input methods write them.
    compact = SEPARATORS.sub("", TRUNK_ZERO.sub("", unicodedata.normalize("NFKC", text)))
    if compact.startswith("00"):
        compact = f"+{compact[2:]}"
    national = compact.removeprefix(MAINLAND)
    if MAINLAND_MOBILE.fullmatch(national):
        return MAINLAND + national
    if re.fullmatch(rf"86{MAINLAND_MOBILE.pattern}", compact):
        return f"+{compact}"
    if compact.startswith(MAINLAND) or not E164.fullmatch(compact):
        return ""
    return compact


def masked(number: str) -> str:
    """Return a number with only its last digits, enough for its owner to know it by."""
    return f"•••• {number[-SHOWN_DIGITS:]}" if number else ""
