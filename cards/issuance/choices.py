from django.db import models
from django.utils.translation import gettext_lazy as _


class Route(models.TextChoices):
    """The steps a basis asks for."""

    RECOMMENDATION = "recommendation", _("recommendation with public notice")
    RECOMMENDATION_WITHOUT_NOTICE = "recommendation_without_notice", _("recommendation without notice")
    DIRECT = "direct", _("direct issue")
    UPGRADE = "upgrade", _("Green Card upgrade")


class CardStatus(models.TextChoices):
    """The life of a card."""

    IN_PRODUCTION = "in_production", _("in production")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")
    RETURNED = "returned", _("returned")


LIVE = (CardStatus.IN_PRODUCTION, CardStatus.ACTIVE, CardStatus.SUSPENDED)

TRANSITIONS: dict[CardStatus, frozenset[CardStatus]] = {
    CardStatus.IN_PRODUCTION: frozenset({CardStatus.ACTIVE, CardStatus.REVOKED}),
    CardStatus.ACTIVE: frozenset({CardStatus.SUSPENDED, CardStatus.EXPIRED, CardStatus.REVOKED, CardStatus.RETURNED}),
    CardStatus.SUSPENDED: frozenset({CardStatus.ACTIVE, CardStatus.EXPIRED, CardStatus.REVOKED, CardStatus.RETURNED}),
    CardStatus.EXPIRED: frozenset(),
    CardStatus.REVOKED: frozenset(),
    CardStatus.RETURNED: frozenset(),
}


class KnownReason(models.TextChoices):
    """Reasons for a change of status that are ours; an officer writes others in words."""

    LOST = "lost", _("reported lost by the holder")
    EXPIRED = "expired", _("the validity is over")


class EditionStatus(models.TextChoices):
    """The life of one printing of a card's proof."""

    MADE = "made", _("made")
    ACTIVE = "active", _("active")
    SUPERSEDED = "superseded", _("superseded")
