"""The Haihe Talent card service."""

from talentcard.celery import app as celery_app

__all__ = ["celery_app"]
