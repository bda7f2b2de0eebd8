"""Decide direct issues: a second officer confirms or refuses, one case or many; who proposed one takes it back."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.choices import Route
from cards.issuance.models import RecognisedEntry
from cards.issuance.operations import award_card
from cards.nominations import direct_rules as rules
from cards.nominations import direct_writing, queries
from cards.nominations.choices import DIRECT_TRANSITIONS, DirectIssueStatus, DirectPaper
from cards.nominations.models import DirectEvidence, DirectIssue, DirectTransition
from cards.nominations.nearness import is_too_near
from cards.nominations.operations.direct import ensure_may_have_card
from cards.nominations.operations.direct_messages import tell
from cards.nominations.operations.review import ConflictOfInterest
from cards.talents.models import Talent
from cards.talents.operations import lock_person, replace_contact
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework.operations import (
    ItemClosed,
    RowResult,
    close_item,
    decide_each,
    ensure_free,
    ensure_not_too_many,
    issue_decision,
)
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.documents.models import Document


class SameOfficer(DomainError):
    """The officer proposed the case."""

    code = "same_officer"
    message = _("A direct issue needs two officers, and you proposed this one.")
    http_status = 403


class DirectIssueDecided(DomainError):
    """The case waits no more."""

    code = "direct_issue_decided"
    message = _("This is not possible while the direct issue is: %(status)s.")


class EntryEnded(DomainError):
    """The entry of the list that the case rests on holds no longer."""

    code = "entry_ended"
    message = _("The recognised list does not name the person any more.")


@atomic_operation
def confirm_direct_issue(
    *, actor: User, case: DirectIssue, at: dt.datetime, item_id: UUID | None = None, tells_proposer: bool = True
) -> DirectIssue:
    """Confirm a direct issue that somebody else proposed: the card is awarded.

    :param item_id: the work item the officer looked at
    :param tells_proposer: False where the caller tells who proposed it of many together
    :raises NotAllowed: if the case lies outside the actor's scope
    :raises SameOfficer: if the actor proposed it
    :raises ConflictOfInterest: if the actor is too near to the person
    :raises DirectIssueDecided: if it waits no more
    :raises ItemTaken: if a colleague has taken it on
    :raises EntryEnded: if the recognised list names the person no longer
    :raises PersonHasLiveCard: if the person has got a card meanwhile
    :raises PersonHasLiveNomination: if the person was nominated meanwhile
    :raises PersonInDoubt: if somebody who may be the same person was registered meanwhile
    :raises FactOnRecord: if a fact was recorded against the person meanwhile
    """
    case = _lock_to_decide(actor, case, at, item_id)
    on = timezone.localdate(at)
    if not RecognisedEntry.objects.in_force(on).filter(pk=case.entry_id).exists():
        raise EntryEnded
    ensure_may_have_card(lock_person(talent=case.talent), besides=case)
    talent = Talent.objects.get(pk=case.talent_id)
    replace_contact(actor=actor, talent=talent, phone=case.phone, email=case.email, address=talent.address)
    step = _move(case, DirectIssueStatus.ISSUED, actor, at)
    award_card(
        actor=actor,
        case_id=case.pk,
        holder=talent,
        tier=case.tier,
        route=Route.DIRECT,
        basis=case.basis,
        evidence_hash=direct_evidence_hash(case),
        at=at,
    )
    talent = Talent.objects.select_related("user").get(pk=talent.pk)
    addressees = [talent.user] if talent.user is not None else []
    _put_in_writing(case, DirectPaper.ISSUED, step, addressees)
    if tells_proposer:
        tell(case, case.proposed_by, "direct_issue.issued")
    if talent.user is not None:
        tell(case, talent.user, "direct_issue.card_given", url=reverse("issuance:my-card"))
    return case


@atomic_operation
def refuse_direct_issue(
    *, actor: User, case: DirectIssue, reason: str, at: dt.datetime, item_id: UUID | None = None
) -> DirectIssue:
    """Refuse a direct issue that somebody else proposed.

    :raises InvalidInput: if no reason is given
    :raises NotAllowed: if the case lies outside the actor's scope
    :raises SameOfficer: if the actor proposed it
    :raises ConflictOfInterest: if the actor is too near to the person
    :raises DirectIssueDecided: if it waits no more
    :raises ItemTaken: if a colleague has taken it on
    """
    if not reason.strip():
        raise InvalidInput.of("reason", "required", _("Give the reason."))
    case = _lock_to_decide(actor, case, at, item_id)
    step = _move(case, DirectIssueStatus.REFUSED, actor, at, reason=reason.strip())
    _put_in_writing(case, DirectPaper.REFUSED, step, [case.proposed_by])
    tell(case, case.proposed_by, "direct_issue.refused")
    return case


@atomic_operation
def withdraw_direct_issue(*, actor: User, case: DirectIssue, at: dt.datetime) -> DirectIssue:
    """Take back what one has proposed, before it is decided.

    :raises NotAllowed: if somebody else proposed it
    :raises DirectIssueDecided: if it waits no more
    """
    case = _lock(case)
    if case.proposed_by_id != actor.pk or not rules.is_issuer(actor):
        raise NotAllowed
    _ensure_may_move(case, DirectIssueStatus.WITHDRAWN)
    _move(case, DirectIssueStatus.WITHDRAWN, actor, at)
    return case


def decide_direct_issues(
    *, actor: User, case_ids: Sequence[UUID], is_confirmed: bool, reason: str, at: dt.datetime
) -> list[RowResult]:
    """Confirm or refuse many alike, each in its own transaction; say of each what became of it, in the order given.

    :raises TooManyAtOnce: if there are more than one request decides
    :raises InvalidInput: if they are refused without a reason
    """
    ensure_not_too_many(len(case_ids))
    if not is_confirmed and not reason.strip():
        raise InvalidInput.of("reason", "required", _("Give the reason."))
    visible = queries.direct_issues_visible_to(actor).in_bulk(list(case_ids))

    def decide(case: DirectIssue) -> DirectIssue:
        if is_confirmed:
            return confirm_direct_issue(actor=actor, case=case, at=at)
        return refuse_direct_issue(actor=actor, case=case, reason=reason, at=at)

    return decide_each(case_ids, among=visible, act=decide)


@atomic_operation
def read_direct_evidence(*, actor: User, case: DirectIssue, evidence: DirectEvidence) -> Document:
    """Hand a document of a direct issue to who may read it, and note who that was.

    :raises NotAllowed: if they may not read the case
    """
    if evidence.direct_issue_id != case.pk or not rules.may_read(actor, case):
        raise NotAllowed
    data = {"direct_issue": str(case.pk), "evidence": str(evidence.pk)}
    record(actor=actor, action="document.read", target=evidence.document, data=data)
    return evidence.document


def direct_evidence_hash(case: DirectIssue) -> str:
    """Return the SHA-256, in hex, of what a case rests on: the entry of the list, then its documents' sorted hashes.

    The entry's line is its list, whom or what it names, its source and since when it holds, separated by tabs.
    """
    entry = case.entry
    listed = [entry.recognised_list.code, entry.identity_index or entry.title_zh, entry.source]
    lines = ["\t".join([*listed, entry.valid_from.isoformat()])]
    lines += case.evidence.order_by("document__sha256").values_list("document__sha256", flat=True)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _lock(case: DirectIssue) -> DirectIssue:
    # The lock first and by itself: a row that was waited for is read anew, but what is joined to it is not.
    DirectIssue.objects.select_for_update().only("pk").get(pk=case.pk)
    return DirectIssue.objects.with_parties().get(pk=case.pk)


def _lock_to_decide(actor: User, case: DirectIssue, at: dt.datetime, item_id: UUID | None) -> DirectIssue:
    case = _lock(case)
    if not rules.in_scope(actor, case):
        raise NotAllowed
    if case.proposed_by_id == actor.pk:
        raise SameOfficer
    if is_too_near(actor, case.talent):
        raise ConflictOfInterest
    _ensure_may_move(case, DirectIssueStatus.ISSUED)
    if item_id is not None and item_id != case.item_id:
        raise ItemClosed(number=case.number)
    if case.item is not None:
        ensure_free(actor, case.item, at=at)
    return case


def _ensure_may_move(case: DirectIssue, to: DirectIssueStatus) -> None:
    status = DirectIssueStatus(case.status)
    if to not in DIRECT_TRANSITIONS[status]:
        raise DirectIssueDecided(status=status.label)


def _put_in_writing(case: DirectIssue, paper: DirectPaper, step: DirectTransition, addressees: list[User]) -> None:
    office = step.actor.organisation if step.actor is not None else None
    issue_decision(
        actor=step.actor,
        kind=paper,
        subject_id=case.pk,
        subject_number=case.number,
        fact_id=step.pk,
        addressees=addressees,
        write=lambda: direct_writing.write(case, paper, reason=case.reason, office=office),
        at=step.at,
    )


def _move(case: DirectIssue, to: DirectIssueStatus, actor: User, at: dt.datetime, **changes: Any) -> DirectTransition:
    _ensure_may_move(case, to)
    if case.item is not None:
        close_item(item=case.item, actor=actor, at=at)
    before = case.status
    values = {"status": to, "decided_by": actor, "decided_at": at, "item": None, **changes}
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=[*values, "updated_at"])
    record(actor=actor, action=f"direct_issue.{to}", target=case, data={"from": before})
    return DirectTransition.objects.create(direct_issue=case, from_status=before, to_status=to, actor=actor, at=at)
