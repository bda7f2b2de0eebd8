"""The Celery application. Work reaches it through the outbox, except for the periodic tasks in settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentcard.settings")

app = Celery("talentcard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
