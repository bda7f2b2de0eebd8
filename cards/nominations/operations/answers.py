"""Ask experts and the nominee by e-mailed links, and take what they answer.

A link is a credential. What it carries is random and known to the database by its hash; the token itself is kept,
encrypted, only until its e-mail has left.
"""

import datetime as dt
import secrets
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import AnswerStatus, Asked, NominationStatus
from cards.nominations.models import AnswerLink, AnswerRequest, Nomination
from cards.nominations.operations.messages import tell_nominator, tell_officers
from cards.nominations.operations.transitions import lock, move
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import act_on_each, atomic_operation
from talentcard.outbox.operations import enqueue

TOKEN_BYTES = 32
# So that nobody's mailbox is filled by pressing a button.
LINKS_A_DAY = 5
LONGEST_ANSWER = 2000


class LinkDead(DomainError):
    """The link takes no answer; why is not said, nor whether it ever did."""

    code = "link_dead"
    message = _(
        "This link does not work. It has been used, was replaced by a newer one, is out of date, or the nomination has "
        "changed since."
    )
    http_status = 404


class NotWaitingForAnswer(DomainError):
    """Nobody's answer is waited for there."""

    code = "not_waiting_for_answer"
    message = _("No answer is waited for there now.")


class TooManyLinks(DomainError):
    """The person was written to often enough."""

    code = "too_many_links"
    message = _("This person was sent %(limit)s links within a day. Try again tomorrow.")
    http_status = 429


@atomic_operation
def answer_by_link(*, token: str, is_confirmed: bool, words: str, at: dt.datetime) -> AnswerRequest:
    """Record what the bearer of a link answers, once.

    The nominee's refusal ends the case: it is closed as withdrawn, and its quota given back.

    :raises LinkDead: if the link is unknown, used, replaced or expired, or its case does not wait for it
    :raises InvalidInput: if an expert writes nothing, or anybody too much
    """
    link = queries.usable_link(token, at=at)
    if link is None:
        raise LinkDead
    # The nomination's lock guards its requests too: of two who answer at once, the second finds it answered.
    nomination = lock(link.request.nomination)
    if queries.usable_link(token, at=at) is None:
        raise LinkDead
    request = AnswerRequest.objects.select_for_update().get(pk=link.request_id)
    words = words.strip()
    _ensure_words(request, words)
    request.status = AnswerStatus.CONFIRMED if is_confirmed else AnswerStatus.DECLINED
    request.is_confirmed, request.answered_at, request.words = is_confirmed, at, words
    request.save(update_fields=["status", "is_confirmed", "answered_at", "words", "updated_at"])
    record(actor=None, action=f"answer.{request.status}", target=request, data={"nomination": str(nomination.pk)})
    _follow(request, nomination, at)
    return request


@atomic_operation
def resend_link(*, actor: User, request: AnswerRequest, at: dt.datetime) -> AnswerLink:
    """Send somebody who has not answered a new link; the former ones no longer work.

    :raises NotAllowed: if the actor does not file for the case
    :raises NotWaitingForAnswer: if they have answered, or the case does not wait for them
    :raises TooManyLinks: if they were sent too many within a day
    """
    nomination = lock(request.nomination)
    if not rules.files(actor, nomination):
        raise NotAllowed
    request = AnswerRequest.objects.select_for_update().get(pk=request.pk)
    if request.status != AnswerStatus.ASKED or nomination.status != NominationStatus.SUBMITTED:
        raise NotWaitingForAnswer
    if request.links.filter(made_at__gt=at - dt.timedelta(days=1)).count() >= LINKS_A_DAY:
        raise TooManyLinks(limit=LINKS_A_DAY)
    link = ask(request, nomination, at=at)
    record(actor=actor, action="answer.link_resent", target=request, data={"nomination": str(nomination.pk)})
    return link


def ask(request: AnswerRequest, nomination: Nomination, *, at: dt.datetime) -> AnswerLink:
    """Ask somebody, by a new link, about a locked case as it is now; former links no longer work."""
    request.links.filter(voided_at=None).update(voided_at=at, updated_at=at)
    request.status, request.asked_at, request.reminded_at = AnswerStatus.ASKED, at, None
    request.stated = queries.stated_to(request.asked, nomination)
    request.save(update_fields=["status", "asked_at", "reminded_at", "stated", "updated_at"])
    expires_at = at + dt.timedelta(days=settings.ANSWER_LINK_DAYS)
    return _make_link(request, expires_at=expires_at, is_reminder=False, at=at)


