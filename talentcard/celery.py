"""The Celery application. Work reaches it through the outbox, except for the periodic tasks in settings."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentcard.settings")

TRANSPORT_ALIASES["folder"] = "talentcard.outbox.folder_broker:Transport"

app = Celery("talentcard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
