"""What a nominator corrected between two submissions of a case, and replied."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cards.issuance.models import Basis, Tier
from cards.nominations import rules
from cards.nominations.models import Evidence, Nomination, Submission
from cards.nominations.queries.topics import FIELD_TOPICS, topic_labels
from cards.talents.models import District
from talentcard.accounts.rules import Actor

# What a nominator may correct, by the names of FIELD_TOPICS, and how each is kept.
FIELDS: dict[str, Callable[[Nomination], str]] = {
    "employer_name": lambda case: case.employer_name,
    "district": lambda case: case.district,
    "basis": lambda case: str(case.basis_id),
    "tier": lambda case: str(case.tier_id),
    "statement": lambda case: case.statement,
    "phone": lambda case: case.phone,
    "email": lambda case: case.email,
    "address": lambda case: case.address,
}


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """A field that says something else than before, in the reader's language."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What was to be corrected of what, and what the nominator says to it; `reply` may be empty."""

    about: str
    note: str
    reply: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is new since the submission before; a document that was removed is kept for who reviews."""

    round: int
    fields: list[FieldChange]
    added: list[Evidence]
    removed: list[Evidence]
    replies: list[Reply]


def as_stated(nomination: Nomination) -> dict[str, Any]:
    """Return what a case states now, as a submission keeps it; one query."""
    documents = [str(pk) for pk in nomination.evidence.values_list("pk", flat=True)]
    return {name: value(nomination) for name, value in FIELDS.items()} | {"evidence": documents}


def changes_of(user: Actor, nomination: Nomination) -> Changes | None:
    """Return what the last submission changed, for the case's own side and for officers.

    None if the user may not know, the case was handed in but once, or it is being corrected again. Of a case that was
    first handed in before submissions were kept, the replies alone are known.
    """
    is_corrected = nomination.round > 1 and not nomination.is_editable
    if not is_corrected or not rules.may_read_exchange(user, nomination):
        return None
    kept = list(nomination.submissions.order_by("-round")[:2])
    if not kept:
        return None
    after, before = json.loads(kept[0].stated), json.loads(kept[-1].stated)
    documents = {str(each.pk): each for each in _documents(nomination)}
    return Changes(
        round=kept[0].round,
        fields=_field_changes(before, after),
        added=[documents[pk] for pk in after["evidence"] if pk not in before["evidence"] and pk in documents],
        removed=[documents[pk] for pk in before["evidence"] if pk not in after["evidence"] and pk in documents],
        replies=_replies(nomination, kept[0]),
    )


def _documents(nomination: Nomination) -> list[Evidence]:
    return list(Evidence.with_removed.filter(nomination=nomination).select_related("document"))


def _field_changes(before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
    changed = [name for name in FIELDS if before[name] != after[name]]
    return [
        FieldChange(
            field=name,
            label=str(FIELD_TOPICS[name]),
            before=_in_words(name, before[name]),
            after=_in_words(name, after[name]),
        )
        for name in changed
    ]


def _in_words(name: str, value: str) -> str:
    match name:
        case "basis":
            return Basis.objects.get(pk=value).name
        case "tier":
            return str(Tier.objects.get(pk=value))
        case "district":
            district = District.objects.filter(code=value).first()
            return district.name if district is not None else value
    return value


def _replies(nomination: Nomination, submission: Submission) -> list[Reply]:
    replies = json.loads(submission.replies) if submission.replies else []
    labels = topic_labels(nomination, [each["field"] for each in replies])
    return [
        Reply(about=label, note=each["note"], reply=each["reply"]) for each, label in zip(replies, labels, strict=True)
    ]