def ask_all(*, nomination: Nomination, at: dt.datetime) -> None:
    """Ask everybody a locked case that was just submitted has to ask: what was answered and has not changed, stays."""
    basis = nomination.basis
    requests = list(nomination.answer_requests.current().select_for_update())
    for request in requests:
        is_asked = basis.experts_needed if request.asked == Asked.EXPERT else _asks_nominee(nomination)
        if not is_asked:
            _drop_unanswered(request)
        elif request.status == AnswerStatus.CONFIRMED and request.stated != queries.stated_to(
            request.asked, nomination
        ):
            request.status = AnswerStatus.DROPPED
            request.save(update_fields=["status", "updated_at"])
            anew = AnswerRequest.objects.create(nomination=nomination, asked=request.asked, expert_id=request.expert_id)
            ask(anew, nomination, at=at)
        elif request.status in (AnswerStatus.NAMED, AnswerStatus.ASKED):
            ask(request, nomination, at=at)
    if _asks_nominee(nomination) and not any(request.asked == Asked.NOMINEE for request in requests):
        ask(AnswerRequest.objects.create(nomination=nomination, asked=Asked.NOMINEE), nomination, at=at)


def remind_of_answers(*, at: dt.datetime) -> int:
    """Remind everybody whose link soon expires, each in a transaction of its own; return how many were reminded."""
    return act_on_each(
        lambda: _to_remind(at), lambda pk: remind_of_answer(request_id=pk, at=at), what="a reminder of an answer"
    )


@atomic_operation
def remind_of_answer(*, request_id: UUID, at: dt.datetime) -> bool:
    """Remind somebody by a link of the same length of life; return False if they were reminded, or have answered.

    The link they have goes on working: whoever is answering just now loses nothing.
    """
    nomination = lock(AnswerRequest.objects.select_related("nomination").get(pk=request_id).nomination)
    request = _to_remind(at).filter(pk=request_id).first()
    if request is None:
        return False
    request.reminded_at = at
    request.save(update_fields=["reminded_at", "updated_at"])
    live = request.links.filter(voided_at=None, expires_at__gt=at).latest("expires_at")
    _make_link(request, expires_at=live.expires_at, is_reminder=True, at=at)
    record(actor=None, action="answer.reminded", target=request, data={"nomination": str(nomination.pk)})
    return True


def _to_remind(at: dt.datetime) -> QuerySet[AnswerRequest]:
    soon = at + dt.timedelta(days=settings.ANSWER_REMINDER_DAYS)
    links = AnswerLink.objects.usable(at).filter(expires_at__lte=soon, request__reminded_at=None)
    return AnswerRequest.objects.filter(pk__in=links.values("request"))


def _make_link(request: AnswerRequest, *, expires_at: dt.datetime, is_reminder: bool, at: dt.datetime) -> AnswerLink:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = AnswerLink.objects.create(
        request=request,
        digest=AnswerLink.digest_of(token),
        token=token,
        is_reminder=is_reminder,
        made_at=at,
        expires_at=expires_at,
    )
    enqueue("nominations.send_answer_link", queue="mail", link_id=link.pk)
    return link


def _asks_nominee(nomination: Nomination) -> bool:
    return nomination.basis.needs_consent and not queries.has_signed_consent(nomination)


def _drop_unanswered(request: AnswerRequest) -> None:
    if request.status in (AnswerStatus.NAMED, AnswerStatus.ASKED):
        request.status = AnswerStatus.DROPPED
        request.save(update_fields=["status", "updated_at"])


def _ensure_words(request: AnswerRequest, words: str) -> None:
    if request.asked == Asked.EXPERT and not words:
        raise InvalidInput.of("words", "required", _("Write a few words."))
    if len(words) > LONGEST_ANSWER:
        raise InvalidInput.of("words", "too_long", _("Write less: this is too long."))


def _follow(request: AnswerRequest, nomination: Nomination, at: dt.datetime) -> None:
    if request.asked == Asked.NOMINEE and not request.is_confirmed:
        step = move(nomination=nomination, to=NominationStatus.WITHDRAWN, actor=None, at=at, decided_at=at)
        tell_nominator(nomination, event="nomination.nominee_refused", fact=step.pk)
        return
    words = {Asked.EXPERT: "expert", Asked.NOMINEE: "nominee"}[Asked(request.asked)]
    tell_nominator(nomination, event=f"nomination.{words}_{request.status}", fact=request.pk)
    if not queries.answers_lacking(nomination):
        tell_officers(nomination, event="nomination.answers_complete", fact=request.pk, at=at)
