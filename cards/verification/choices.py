"""What a check can be, can show and can answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Where a code was presented."""

    API = "api", _("partner system")
    DESK = "desk", _("desk")
    PUBLIC = "public", _("public check")


class Outcome(models.TextChoices):
    """The answer in one word. Online the status is always known, so there is nothing between the two."""

    VALID = "valid", _("Valid")
    INVALID = "invalid", _("Not valid")


class Reason(models.TextChoices):
    """Why. The codes are those of `talentcard_verifier`, and two that only the register can give."""

    VALID = "valid", _("The card is valid.")
    UNREADABLE = "unreadable", _("This is not a card's code, or part of it is missing.")
    UNSUPPORTED_VERSION = "unsupported_version", _("The code is of a kind that is not supported here.")
    UNKNOWN_KEY = "unknown_key", _("The code is signed with a key that is not the city's.")
    BAD_SIGNATURE = "bad_signature", _("The signature is wrong: the code was forged or altered.")
    KEY_NOT_ALLOWED = "key_not_allowed", _("The key that signed the code was not allowed to do so.")
    NOT_YET_VALID = "not_yet_valid", _("The card has not been activated yet.")
    EXPIRED = "expired", _("The card has expired.")
    REVOKED = "revoked", _("The card has been revoked or returned.")
    SUSPENDED = "suspended", _("The card is suspended or was reported lost.")
    SUPERSEDED = "superseded", _("This code was replaced by a newer one.")
    UNKNOWN_CODE = "unknown_code", _("The code is signed, but no card in the register has it.")
    PURPOSE_NOT_ALLOWED = "purpose_not_allowed", _("Checks for this purpose are not open to you.")


ADVICE = {
    Reason.VALID: _("Compare what is shown with the person before you."),
    Reason.UNREADABLE: _("Scan or paste the whole code again; letters are capitals and nothing may be left out."),
    Reason.UNSUPPORTED_VERSION: _("Ask the holder to show the code on the card's page."),
    Reason.UNKNOWN_KEY: _("Do not accept it. If the card looks genuine, call the card service."),
    Reason.BAD_SIGNATURE: _("Do not accept it, and report it to the card service."),
    Reason.KEY_NOT_ALLOWED: _("Do not accept it, and report it to the card service."),
    Reason.NOT_YET_VALID: _("The holder can see on the card's page when it becomes active."),
    Reason.EXPIRED: _("The holder may ask for a renewal."),
    Reason.REVOKED: _("The card opens nothing any more. The holder was told why."),
    Reason.SUSPENDED: _("Do not accept it until it is reinstated. The holder can ask the card service."),
    Reason.SUPERSEDED: _("Ask the holder for the current card, or for the code on the card's page."),
    Reason.UNKNOWN_CODE: _("Do not accept it, and report it to the card service."),
    Reason.PURPOSE_NOT_ALLOWED: _("Choose a purpose of your desk, or ask your administrator for this one."),
}


class Field(models.TextChoices):
    """What of a card a purpose may show: a closed set."""

    NAME = "name", _("name")
    MASKED_NAME = "masked_name", _("name, masked")
    TIER = "tier", _("tier")
    CARD_NUMBER = "card_number", _("card number")
    VALID_UNTIL = "valid_until", _("valid until")


# Anybody may look: enough to see that this is the card's code, too little to learn whose it is.
PUBLIC_FIELDS = (Field.MASKED_NAME, Field.TIER, Field.VALID_UNTIL)
# 涉密: a holder under secrecy is never named to a partner.
SECRET_FIELDS = frozenset({Field.TIER})


class MinimumGrade(models.TextChoices):
    """How fresh a desk's knowledge of the status must be; the values are those of `talentcard_verifier.Grade`."""

    LIVE = "live", _("live")
    OFFLINE_FRESH = "offline_fresh", _("offline, fresh list")
    OFFLINE_STALE = "offline_stale", _("offline, any list in force")
