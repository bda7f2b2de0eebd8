"""Hand a nomination in, and take it back."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import NominationStatus, Source
from cards.nominations.models import Nomination, Transition
from cards.nominations.operations import requirements
from cards.nominations.operations.answers import ask_all
from cards.nominations.operations.drafts import lock_editable
from cards.nominations.operations.duplicates import note_look_alikes
from cards.nominations.operations.experts import asking_shortcomings
from cards.nominations.operations.messages import tell_nominator, tell_officers, tell_parties
from cards.nominations.operations.objections import end_notice
from cards.nominations.operations.quotas import charge_quota
from cards.nominations.operations.rounds import keep_submission, match_replies
from cards.nominations.operations.transitions import ensure_may_move, lock, move
from cards.talents.operations import ensure_account, lock_person, replace_contact
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.notifications.operations import notify


class PersonHasLiveNomination(DomainError):
    """The person is nominated already; by whom is never said."""

    code = "person_has_live_nomination"
    message = _("This person has a nomination under way.")


class PersonHasLiveCard(DomainError):
    """The person has a card already."""

    code = "person_has_live_card"
    message = _("This person already has a Haihe Talent card.")


@atomic_operation
def submit(
    *,
    actor: User,
    nomination: Nomination,
    at: dt.datetime,
    replies: Sequence[str] = (),
    to_round: int | None = None,
) -> Nomination:
    """Hand a draft, or a corrected nomination, in for review; the nominee gets an account and is told.

    Experts and the nominee are asked, by e-mailed links, for what the basis asks of them.

    Without an account so far, the nominee is reached from now on as this nomination says.

    :param replies: what the nominator says to each thing that was to be corrected, in the order of the return
    :param to_round: the case's round when they were written
    :raises NotAllowed: if it is not the actor's organisation's
    :raises NotEditable: if it is neither a draft nor returned
    :raises InvalidInput: with everything that is missing or does not fit
    :raises ReturnedAgain: if the replies are to an earlier return
    :raises PersonHasLiveNomination: if the person is nominated already, by anyone
    :raises PersonHasLiveCard: if the person has a card already
    :raises RenominationExcluded: if the person was refused on this basis and nobody is nominated on it again
    :raises RenominationTooEarly: if the time after a refusal on this basis is not over
    :raises QuotaNotGranted: if the bureau has granted the nominator nothing
    :raises CreditClassExcluded: if the nominator's credit class may not nominate
    :raises QuotaUsedUp: if the nominator has used all of this year
    """
    nomination = lock_editable(actor, nomination)
    replied = match_replies(nomination, replies, to_round=to_round)
    step = submit_locked(actor=actor, nomination=nomination, at=at, replied=replied)
    tell_nominator(nomination, event="nomination.submitted", fact=step.pk)
    tell_officers(nomination, event="nomination.waits_preliminary", fact=step.pk, at=at)
    return nomination


def submit_locked(
    *,
    actor: User,
    nomination: Nomination,
    at: dt.datetime,
    replied: Sequence[dict[str, str]] = (),
) -> Transition:
    """Hand in a nomination that the caller has locked, and tell the nominee; the caller tells the others.

    :param replied: what was to be corrected, with the replies, as `match_replies` returns it
    """
    ensure_may_move(nomination, NominationStatus.SUBMITTED)
    errors = list(_shortcomings(nomination, at=at))
    if errors:
        raise InvalidInput(errors)
    records = lock_person(talent=nomination.talent)
    if queries.is_second_nomination(nomination, records) or queries.is_proposed_directly(records):
        raise PersonHasLiveNomination(field="identity_number")
    if queries.has_live_card(records):
        raise PersonHasLiveCard(field="identity_number")
    requirements.ensure_may_be_nominated_again(nomination, records, at=at)
    charge_quota(nomination=nomination, at=at)
    try:
        # A savepoint: another nominator may have submitted the same person since the check above.
        with transaction.atomic():
            step = move(
                nomination=nomination,
                to=NominationStatus.SUBMITTED,
                actor=actor,
                at=at,
                submitted_at=at,
                round=nomination.round + 1,
            )
    except IntegrityError:
        raise PersonHasLiveNomination(field="identity_number") from None
    keep_submission(actor=actor, nomination=nomination, replied=replied, at=at)
    note_look_alikes(actor=actor, nomination=nomination, at=at)
    nominee = _ensure_nominee(actor, nomination, at)
    notify(
        event="nomination.nominee_told",
        recipient=nominee,
        key=f"{nomination.pk}:{step.pk}",
        params={"number": nomination.number},
        url=nomination.get_absolute_url(),
    )
    ask_all(nomination=nomination, at=at)
    return step


@atomic_operation
def withdraw(*, actor: User, nomination: Nomination, at: dt.datetime) -> Nomination:
    """Take a nomination back before it is decided.

    :raises NotAllowed: if it is not the actor's organisation's
    :raises TransitionNotAllowed: if it is decided
    """
    nomination = lock(nomination)
    if not rules.files(actor, nomination):
        raise NotAllowed
    was_filed = nomination.submitted_at is not None
    step = move(nomination=nomination, to=NominationStatus.WITHDRAWN, actor=actor, at=at, decided_at=at)
    end_notice(nomination, at=at)
    if was_filed:
        tell_parties(nomination, event="nomination.withdrawn", fact=step.pk)
    return nomination


def _ensure_nominee(actor: User, nomination: Nomination, at: dt.datetime) -> User:
    # Whoever submits answers for the address the link goes to; nobody else's may have stayed in the registry.
    replace_contact(
        actor=actor,
        talent=nomination.talent,
        phone=nomination.phone,
        email=nomination.email,
        address=nomination.address,
    )
    return ensure_account(actor=actor, talent=nomination.talent, at=at)


def _shortcomings(nomination: Nomination, *, at: dt.datetime) -> Iterator[FieldError]:
    if not nomination.statement.strip():
        yield FieldError(field="statement", code="required", message=_("Say why this person should have the card."))
    if not nomination.employer_name.strip():
        yield FieldError(field="employer_name", code="required", message=_("State the nominee's employer."))
    if not nomination.email and nomination.talent.user_id is None:
        yield FieldError(
            field="email", code="required", message=_("The nominee's e-mail is needed: the result is sent there.")
        )
    if nomination.source == Source.WINDOW and not queries.has_signed_consent(nomination):
        message = _("Attach the nominee's signed consent: at the window nobody is nominated without it.")
        yield FieldError(field="evidence", code="consent_required", message=message)
    yield from asking_shortcomings(nomination, at=at)
    yield from requirements.shortcomings(nomination, at=at)
