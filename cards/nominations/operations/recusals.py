"""An officer's tie to a person 回避: declared, it keeps them from all of that person's cases; withdrawn by a head."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.nominations import direct_rules, rules
from cards.nominations.choices import Relation
from cards.nominations.models import DirectIssue, Nomination, Recusal
from cards.talents.models import Talent
from cards.talents.queries import records_of
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework import operations as casework
from talentcard.casework.models import WorkItem
from talentcard.casework.queries import heads_of
from talentcard.casework.rules import is_head_of
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation
from talentcard.notifications.operations import notify


class AlreadyRecused(DomainError):
    """The officer's tie to the person is on record."""

    code = "already_recused"
    message = _("This is on record: the officer takes no part in the person's cases.")


class RecusalWithdrawn(DomainError):
    """The recusal has been withdrawn before."""

    code = "recusal_withdrawn"
    message = _("This recusal was withdrawn before.")


@atomic_operation
def declare_recusal(
    *,
    actor: User,
    officer: User,
    case: Nomination | DirectIssue,
    relation: str,
    at: dt.datetime,
    reason: str = "",
) -> Recusal:
    """Record that an officer is too near to a case's person, and take all of the person's cases off them.

    Officers declare it for themselves, and the head of an office for its people. What the officer has decided before
    stands.

    :raises InvalidInput: if there is no such relation
    :raises NotAllowed: if the actor is neither the officer nor the head of the officer's office, or the officer decides
        no cases
    :raises AlreadyRecused: if it is on record
    """
    if relation not in Relation.values:
        raise InvalidInput.of("relation", "invalid_choice", _("Choose the relation."))
    if not _may_declare(actor, officer):
        raise NotAllowed
    _take_off(officer, case.talent, at)
    recusal = Recusal(
        officer=officer,
        talent=case.talent,
        number=case.number,
        relation=relation,
        reason=reason,
        declared_by=actor,
        declared_at=at,
    )
    try:
        # A savepoint: officer and head may declare it at the same moment.
        with transaction.atomic():
            recusal.save(force_insert=True)
    except IntegrityError:
        raise AlreadyRecused from None
    # Not the relation: the log is read by more people.
    data = {"officer": str(officer.pk), "case": str(case.pk)}
    record(actor=actor, action="recusal.declared", target=recusal, data=data)
    for person in {officer, *heads_of([officer], at=at)} - {actor}:
        _tell(recusal, person, "nomination.recused")
    return recusal


@atomic_operation
def withdraw_recusal(*, actor: User, recusal: Recusal, at: dt.datetime) -> Recusal:
    """End a recusal, as the head of the officer's office: not one's own.

    :raises NotAllowed: if the actor does not head that office, or is the officer
    :raises RecusalWithdrawn: if it was withdrawn before
    """
    recusal = Recusal.objects.select_for_update(of=("self",)).get(pk=recusal.pk)
    if not rules.may_withdraw_recusal(actor, recusal):
        raise NotAllowed
    if recusal.withdrawn_at is not None:
        raise RecusalWithdrawn
    recusal.withdrawn_by, recusal.withdrawn_at = actor, at
    recusal.save(update_fields=["withdrawn_by", "withdrawn_at", "updated_at"])
    record(actor=actor, action="recusal.withdrawn", target=recusal, data={"officer": str(recusal.officer_id)})
    _tell(recusal, recusal.officer, "nomination.recusal_withdrawn")
    return recusal


def _may_declare(actor: User, officer: User) -> bool:
    if not (rules.is_reviewer(officer) or direct_rules.is_issuer(officer)):
        return False
    return actor == officer or is_head_of(actor, officer)


@atomic_operation
def take_off_recused(*, talent: Talent, at: dt.datetime) -> None:
    """Take a person's cases off the officers who have declared a tie to any of the person's records."""
    for recusal in Recusal.objects.standing().filter(talent__in=records_of(talent)).select_related("officer"):
        _take_off(recusal.officer, talent, at)


def _take_off(officer: User, talent: Talent, at: dt.datetime) -> None:
    """Put back what an officer has of a person's, for others to take on."""
    records = records_of(talent).values("pk")
    cases = [*Nomination.objects.filter(talent__in=records).values_list("pk", flat=True)]
    cases += DirectIssue.objects.filter(talent__in=records).values_list("pk", flat=True)
    for item in WorkItem.objects.open().filter(assignee=officer, subject_id__in=cases).order_by("pk"):
        casework.release(actor=officer, item=item, at=at)


def _tell(recusal: Recusal, recipient: User, event: str) -> None:
    params, url = {"number": recusal.number}, reverse("nominations:recusal-list")
    notify(event=event, recipient=recipient, key=str(recusal.pk), params=params, url=url)
