"""File a request for a perk, decide it, rate it; every change of status goes through one door."""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import TalentCard
from cards.talents.models import Talent
from services.perks import messaging, queries, registry, rules
from services.perks.choices import DECIDED, OPEN, RATING_KIND, TRANSITIONS, RequestStatus
from services.perks.eligibility import Eligibility, evaluate
from services.perks.models import PerkRequest, RequestTransition
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.choices import FOLLOWED_UP
from talentcard.casework.operations import rate
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.core.workdays import add_working_days

# Without 0, 1, I, L and O, which are misread over the telephone.
NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class PerkNotOpen(DomainError):
    """The holder may not have the perk now."""

    code = "not_open"
    message = _("This is not open to you: %(reasons)s")

    def __init__(self, eligibility: Eligibility) -> None:
        self.eligibility = eligibility
        super().__init__(reasons=" ".join(condition.reason for condition in eligibility.unmet))


class PerkNotRequested(DomainError):
    """The perk is used at a desk, not asked for."""

    code = "perk_not_requested"
    message = _("This service is used at the partner's desk; there is nothing to ask for.")


class RequestNotFound(DomainError):
    """No such request, or not one this person may see."""

    code = "request_not_found"
    message = _("There is no such request.")
    http_status = 404


class TransitionNotAllowed(DomainError):
    """The request does not stand where this step begins."""

    code = "transition_not_allowed"
    message = _("The request is %(status)s; this step is not possible.")


@atomic_operation
def submit_request(*, actor: User, perk: str, details: Mapping[str, Any], at: dt.datetime) -> PerkRequest:
    """File a holder's request for a perk.

    :param details: the cleaned data of the perk's request form
    :raises PerkUnknown: if there is no such perk
    :raises PerkNotRequested: if the perk is not asked for
    :raises NotAllowed: if the actor is nobody in the registry
    :raises PerkNotOpen: naming every reason
    """
    wanted = registry.get(perk)
    if wanted.request_form is None:
        raise PerkNotRequested
    # Lock the person: two requests at once are judged one after the other.
    holder = Talent.objects.select_for_update().filter(user=actor).first()
    if holder is None:
        raise NotAllowed
    context = queries.context_of(holder, at=at)
    eligibility = evaluate(perk=wanted, context=context)
    if not eligibility.is_open or context.card is None:
        raise PerkNotOpen(eligibility)

    request = PerkRequest.objects.create(
        number=_next_number(at),
        holder=holder,
        card=context.card,
        perk=perk,
        district=holder.district,
        submitted_at=at,
        due_at=add_working_days(at, queries.working_days(wanted)),
    )
    step = RequestTransition.objects.create(request=request, to_status=RequestStatus.SUBMITTED, actor=actor, at=at)
    wanted.on_submitted(actor=actor, request=request, details=details, at=at)
    request.save()
    record(actor=actor, action="perk_request.submitted", target=request, data={"perk": perk})
    messaging.tell_of_step(request=request, step=step)
    return request


@atomic_operation
def accept_request(*, actor: User, request_id: UUID, at: dt.datetime) -> PerkRequest:
    """Take a request on 受理; the actor becomes its officer.

    :raises RequestNotFound: if the actor does not handle such requests
    :raises TransitionNotAllowed: unless it was just submitted
    """
    request = _lock_for_officer(actor, request_id)
    request.officer = actor
    return _move(actor=actor, request=request, to=RequestStatus.ACCEPTED, at=at)


@atomic_operation
def start_request(*, actor: User, request_id: UUID, at: dt.datetime) -> PerkRequest:
    """Begin to handle a request 办理.

    :raises RequestNotFound: if the actor does not handle such requests
    :raises TransitionNotAllowed: unless it was accepted
    """
    request = _lock_for_officer(actor, request_id)
    request.officer = actor
    return _move(actor=actor, request=request, to=RequestStatus.IN_PROGRESS, at=at)


@atomic_operation
def grant_request(
    *, actor: User, request_id: UUID, details: Mapping[str, Any], at: dt.datetime, reason: str = ""
) -> PerkRequest:
    """Grant a request and fulfil it in the same transaction.

    :param details: the cleaned data of the perk's grant form
    :raises RequestNotFound: if the actor does not handle such requests
    :raises TransitionNotAllowed: unless it is in progress
    :raises DomainError: whatever the perk says stands against it
    """
    request = _lock_for_officer(actor, request_id)
    _move(actor=actor, request=request, to=RequestStatus.GRANTED, at=at, reason=reason)
    registry.get(request.perk).on_granted(actor=actor, request=request, details=details, at=at)
    return request


