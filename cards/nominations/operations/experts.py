"""The register of experts, and which of them a case asks."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import AnswerStatus, Asked, NominationStatus
from cards.nominations.models import AnswerRequest, Nomination, RecognisedExpert, email_index
from cards.nominations.operations.answers import ask
from cards.nominations.operations.transitions import lock
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation

# Until the preliminary review is made: somebody who declines may be replaced while the case waits.
MAY_BE_NAMED = (NominationStatus.DRAFT, NominationStatus.RETURNED, NominationStatus.SUBMITTED)


class ExpertsNotAsked(DomainError):
    """The basis asks for no expert."""

    code = "experts_not_asked"
    message = _("Nominations on this basis need no expert.")


class ExpertsFixed(DomainError):
    """The case has gone past the step at which experts are named."""

    code = "experts_fixed"
    message = _("Experts are named until the preliminary review is made.")


class ExpertNamedAlready(DomainError):
    """The same expert speaks for a case once."""

    code = "expert_named_already"
    message = _("This expert has been named for this nomination already.")


class EnoughExperts(DomainError):
    """The case names as many experts as its basis asks for."""

    code = "enough_experts"
    message = _("This basis asks for %(needed)s experts, and as many are named.")


class ExpertNotRecognised(DomainError):
    """The bureau does not recognise the expert now."""

    code = "expert_not_recognised"
    message = _("The bureau does not recognise this expert now.")


class ExpertHasConflict(DomainError):
    """The expert is too near to the case."""

    code = "expert_has_conflict"
    message = _("This expert is the nominee, filed the nomination, or works for the nominee's employer.")


class ExpertHasAnswered(DomainError):
    """What somebody answered stays with the case."""

    code = "expert_has_answered"
    message = _("This expert has answered. The answer stays with the case.")


@atomic_operation
def keep_expert(*, actor: User | None, expert: RecognisedExpert) -> RecognisedExpert:
    """Enter an expert into the register, or change the entry.

    :raises InvalidInput: if the e-mail belongs to another expert
    """
    expert.email_index = email_index(expert.email)
    if RecognisedExpert.objects.filter(email_index=expert.email_index).exclude(pk=expert.pk).exists():
        raise InvalidInput.of("email", "expert_exists", _("An expert with this e-mail is in the register already."))
    is_new = expert._state.adding
    expert.save()
    action = "expert.registered" if is_new else "expert.changed"
    record(actor=actor, action=action, target=expert, data={"is_active": expert.is_active})
    return expert


@atomic_operation
def name_expert(*, actor: User, nomination: Nomination, expert: RecognisedExpert, at: dt.datetime) -> AnswerRequest:
    """Name an expert who is to confirm a nomination; they are asked on submission, or now if it is submitted.

    :raises NotAllowed: if the actor does not file for it
    :raises ExpertsFixed: if its preliminary review is made, or the case has ended
    :raises ExpertsNotAsked: if its basis needs none
    :raises ExpertNotRecognised: if the bureau does not recognise them now
    :raises ExpertHasConflict: if they are the nominee, filed it, or work for the nominee's employer
    :raises ExpertNamedAlready: if they are named already, or have declined
    :raises EnoughExperts: if as many are named as are needed
    """
    nomination = _lock(actor, nomination)
    needed = nomination.basis.experts_needed
    if not needed:
        raise ExpertsNotAsked
    ensure_fit(expert, nomination, at=at)
    requests = nomination.answer_requests.filter(asked=Asked.EXPERT)
    if requests.current().filter(expert=expert).exists():
        raise ExpertNamedAlready(field="expert")
    if requests.standing().count() >= needed:
        raise EnoughExperts(field="expert", needed=needed)
    request = AnswerRequest.objects.create(nomination=nomination, asked=Asked.EXPERT, expert=expert)
    record(actor=actor, action="nomination.expert_named", target=nomination, data={"expert": str(expert.pk)})
    if nomination.status == NominationStatus.SUBMITTED:
        ask(request, nomination, at=at)
    return request


@atomic_operation
def drop_expert(*, actor: User, request: AnswerRequest, at: dt.datetime) -> None:
    """Take back that an expert was named; a link they were sent no longer works.

    Who has confirmed may be taken back while the case is being corrected; what they answered stays in its history.

    :raises NotAllowed: if the actor does not file for the case, or this is not about an expert
    :raises ExpertsFixed: if its preliminary review is made, or the case has ended
    :raises ExpertHasAnswered: if they have declined, or confirmed a case that waits for its review
    """
    nomination = _lock(actor, request.nomination)
    request = AnswerRequest.objects.select_for_update().get(pk=request.pk)
    if request.asked != Asked.EXPERT:
        raise NotAllowed
    if not may_be_dropped(request, nomination):
        raise ExpertHasAnswered
    request.status = AnswerStatus.DROPPED
    request.save(update_fields=["status", "updated_at"])
    record(actor=actor, action="nomination.expert_dropped", target=nomination, data={"expert": str(request.expert_id)})


def may_be_dropped(request: AnswerRequest, nomination: Nomination) -> bool:
    """Tell whether an expert of a case may be taken back."""
    is_unanswered = request.status in (AnswerStatus.NAMED, AnswerStatus.ASKED)
    return is_unanswered or (nomination.is_editable and request.status == AnswerStatus.CONFIRMED)


def ensure_fit(expert: RecognisedExpert, nomination: Nomination, *, at: dt.datetime) -> None:
    """Check that an expert may speak for a case.

    :raises ExpertNotRecognised: if the bureau does not recognise them now
    :raises ExpertHasConflict: if they are too near to it
    """
    if not expert.is_recognised(at):
        raise ExpertNotRecognised(field="expert")
    if queries.conflict_of(expert, nomination):
        raise ExpertHasConflict(field="expert")


def asking_shortcomings(nomination: Nomination, *, at: dt.datetime) -> Iterator[FieldError]:
    """Yield why the people whom a case's basis asks for cannot be asked yet."""
    yield from _expert_shortcomings(nomination, at=at)
    user = nomination.talent.user
    is_reachable = user is None or bool(user.email)
    if nomination.basis.needs_consent and not is_reachable and not queries.has_signed_consent(nomination):
        message = _("The nominee has no e-mail to be asked for consent by: attach the signed consent.")
        yield FieldError(field="evidence", code="consent_required", message=message)


def _expert_shortcomings(nomination: Nomination, *, at: dt.datetime) -> Iterator[FieldError]:
    needed = nomination.basis.experts_needed
    if not needed:
        return
    standing = nomination.answer_requests.filter(asked=Asked.EXPERT).standing()
    experts = RecognisedExpert.objects.filter(pk__in=standing.values("expert")).select_related("organisation", "talent")
    if len(experts) < needed:
        message = _("Name the experts who are to confirm the nomination: this basis asks for %(needed)s.")
        yield FieldError(field="experts", code="experts_required", message=message % {"needed": needed})
    for expert in experts:
        try:
            ensure_fit(expert, nomination, at=at)
        except DomainError as error:
            yield FieldError(field="experts", code=error.code, message=f"{expert.name}: {error}")


def _lock(actor: User, nomination: Nomination) -> Nomination:
    nomination = lock(nomination)
    if not rules.files(actor, nomination):
        raise NotAllowed
    if nomination.status not in MAY_BE_NAMED:
        raise ExpertsFixed
    return nomination
