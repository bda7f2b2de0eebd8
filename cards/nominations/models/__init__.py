"""Nominations, what is decided about them, and the public notice."""

from cards.nominations.models.answers import AnswerLink, AnswerRequest
from cards.nominations.models.appeals import Appeal, AppealDocument
from cards.nominations.models.cases import Evidence, Nomination, NominationCounter, NominationQuerySet, Transition
from cards.nominations.models.direct import (
    DirectEvidence,
    DirectIssue,
    DirectIssueCounter,
    DirectIssueQuerySet,
    DirectTransition,
)
from cards.nominations.models.duplicates import SuspectedDuplicate
from cards.nominations.models.experts import RecognisedExpert, email_index
from cards.nominations.models.imports import ImportBatch, ImportedFile, ImportRow, SheetConfirmation
from cards.nominations.models.integrity import IntegrityCheck, IntegrityFact, IntegrityRuling, IntegritySource
from cards.nominations.models.nominators import NominatorProfile, NominatorYear
from cards.nominations.models.notices import (
    NoticeRelease,
    Objection,
    PublicNotice,
    PublicNoticeQuerySet,
    ReleaseCounter,
)
from cards.nominations.models.policy import CreditClass, RequiredCheck, RequiredDocument, StepLimit
from cards.nominations.models.questions import Question, QuestionQuerySet
from cards.nominations.models.recusals import Recusal, RecusalQuerySet
from cards.nominations.models.reviews import Review
from cards.nominations.models.rounds import Submission

__all__ = [
    "AnswerLink",
    "AnswerRequest",
    "Appeal",
    "AppealDocument",
    "CreditClass",
    "DirectEvidence",
    "DirectIssue",
    "DirectIssueCounter",
    "DirectIssueQuerySet",
    "DirectTransition",
    "Evidence",
    "ImportBatch",
    "ImportRow",
    "ImportedFile",
    "IntegrityCheck",
    "IntegrityFact",
    "IntegrityRuling",
    "IntegritySource",
    "Nomination",
    "NominationCounter",
    "NominationQuerySet",
    "NominatorProfile",
    "NominatorYear",
    "NoticeRelease",
    "Objection",
    "PublicNotice",
    "PublicNoticeQuerySet",
    "Question",
    "QuestionQuerySet",
    "RecognisedExpert",
    "Recusal",
    "RecusalQuerySet",
    "ReleaseCounter",
    "RequiredCheck",
    "RequiredDocument",
    "Review",
    "SheetConfirmation",
    "StepLimit",
    "Submission",
    "SuspectedDuplicate",
    "Transition",
    "email_index",
]