@atomic_operation
def decline_request(*, actor: User, request_id: UUID, reason: str, at: dt.datetime) -> PerkRequest:
    """Decline a request, saying why; the holder may ask again.

    :raises RequestNotFound: if the actor does not handle such requests
    :raises InvalidInput: without a reason
    :raises TransitionNotAllowed: if it is decided already
    """
    if not reason.strip():
        raise InvalidInput.of("reason", "required", _("Say why the request is declined."))
    request = _lock_for_officer(actor, request_id)
    return _refuse(actor=actor, request=request, to=RequestStatus.DECLINED, at=at, reason=reason)


@atomic_operation
def withdraw_request(*, actor: User, request_id: UUID, at: dt.datetime) -> PerkRequest:
    """Take one's own request back before it is decided.

    :raises RequestNotFound: if it is not the actor's own
    :raises TransitionNotAllowed: if it is decided already
    """
    request = _lock_for_holder(actor, request_id)
    return _refuse(actor=actor, request=request, to=RequestStatus.WITHDRAWN, at=at)


@atomic_operation
def close_open_requests(*, card: TalentCard, at: dt.datetime) -> int:
    """Close what was asked for with a card that has ended; return how many requests that were."""
    open_requests = list(
        PerkRequest.objects.select_for_update(of=("self",))
        .filter(card=card, status__in=OPEN)
        .select_related("holder__user")
        .order_by("pk")
    )
    for request in open_requests:
        _refuse(actor=None, request=request, to=RequestStatus.CLOSED, at=at)
    return len(open_requests)


@atomic_operation
def rate_request(*, actor: User, request_id: UUID, level: int, at: dt.datetime, comment: str = "") -> PerkRequest:
    """Rate a decided request in five levels 好差评; the lowest two are followed up.

    :raises RequestNotFound: if it is not the actor's own
    :raises InvalidInput: if there is no such level
    :raises TransitionNotAllowed: before the decision
    :raises AlreadyRated: the second time
    """
    request = _lock_for_holder(actor, request_id)
    if request.status not in DECIDED:
        raise TransitionNotAllowed(status=request.get_status_display())
    rating = rate(
        actor=actor,
        kind=RATING_KIND,
        subject_id=request.pk,
        number=request.number,
        level=level,
        comment=comment,
        office=queries.office_that_decided(request),
        at=at,
    )
    if rating.level in FOLLOWED_UP:
        messaging.tell_of_low_rating(request=request, rating=rating)
    return request


def _refuse(
    *, actor: User | None, request: PerkRequest, to: RequestStatus, at: dt.datetime, reason: str = ""
) -> PerkRequest:
    _move(actor=actor, request=request, to=to, at=at, reason=reason)
    registry.get(request.perk).on_refused(request=request, at=at)
    return request


def _move(
    *, actor: User | None, request: PerkRequest, to: RequestStatus, at: dt.datetime, reason: str = ""
) -> PerkRequest:
    """Change a locked request's status: check the table, save, add to the timeline, audit, tell the holder."""
    if to not in TRANSITIONS.get(request.status, frozenset()):
        raise TransitionNotAllowed(status=request.get_status_display())
    before, request.status = request.status, to
    if to in DECIDED:
        request.decided_at = at
    request.save()
    step = RequestTransition.objects.create(
        request=request, from_status=before, to_status=to, actor=actor, reason=reason.strip(), at=at
    )
    record(actor=actor, action=f"perk_request.{to.value}", target=request, data={"perk": request.perk})
    messaging.tell_of_step(request=request, step=step)
    return request


def _lock(request_id: UUID) -> PerkRequest:
    locked = PerkRequest.objects.select_for_update(of=("self",)).select_related("holder__user", "card__tier")
    request = locked.filter(pk=request_id).first()
    if request is None:
        raise RequestNotFound
    return request


def _lock_for_officer(actor: User, request_id: UUID) -> PerkRequest:
    request = _lock(request_id)
    if not rules.may_handle(actor, request):
        # One who may read it is told why; for others it does not exist.
        raise NotAllowed if rules.may_see(actor, request) else RequestNotFound
    return request


def _lock_for_holder(actor: User, request_id: UUID) -> PerkRequest:
    request = _lock(request_id)
    if not rules.is_holder(actor, request):
        raise NotAllowed if rules.may_see(actor, request) else RequestNotFound
    return request


def _next_number(at: dt.datetime) -> str:
    day = timezone.localtime(at).strftime("%Y%m%d")
    # Random, not counted: requests filed at once do not wait for a counter, and a number tells nothing of others.
    return f"{day}-{''.join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))}"
