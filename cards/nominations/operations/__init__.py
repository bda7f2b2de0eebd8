"""What changes a nomination. Each module is one part of its life; all go through `transitions.move`."""

from cards.nominations.operations.answers import LinkDead, answer_by_link, remind_of_answers, resend_link
from cards.nominations.operations.appeals import decide_appeal, lodge_appeal, read_appeal_document
from cards.nominations.operations.corrections import chase_corrections
from cards.nominations.operations.delegation import delegate_step, take_step_back
from cards.nominations.operations.direct import Proposal, ProposalResult, dry_run, propose_direct_issue, propose_many
from cards.nominations.operations.direct_decisions import (
    confirm_direct_issue,
    decide_direct_issues,
    read_direct_evidence,
    refuse_direct_issue,
    withdraw_direct_issue,
)
from cards.nominations.operations.drafts import (
    NomineeInput,
    correct_nominee_contact,
    create_draft,
    update_draft,
)
from cards.nominations.operations.duplicates import decide_duplicate
from cards.nominations.operations.evidence import attach_evidence, read_evidence, remove_evidence
from cards.nominations.operations.experts import drop_expert, keep_expert, name_expert
from cards.nominations.operations.imports import ImportNotChecked, apply_import, receive_import
from cards.nominations.operations.integrity import (
    FactInput,
    record_check,
    report_fact,
    retract_report,
    rule_on_fact,
    withdraw_fact,
)
from cards.nominations.operations.letters import send_link
from cards.nominations.operations.many import decide_many
from cards.nominations.operations.notice import close_due_notices, lodge_objection, resolve_objection
from cards.nominations.operations.questions import (
    answer_question,
    ask_question,
    chase_questions,
    take_question_back,
)
from cards.nominations.operations.quotas import QuotaNotGranted
from cards.nominations.operations.ratings import rate_nomination
from cards.nominations.operations.recusals import declare_recusal, withdraw_recusal
from cards.nominations.operations.releases import (
    MAX_IN_RELEASE,
    NothingToRelease,
    Release,
    approve_without_notice,
    release_notices,
)
from cards.nominations.operations.review import (
    MissingItem,
    review_preliminary,
    review_second,
)
from cards.nominations.operations.sheet_confirmations import NothingToConfirm, confirm_sheet
from cards.nominations.operations.sheet_decisions import SheetResult, decide_by_sheet
from cards.nominations.operations.stops import CaseStopped, reject_stopped
from cards.nominations.operations.submission import submit, withdraw
from cards.nominations.operations.versions import copy_version, put_into_effect, withdraw_date

__all__ = [
    "MAX_IN_RELEASE",
    "CaseStopped",
    "FactInput",
    "ImportNotChecked",
    "LinkDead",
    "MissingItem",
    "NomineeInput",
    "NothingToConfirm",
    "NothingToRelease",
    "Proposal",
    "ProposalResult",
    "QuotaNotGranted",
    "Release",
    "SheetResult",
    "answer_by_link",
    "answer_question",
    "apply_import",
    "approve_without_notice",
    "ask_question",
    "attach_evidence",
    "chase_corrections",
    "chase_questions",
    "close_due_notices",
    "confirm_direct_issue",
    "confirm_sheet",
    "copy_version",
    "correct_nominee_contact",
    "create_draft",
    "decide_appeal",
    "decide_by_sheet",
    "decide_direct_issues",
    "decide_duplicate",
    "decide_many",
    "declare_recusal",
    "delegate_step",
    "drop_expert",
    "dry_run",
    "keep_expert",
    "lodge_appeal",
    "lodge_objection",
    "name_expert",
    "propose_direct_issue",
    "propose_many",
    "put_into_effect",
    "rate_nomination",
    "read_appeal_document",
    "read_direct_evidence",
    "read_evidence",
    "receive_import",
    "record_check",
    "refuse_direct_issue",
    "reject_stopped",
    "release_notices",
    "remind_of_answers",
    "remove_evidence",
    "report_fact",
    "resend_link",
    "resolve_objection",
    "retract_report",
    "review_preliminary",
    "review_second",
    "rule_on_fact",
    "send_link",
    "submit",
    "take_question_back",
    "take_step_back",
    "update_draft",
    "withdraw",
    "withdraw_date",
    "withdraw_direct_issue",
    "withdraw_fact",
    "withdraw_recusal",
]
