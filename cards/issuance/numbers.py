"""Card numbers: `HH`, the year, seven digits and a check character, such as HH260000014D.

The check character is that of ISO 7064, MOD 37,36. It tells every single wrong character, and all but one in 630
swaps of neighbours; numbers that such a swap would turn into one another are passed over, so that every swap is told.
"""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from talentcard.core.errors import DomainError

PREFIX = "HH"
SERIAL_DIGITS = 7
LENGTH = len(PREFIX) + 2 + SERIAL_DIGITS + 1

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PATTERN = re.compile(rf"{PREFIX}[0-9]{{{2 + SERIAL_DIGITS}}}[0-9A-Z]", re.ASCII)
_IGNORED = re.compile(r"[\s\-‐‑–—·.]+")


class CardNumberInvalid(DomainError):
    """The text is not a card number, or was mistyped."""

    code = "card_number_invalid"
    message = _("This is not a card number. Check it for typing errors.")
    http_status = 400


def compose(*, year: int, serial: int) -> str | None:
    """Return the number of a serial, or None if a swap of neighbours would turn it into another number.

    :raises ValueError: if the serial has too many digits
    """
    if not 0 < serial < 10**SERIAL_DIGITS:
        raise ValueError("the serial is out of range")
    body = f"{PREFIX}{year % 100:02}{serial:0{SERIAL_DIGITS}}"
    number = body + check_character(body)
    return None if _has_twin(number) else number


def check_character(body: str) -> str:
    """Return the ISO 7064 MOD 37,36 check character of digits and upper-case letters."""
    return _ALPHABET[(1 - _weigh(body)) % 36]


def normalise(text: str) -> str:
    """Return a number as it is stored: no matter the case, the width of its characters, spaces or hyphens."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_valid(number: str) -> bool:
    """Tell whether a normalised text can be a card number."""
    return _is_consistent(number) and not _has_twin(number)


def parse(text: str) -> str:
    """Return the number somebody typed, normalised.

    :raises CardNumberInvalid: if it cannot be a card number
    """
    number = normalise(text)
    if not is_valid(number):
        raise CardNumberInvalid(field="number")
    return number


def _weigh(text: str) -> int:
    product = 36
    for character in text:
        product = ((product + _ALPHABET.index(character)) % 36 or 36) * 2 % 37
    return product


def _is_consistent(number: str) -> bool:
    return bool(_PATTERN.fullmatch(number)) and check_character(number[:-1]) == number[-1]


def _has_twin(number: str) -> bool:
    swapped = (
        number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        for at in range(len(number) - 1)
        if number[at] != number[at + 1]
    )
    return any(_is_consistent(other) for other in swapped)
