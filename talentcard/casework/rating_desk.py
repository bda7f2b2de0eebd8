"""The desk at which bad ratings wait for the head of the office they are about."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.choices import Role
from talentcard.casework import rules
from talentcard.casework.choices import RATINGS_DESK
from talentcard.casework.desks import Desk, register
from talentcard.casework.models import Rating


def _url(subject_id: UUID) -> str:
    return reverse("casework:rating-detail", args=[subject_id])


def _may_answer(user: Any, subject_id: UUID) -> bool:
    return rules.may_answer_rating(user, Rating.objects.get(pk=subject_id))


register(Desk(slug=RATINGS_DESK, title=_("bad ratings"), role=Role.HEAD, url=_url, may_handle=_may_answer))
