"""Numbers of identity documents: one spelling for each, and what is wrong with a bad one.

Pure functions: no database, no clock. Sources:

- GB 11643-1999 (citizen identification number): six digits of place, eight of birth date, three of sequence (odd for
  men, even for women) and a check character by ISO 7064 MOD 11-2. Its predecessor GB 11643-1989 had 15 digits: no
  century, no check character.
- GB/T 2260 (codes of administrative divisions). Only the province is checked. The number keeps the code of the place
  where it was first given, codes come and go (120116, Binhai, exists since 2009), and no public table is complete; a
  check against today's table, or against the birth year, refuses people whose number is right.
- State Council, measures for residence permits of Hong Kong, Macao and Taiwan residents (2018): numbers of the same
  build with the place codes 810000, 820000 and 830000.
- National Immigration Administration, rules for the 2023 permanent resident ID card: 9, province, country (three
  digits), birth date, sequence, MOD 11-2; before: three letters of nationality, four digits of place, six of birth
  date without the century, two more.
- Ministry of Public Security, 2010-03-10: a travel permit of a Hong Kong or Macao resident is H or M and eight digits
  for life; the earlier card added two that count renewals. From 2008-09-25 the Taiwan residents' permit has eight
  digits for life; before, two digits of renewals and the issuing office in brackets followed.
- ICAO Doc 9303: passport numbers are Latin letters and digits. Their length is each state's choice.
"""

import re
import string
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RESIDENT_ID = "resident_id"
RESIDENCE_PERMIT = "residence_permit"
PASSPORT = "passport"
FOREIGN_PR_CARD = "foreign_pr_card"
HK_MACAU_PERMIT = "hk_macau_permit"
TAIWAN_PERMIT = "taiwan_permit"
KINDS = frozenset({RESIDENT_ID, RESIDENCE_PERMIT, PASSPORT, FOREIGN_PR_CARD, HK_MACAU_PERMIT, TAIWAN_PERMIT})

PROVINCES = frozenset(
    str(code)
    for codes in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), [71])
    for code in codes
)
PERMIT_REGIONS = frozenset({"810000", "820000", "830000"})
OLDEST_AGE = 130

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# str.upper() would also turn letters of other alphabets into Latin ones ("ı" into "I"), and so one number into another.
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


class Reason(StrEnum):
    """What is wrong with a number."""

    LENGTH = "length"
    CHARACTERS = "characters"
    REGION = "region"
    BIRTH_DATE = "birth_date"
    BIRTH_DATE_IN_FUTURE = "birth_date_in_future"
    CHECK_CHARACTER = "check_character"


_MESSAGES: dict[Reason, str | Promise] = {
    Reason.LENGTH: _("The document number has the wrong length."),
    Reason.CHARACTERS: _("The document number holds characters that this type of document does not have."),
    Reason.REGION: _("The place code at the start of the document number does not exist for this type of document."),
    Reason.BIRTH_DATE: _("The birth date in the document number is impossible."),
    Reason.BIRTH_DATE_IN_FUTURE: _("The birth date in the document number is in the future."),
    Reason.CHECK_CHARACTER: _("The last character of the document number does not fit the others: one is mistyped."),
}


class IdentityNumberInvalid(ValueError):
    """Say why a number cannot be that of such a document; never repeats the number.

    `code` is the reason as an error code for a form or a sheet, such as `identity_check_character`.
    """

    def __init__(self, kind: str, reason: Reason) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
        self.code = f"identity_{reason}"
        self.message = _MESSAGES[reason]


def normalise(kind: str, raw: str) -> str:
    """Return the one spelling under which a number is kept and found, whatever way it was typed.

    Full-width characters become plain, spaces, hyphens, invisible characters and a spreadsheet's leading apostrophe
    go, letters become capital. A 15-digit resident number gets its century and check character; of a travel permit
    only what its holder keeps for life remains. Does not judge the number: `validate` does.
    """
    text = "".join(char for char in raw.translate(_HALF_WIDTH) if not _is_filler(char)).translate(_UPPER)
    shorten = _CANONICAL.get(kind)
    text = text.lstrip("'")
    return shorten(text) if shorten else text


def validate(kind: str, number: str, *, on: date) -> None:
    """Check a number, spelled as `normalise` returns it, on a given day.

    :raises IdentityNumberInvalid: with the first reason found
    :raises KeyError: if `kind` is not one of `KINDS`
    """
    _CHECKS[kind](number, on)


def birth_date_of(kind: str, number: str) -> date | None:
    """Return the birth date that a normalised number states in full, or None if it states none."""
    if not _states_birth_date(kind, number):
        return None
    return _date(number[6:14])


def birth_digits_of(kind: str, number: str) -> str:
    """Return the birth date that a normalised number states, as YYMMDD, or "" if it states none.

    A foreign permanent resident card of before 2023 states no century. Its successor has another number, which cannot
    be told from the old one.
    """
    if kind == FOREIGN_PR_CARD and re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        return number[7:13]
    born = birth_date_of(kind, number)
    return f"{born:%y%m%d}" if born else ""


def gender_of(kind: str, number: str) -> str | None:
    """Return "female" or "male" if a normalised number tells, else None."""
    if kind not in {RESIDENT_ID, RESIDENCE_PERMIT} or not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return None
    return "male" if int(number[16]) % 2 else "female"


