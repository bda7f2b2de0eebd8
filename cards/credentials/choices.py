from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyStatus(models.TextChoices):
    """`active` signs; `retired` is still published so that what it signed verifies; `revoked` is withdrawn."""

    ACTIVE = "active", _("active")
    RETIRED = "retired", _("retired")
    REVOKED = "revoked", _("revoked")


class StatusValue(models.IntegerChoices):
    """The two bits of a code in the published list; the format's values, see docs/qr-format.md."""

    VALID = 0, _("valid")
    REVOKED = 1, _("revoked")
    SUSPENDED = 2, _("suspended or lost")
    SUPERSEDED = 3, _("superseded")
