"""Everything that changes an item, who has it, and who is away."""

from talentcard.casework.operations.absences import cancel_absence, declare_absence
from talentcard.casework.operations.assignment import (
    ItemClosed,
    ItemTaken,
    OfficerAway,
    OfficerUnfit,
    claim,
    ensure_free,
    hand_over,
    release,
)
from talentcard.casework.operations.bulk import (
    MAX_AT_ONCE,
    NotFound,
    RowResult,
    TooManyAtOnce,
    attempt,
    decide_each,
    ensure_not_too_many,
)
from talentcard.casework.operations.chasing import chase, escalate, remind
from talentcard.casework.operations.decisions import issue_decision, read_decision
from talentcard.casework.operations.delegation import (
    DelegationChained,
    DelegationEnded,
    DelegationOverlaps,
    OfficeUnstaffed,
    ScopeNotHeld,
    delegate,
    take_back,
)
from talentcard.casework.operations.items import close_item, lock_item, open_item, restart_clock, stop_clock
from talentcard.casework.operations.ratings import AlreadyAnswered, AlreadyRated, answer_rating, rate

__all__ = [
    "MAX_AT_ONCE",
    "AlreadyAnswered",
    "AlreadyRated",
    "DelegationChained",
    "DelegationEnded",
    "DelegationOverlaps",
    "ItemClosed",
    "ItemTaken",
    "NotFound",
    "OfficeUnstaffed",
    "OfficerAway",
    "OfficerUnfit",
    "RowResult",
    "ScopeNotHeld",
    "TooManyAtOnce",
    "answer_rating",
    "attempt",
    "cancel_absence",
    "chase",
    "claim",
    "close_item",
    "decide_each",
    "declare_absence",
    "delegate",
    "ensure_free",
    "ensure_not_too_many",
    "escalate",
    "hand_over",
    "issue_decision",
    "lock_item",
    "open_item",
    "rate",
    "read_decision",
    "release",
    "remind",
    "restart_clock",
    "stop_clock",
    "take_back",
]
