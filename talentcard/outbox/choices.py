from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryStatus(models.TextChoices):
    """`waiting → sent → running → done`; back to waiting on an error or a lost worker; dead after too many tries."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent to the broker")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    DEAD = "dead", _("given up")


OUT = (EntryStatus.SENT, EntryStatus.RUNNING)
