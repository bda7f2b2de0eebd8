"""The appeal against a refusal: lodged once, decided by people who have not handled the case."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.nominations import queries, rules
from cards.nominations.choices import AppealStatus, NominationStatus, Step
from cards.nominations.models import Appeal, AppealDocument, Nomination, Transition
from cards.nominations.operations.evidence import DocumentsTooLarge, TooManyDocuments
from cards.nominations.operations.messages import tell_officers, tell_parties
from cards.nominations.operations.quotas import charge_for_appeal
from cards.nominations.operations.review import ConflictOfInterest
from cards.nominations.operations.submission import PersonHasLiveCard, PersonHasLiveNomination
from cards.nominations.operations.transitions import TransitionNotAllowed, lock, move
from cards.nominations.writing import Grounds
from cards.talents.operations import lock_person
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.operations import ItemClosed, ensure_free
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.documents.models import Document
from talentcard.documents.operations import discard_document, store_document


class AppealUsed(DomainError):
    """The case has been appealed before."""

    code = "appeal_used"
    message = _("A refusal may be appealed once, and this one was.")


class AppealTooLate(DomainError):
    """The time to appeal is over, or the policy gives none."""

    code = "appeal_too_late"
    message = _("The time to appeal against this decision is over.")


class AppealDecided(DomainError):
    """The appeal is no longer open."""

    code = "appeal_decided"
    message = _("This appeal has been decided.")


class HandledBefore(DomainError):
    """The officer has had a say in the case."""

    code = "handled_before"
    message = _("You have handled this case before: an appeal is decided by somebody who has not.")
    http_status = 403


def lodge_appeal(
    *, actor: User, nomination: Nomination, text: str, at: dt.datetime, uploads: Sequence[UploadedFile] = ()
) -> Appeal:
    """Appeal against a refusal, once, as the nominator or the nominee in person; the case is live again meanwhile.

    A clerk of the window that filed the case lodges the nominator's appeal 代办, with what the nominator signed.

    :raises NotAllowed: if the actor is none of them
    :raises InvalidInput: if the text is missing, or the signed appeal at a window; if a document is empty, too large,
        or not what its name says
    :raises TransitionNotAllowed: if the case is not rejected
    :raises AppealUsed: if it was appealed before
    :raises AppealTooLate: if the time to appeal is over
    :raises TooManyDocuments: if there are more than a case holds
    :raises DocumentsTooLarge: if they are larger together than they may be
    :raises PersonHasLiveNomination: if the person is nominated anew meanwhile, by anyone
    :raises PersonHasLiveCard: if the person has a card meanwhile
    :raises ScannerUnavailable: if a virus scanner is configured and gives no verdict
    """
    if not text.strip():
        raise InvalidInput.of("text", "required", _("Say what is wrong with the decision."))
    # Before the files are stored, so that nobody fills the disk with what is refused; and again under the lock.
    _ensure_may_appeal(actor, nomination, at)
    if not uploads and not rules.is_party(actor, nomination):
        raise InvalidInput.of("documents", "required", _("Attach the appeal that the nominator signed."))
    _ensure_room(uploads)
    documents: list[Document] = []
    try:
        documents.extend(store_document(actor=actor, upload=upload, field="documents") for upload in uploads)
        return _lodge(actor, nomination, text, documents, at)
    except BaseException:
        for document in documents:
            discard_document(document)
        raise


@atomic_operation
def decide_appeal(
    *, actor: User, appeal: Appeal, is_upheld: bool, reason: str, at: dt.datetime, item_id: UUID | None = None
) -> Appeal:
    """Decide an appeal: dismissed, the refusal is final; upheld, it is annulled and the case goes back to its review.

    It goes back to the review it was refused at, a refusal under notice to the second; who had a part in the refusal
    does not make it.

    :param item_id: the work item the officer looked at
    :raises InvalidInput: if no reason is given
    :raises NotAllowed: if the case lies outside the actor's scope
    :raises ConflictOfInterest: if the actor is too near to it
    :raises HandledBefore: if the actor has had a say in it
    :raises AppealDecided: if the appeal is not open any more
    :raises ItemTaken: if a colleague has taken it on
    :raises ItemClosed: if it waits for another decision than the officer looked at
    """
    if not reason.strip():
        raise InvalidInput.of("reason", "required", _("Give the reason."))
    nomination = lock(appeal.nomination)
    _ensure_may_decide(actor, nomination, item_id, at)
    appeal = nomination.appeal
    appeal.status = AppealStatus.UPHELD if is_upheld else AppealStatus.DISMISSED
    appeal.decided_by, appeal.decided_at, appeal.reason = actor, at, reason
    appeal.save()
    data = {"nomination": str(nomination.pk)}
    record(actor=actor, action=f"appeal.{appeal.status}", target=appeal, data=data)
    if is_upheld:
        _send_back(actor, nomination, reason, at)
    else:
        to, grounds = NominationStatus.REJECTED, Grounds(reason=reason)
        step = move(nomination=nomination, to=to, actor=actor, grounds=grounds, at=at, decided_at=at)
        tell_parties(nomination, event="nomination.appeal_dismissed", fact=step.pk)
    return appeal


@atomic_operation
def read_appeal_document(*, actor: User, nomination: Nomination, entry: AppealDocument) -> Document:
    """Hand a document of an appeal to who may read it, and note who that was.

    :raises NotAllowed: if they may not read the appeal
    """
    if entry.appeal.nomination_id != nomination.pk or not rules.may_read_appeal(actor, nomination):
        raise NotAllowed
    data = {"nomination": str(nomination.pk), "appeal": str(entry.appeal_id), "inline": False}
    record(actor=actor, action="document.read", target=entry.document, data=data)
    return entry.document


@atomic_operation
def _lodge(actor: User, nomination: Nomination, text: str, documents: Sequence[Document], at: dt.datetime) -> Appeal:
    nomination = lock(nomination)
    _ensure_may_appeal(actor, nomination, at)
    records = lock_person(talent=nomination.talent)
    if queries.is_second_nomination(nomination, records):
        raise PersonHasLiveNomination
    if queries.has_live_card(records):
        raise PersonHasLiveCard
    appeal = Appeal.objects.create(nomination=nomination, lodged_by=actor, lodged_at=at, text=text)
    AppealDocument.objects.bulk_create(AppealDocument(appeal=appeal, document=each) for each in documents)
    charge_for_appeal(actor=actor, nomination=nomination, at=at)
    try:
        # A savepoint: somebody may have submitted another nomination of the person since the check above.
        with transaction.atomic():
            step = move(nomination=nomination, to=NominationStatus.APPEALED, actor=actor, at=at)
    except IntegrityError:
        raise PersonHasLiveNomination from None
    data = {"nomination": str(nomination.pk), "documents": [each.sha256 for each in documents]}
    record(actor=actor, action="appeal.lodged", target=appeal, data=data)
    tell_parties(nomination, event="nomination.appealed", fact=step.pk)
    unfit = rules.handlers_of(nomination)
    tell_officers(nomination, event="nomination.appeal_waits", fact=step.pk, at=at, besides=unfit)
    return appeal


def _send_back(actor: User, nomination: Nomination, reason: str, at: dt.datetime) -> None:
    to = _refused_at(nomination)
    step = move(
        nomination=nomination,
        to=to,
        actor=actor,
        grounds=Grounds(reason=reason),
        at=at,
        round=nomination.round + 1,
        decided_at=None,
    )
    tell_parties(nomination, event="nomination.appeal_upheld", fact=step.pk)
    tell_officers(
        nomination, event="nomination.waits_again", fact=step.pk, at=at, besides=rules.refusers_of(nomination)
    )


def _refused_at(nomination: Nomination) -> NominationStatus:
    """Return the status of the review at which a case under appeal was refused."""
    refusals = Transition.objects.filter(nomination=nomination, to_status=NominationStatus.REJECTED)
    refusal = refusals.order_by("-at", "-created_at").values_list("from_status", flat=True).first()
    is_preliminary = refusal == NominationStatus.SUBMITTED
    return NominationStatus.SUBMITTED if is_preliminary else NominationStatus.SECOND_REVIEW


def _ensure_may_appeal(actor: User, nomination: Nomination, at: dt.datetime) -> None:
    if not rules.acts_for_a_party(actor, nomination):
        raise NotAllowed
    if rules.appeal_of(nomination) is not None:
        raise AppealUsed
    if nomination.status != NominationStatus.REJECTED:
        raise TransitionNotAllowed(status=NominationStatus(nomination.status).label)
    last_day = rules.last_appeal_day(nomination)
    if last_day is None or timezone.localdate(at) > last_day:
        raise AppealTooLate


def _ensure_may_decide(actor: User, nomination: Nomination, item_id: UUID | None, at: dt.datetime) -> None:
    if not rules.in_scope(actor, nomination, Step.SECOND):
        raise NotAllowed
    if rules.has_conflict(actor, nomination):
        raise ConflictOfInterest
    if nomination.status != NominationStatus.APPEALED:
        raise AppealDecided
    if rules.has_handled(actor, nomination):
        raise HandledBefore
    if item_id is not None and item_id != nomination.item_id:
        raise ItemClosed(number=nomination.number)
    if nomination.item is not None:
        ensure_free(actor, nomination.item, at=at)


def _ensure_room(uploads: Sequence[UploadedFile]) -> None:
    if len(uploads) > settings.DOCUMENTS_PER_CASE:
        raise TooManyDocuments(field="documents", limit=settings.DOCUMENTS_PER_CASE)
    if sum(upload.size or 0 for upload in uploads) > settings.DOCUMENTS_PER_CASE_BYTES:
        limit = filesizeformat(settings.DOCUMENTS_PER_CASE_BYTES)
        raise DocumentsTooLarge(field="documents", limit=limit)
