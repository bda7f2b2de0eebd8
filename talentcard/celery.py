"""The Celery application. Work reaches it through the outbox, except for the periodic tasks in settings."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentcard.settings")

TRANSPORT_ALIASES["folder"] = "talentcard.outbox.folder_broker:Transport"

app = Celery("talentcard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def say_that_beat_is_ready(**_: Any) -> None:
    """Log that beat has opened its schedule: told to stop before, it fails over that file."""
    logging.getLogger("celery.beat").info("beat: Ready.")
