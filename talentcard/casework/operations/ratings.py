"""Rate how a subject was handled, and follow a bad rating up."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.models import Organisation, User
from talentcard.audit.operations import record
from talentcard.casework import queries, rules
from talentcard.casework.choices import FOLLOWED_UP, RATINGS_DESK, RatingLevel
from talentcard.casework.models import Rating
from talentcard.casework.operations.items import close_item, open_item
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.notifications.operations import notify

COMMENT_LENGTH = 1000


class AlreadyRated(DomainError):
    """A person rates a subject once."""

    code = "already_rated"
    message = _("You have rated this request already.")


class AlreadyAnswered(DomainError):
    """What was done about a rating is recorded once, and of a bad one only."""

    code = "already_answered"
    message = _("This rating does not wait for a follow-up.")


@atomic_operation
def rate(
    *,
    actor: User,
    kind: str,
    subject_id: UUID,
    number: str,
    level: int,
    office: Organisation | None,
    at: dt.datetime,
    comment: str = "",
) -> Rating:
    """Record how a person rates the handling of a subject; of the two lowest levels the office's head is told.

    The caller has checked that the person was served, and that it is over.

    :param kind: what the subject is, a word of the app whose subject it is
    :param number: how people name the subject
    :raises InvalidInput: if there is no such level
    :raises AlreadyRated: the second time
    """
    if level not in RatingLevel.values:
        raise InvalidInput.of("level", "invalid_choice", _("Choose one of the five levels."))
    rating = Rating(
        kind=kind,
        subject_id=subject_id,
        number=number,
        level=level,
        comment=comment,
        rated_by=actor,
        office=office,
        at=at,
    )
    try:
        # A savepoint: the same person may rate twice at the same moment.
        with transaction.atomic():
            rating.save(force_insert=True)
    except IntegrityError:
        raise AlreadyRated from None
    data = {"kind": kind, "subject": str(subject_id), "level": level}
    record(actor=actor, action="rating.given", target=rating, data=data)
    if level in FOLLOWED_UP:
        _ask_for_follow_up(actor, rating)
    return rating


@atomic_operation
def answer_rating(*, actor: User, rating: Rating, text: str, at: dt.datetime) -> Rating:
    """Record what was done about a bad rating, as the head of the office it is about; who rated it reads that.

    :raises InvalidInput: if nothing is said
    :raises NotAllowed: if the actor does not head that office, or gave the rating
    :raises AlreadyAnswered: if it is no bad one, or was answered before
    """
    if not text.strip():
        raise InvalidInput.of("text", "required", _("Say what was done."))
    rating = Rating.objects.select_for_update(of=("self",)).select_related("item", "rated_by").get(pk=rating.pk)
    if not rules.may_answer_rating(actor, rating):
        raise NotAllowed
    if rating.level not in FOLLOWED_UP or rating.answered_at is not None:
        raise AlreadyAnswered
    rating.answer, rating.answered_by, rating.answered_at = text, actor, at
    rating.save(update_fields=["answer", "answered_by", "answered_at", "updated_at"])
    if rating.item is not None:
        close_item(item=rating.item, actor=actor, at=at)
    record(actor=actor, action="rating.answered", target=rating, data={"kind": rating.kind})
    if rating.rated_by is not None:
        _tell(rating, rating.rated_by, "casework.rating_answered")
    return rating


def _ask_for_follow_up(actor: User, rating: Rating) -> None:
    heads = list(queries.heads_of_office(rating.office, at=rating.at).exclude(pk=actor.pk))
    rating.item = open_item(
        desk=RATINGS_DESK,
        subject_id=rating.pk,
        number=rating.number,
        working_days=settings.RATING_FOLLOW_UP_DAYS,
        assignee=heads[0] if heads else None,
        at=rating.at,
    )
    rating.save(update_fields=["item", "updated_at"])
    for head in heads:
        _tell(rating, head, "casework.rated_low")


def _tell(rating: Rating, recipient: User, event: str) -> None:
    params = {"number": rating.number}
    notify(event=event, recipient=recipient, key=str(rating.pk), params=params, url=rating.get_absolute_url())
