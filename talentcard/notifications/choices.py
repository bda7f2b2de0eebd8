from django.db import models
from django.utils.translation import gettext_lazy as _


class EmailStatus(models.TextChoices):
    """What has become of a message's e-mail."""

    NONE = "none", _("no e-mail")
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")


class SmsStatus(models.TextChoices):
    """What has become of a message's SMS."""

    NONE = "none", _("no SMS")
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused by the gateway")
