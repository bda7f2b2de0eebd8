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

    VALID = "valid", _("valid")
    UNREADABLE = "unreadable", _("unreadable")
    UNSUPPORTED_VERSION = "unsupported_version", _("unsupported version")
    UNKNOWN_KEY = "unknown_key", _("unknown key")
    BAD_SIGNATURE = "bad_signature", _("wrong signature")
    KEY_NOT_ALLOWED = "key_not_allowed", _("key not allowed")
    NOT_YET_VALID = "not_yet_valid", _("not yet valid")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")
    SUSPENDED = "suspended", _("suspended or lost")
    SUPERSEDED = "superseded", _("superseded")
    UNKNOWN_CODE = "unknown_code", _("not in the register")
    PURPOSE_NOT_ALLOWED = "purpose_not_allowed", _("purpose not allowed")


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