def mask(number: str) -> str:
    """Return a number fit for showing: the first three and last two characters, of a short one fewer."""
    if len(number) < 6:
        return "*" * len(number)
    first, last = (3, 2) if len(number) >= 12 else (1, 2)
    return number[:first] + "*" * (len(number) - first - last) + number[-last:]


def check_character(body: str) -> str:
    """Return the ISO 7064 MOD 11-2 check character that follows a run of digits."""
    remainder = 0
    for digit in body:
        remainder = (remainder + int(digit)) * 2 % 11
    return "0123456789X"[(12 - remainder) % 11]


def _is_filler(char: str) -> bool:
    # Input methods offer the minus sign (U+2212) as a hyphen.
    return char.isspace() or char == "\u2212" or unicodedata.category(char) in {"Pd", "Cc", "Cf"}


def _lengthen_resident_id(text: str) -> str:
    if not re.fullmatch(r"[0-9]{15}", text):
        return text
    body = f"{text[:6]}19{text[6:]}"
    return body + check_character(body)


def _without_renewals(text: str) -> str:
    match = re.fullmatch(r"([HM][0-9]{8})[0-9]{2}", text)
    return match[1] if match else text


def _without_renewals_and_office(text: str) -> str:
    match = re.fullmatch(r"([0-9]{8})[0-9]{2}(?:[A-Z]|\([A-Z0-9]\))?", text)
    return match[1] if match else text


_CANONICAL: dict[str, Callable[[str], str]] = {
    RESIDENT_ID: _lengthen_resident_id,
    HK_MACAU_PERMIT: _without_renewals,
    TAIWAN_PERMIT: _without_renewals_and_office,
}


def _states_birth_date(kind: str, number: str) -> bool:
    states = kind in {RESIDENT_ID, RESIDENCE_PERMIT} or (kind == FOREIGN_PR_CARD and number.startswith("9"))
    return states and re.fullmatch(r"[0-9]{17}[0-9X]", number) is not None


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _check_shape(kind: str, number: str, *, length: int, pattern: str) -> None:
    if len(number) != length:
        raise IdentityNumberInvalid(kind, Reason.LENGTH)
    if not re.fullmatch(pattern, number):
        raise IdentityNumberInvalid(kind, Reason.CHARACTERS)


def _check_citizen_number(kind: str, number: str, on: date, *, region_exists: Callable[[str], bool]) -> None:
    _check_shape(kind, number, length=18, pattern=r"[0-9]{17}[0-9X]")
    if not region_exists(number):
        raise IdentityNumberInvalid(kind, Reason.REGION)
    born = _date(number[6:14])
    if born is None or born.year < on.year - OLDEST_AGE:
        raise IdentityNumberInvalid(kind, Reason.BIRTH_DATE)
    if born > on:
        raise IdentityNumberInvalid(kind, Reason.BIRTH_DATE_IN_FUTURE)
    if number[17] != check_character(number[:17]):
        raise IdentityNumberInvalid(kind, Reason.CHECK_CHARACTER)


def _check_resident_id(number: str, on: date) -> None:
    _check_citizen_number(RESIDENT_ID, number, on, region_exists=lambda number: number[:2] in PROVINCES)


def _check_residence_permit(number: str, on: date) -> None:
    _check_citizen_number(RESIDENCE_PERMIT, number, on, region_exists=lambda number: number[:6] in PERMIT_REGIONS)


def _check_foreign_pr_card(number: str, on: date) -> None:
    if len(number) == 18:
        _check_citizen_number(
            FOREIGN_PR_CARD, number, on, region_exists=lambda number: number[0] == "9" and number[1:3] in PROVINCES
        )
        return
    _check_shape(FOREIGN_PR_CARD, number, length=15, pattern=r"[A-Z]{3}[0-9]{12}")
    if number[3:5] not in PROVINCES:
        raise IdentityNumberInvalid(FOREIGN_PR_CARD, Reason.REGION)
    # The century is not told: the date need only be possible in one of the two.
    births = [_date(century + number[7:13]) for century in ("19", "20")]
    if not any(born and born <= on for born in births):
        raise IdentityNumberInvalid(FOREIGN_PR_CARD, Reason.BIRTH_DATE)


def _check_passport(number: str, on: date) -> None:
    if not 5 <= len(number) <= 15:
        raise IdentityNumberInvalid(PASSPORT, Reason.LENGTH)
    if not re.fullmatch(r"[A-Z0-9]*[0-9][A-Z0-9]*", number):
        raise IdentityNumberInvalid(PASSPORT, Reason.CHARACTERS)


def _check_hk_macau_permit(number: str, on: date) -> None:
    _check_shape(HK_MACAU_PERMIT, number, length=9, pattern=r"[HM][0-9]{8}")


def _check_taiwan_permit(number: str, on: date) -> None:
    _check_shape(TAIWAN_PERMIT, number, length=8, pattern=r"[0-9]{8}")


_CHECKS: dict[str, Callable[[str, date], None]] = {
    RESIDENT_ID: _check_resident_id,
    RESIDENCE_PERMIT: _check_residence_permit,
    PASSPORT: _check_passport,
    FOREIGN_PR_CARD: _check_foreign_pr_card,
    HK_MACAU_PERMIT: _check_hk_macau_permit,
    TAIWAN_PERMIT: _check_taiwan_permit,
}
