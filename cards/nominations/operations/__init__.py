"""What changes a nomination. Each module is one part of its life; all go through `transitions.move`."""

from cards.nominations.operations.drafts import (
    NomineeInput,
    correct_nominee_contact,
    create_draft,
    update_draft,
)
from cards.nominations.operations.duplicates import decide_duplicate
from cards.nominations.operations.evidence import attach_evidence, read_evidence, remove_evidence
from cards.nominations.operations.imports import ImportNotChecked, apply_import, receive_import
from cards.nominations.operations.notice import close_due_notices, lodge_objection, resolve_objection
from cards.nominations.operations.quotas import QuotaNotGranted
from cards.nominations.operations.review import (
    MissingItem,
    RowResult,
    decide_many,
    review_preliminary,
    review_second,
)
from cards.nominations.operations.stops import CaseStopped, reject_stopped
from cards.nominations.operations.submission import submit, withdraw

__all__ = [
    "CaseStopped",
    "ImportNotChecked",
    "MissingItem",
    "NomineeInput",
    "QuotaNotGranted",
    "RowResult",
    "apply_import",
    "attach_evidence",
    "close_due_notices",
    "correct_nominee_contact",
    "create_draft",
    "decide_duplicate",
    "decide_many",
    "lodge_objection",
    "read_evidence",
    "receive_import",
    "reject_stopped",
    "remove_evidence",
    "resolve_objection",
    "review_preliminary",
    "review_second",
    "submit",
    "update_draft",
    "withdraw",
]
