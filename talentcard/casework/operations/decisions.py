"""Decisions in writing: issued inside the deciding operation, read by those they concern."""

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from talentcard.accounts.models import Organisation, User
from talentcard.audit.operations import record
from talentcard.casework import decision_kinds, rules
from talentcard.casework.decision_texts import DecisionText, fingerprint, freeze
from talentcard.casework.models import DecisionAddressee, DecisionCounter, DecisionDocument
from talentcard.core.errors import NotAllowed
from talentcard.core.transactions import atomic_operation


@atomic_operation
def issue_decision(
    *,
    actor: User | None,
    kind: str,
    subject_id: UUID,
    subject_number: str,
    fact_id: UUID,
    addressees: Sequence[User | Organisation],
    write: Callable[[], DecisionText],
    at: dt.datetime,
) -> DecisionDocument:
    """Put a decision in writing, in the transaction that decides; a second call for the same fact returns the first's.

    The caller holds a lock on the subject. The numbers of a kind are given one after another: who issues one waits
    for whoever issues another to commit.

    :param actor: who decided; None for the system itself
    :param fact_id: what decided, such as a step in the subject's history
    :param write: writes the text in the language that is active when it is called
    :raises KeyError: if no app registers the kind
    """
    if (document := DecisionDocument.objects.filter(kind=kind, fact_id=fact_id).first()) is not None:
        return document
    number = _next_number(decision_kinds.get(kind).prefix, at)
    content = freeze(write, number=number, subject=subject_number, decided_at=at.isoformat())
    document = DecisionDocument.objects.create(
        kind=kind,
        number=number,
        subject_id=subject_id,
        subject_number=subject_number,
        fact_id=fact_id,
        content=content,
        content_sha256=fingerprint(content),
        decided_at=at,
        decided_by=actor,
    )
    DecisionAddressee.objects.bulk_create(_addressee(document, each) for each in addressees)
    data = {"kind": kind, "subject": str(subject_id), "sha256": document.content_sha256}
    record(actor=actor, action="decision.issued", target=document, data=data)
    return document


@atomic_operation
def read_decision(*, actor: User, document: DecisionDocument, form: str) -> DecisionDocument:
    """Hand a decision to who may read it, and note who that was.

    :param form: as what they read it, such as "page" or "pdf"
    :raises NotAllowed: if it neither is addressed to them nor belongs to a case they read
    """
    if not rules.may_read_decision(actor, document):
        raise NotAllowed
    record(actor=actor, action="decision.read", target=document, data={"form": form})
    return document


def _next_number(prefix: str, at: dt.datetime) -> str:
    """Return a number no other decision has; those of a kind and a year count from 1."""
    year = timezone.localtime(at).year
    counter = DecisionCounter.objects.filter(prefix=prefix, year=year)
    if not counter.update(last=F("last") + 1):
        DecisionCounter.objects.get_or_create(prefix=prefix, year=year)
        counter.update(last=F("last") + 1)
    return f"{prefix}{year}-{counter.get().last:06d}"


def _addressee(document: DecisionDocument, addressee: User | Organisation) -> DecisionAddressee:
    if isinstance(addressee, User):
        return DecisionAddressee(document=document, user=addressee)
    return DecisionAddressee(document=document, organisation=addressee)
