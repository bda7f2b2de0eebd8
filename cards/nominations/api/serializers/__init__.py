"""What the API takes and shows."""

from cards.nominations.api.serializers.answers import (
    AnswerInput,
    AnswerReceiptOutput,
    AskedOutput,
    ExpertNameInput,
    ExpertOutput,
    LinkInput,
    QuestionOutput,
)
from cards.nominations.api.serializers.appeals import AppealDecisionInput, AppealInput, AppealOutput
from cards.nominations.api.serializers.cases import (
    ContactInput,
    DraftChangeInput,
    DraftInput,
    EvidenceInput,
    EvidenceOutput,
    IdentityOutput,
    NominationDetailOutput,
    NominationOutput,
    NomineeInput,
    PersonContactOutput,
    TimelineOutput,
)
from cards.nominations.api.serializers.delegations import DelegationInput, DelegationOutput
from cards.nominations.api.serializers.duplicates import DuplicateDecisionInput, LookAlikeOutput, StoppedRejectionInput
from cards.nominations.api.serializers.imports import ImportInput, ImportOutput, ImportRowOutput, ImportSummaryOutput
from cards.nominations.api.serializers.integrity import (
    FactReceiptOutput,
    FactReportInput,
    FactRetractionInput,
    IntegrityCheckInput,
    IntegrityOutput,
    RulingInput,
    WithdrawalInput,
)
from cards.nominations.api.serializers.notices import (
    NoticeOutput,
    ObjectionInput,
    ObjectionOutput,
    ObjectionReceiptOutput,
    ResolutionInput,
)
from cards.nominations.api.serializers.obstacles import ObstacleOutput, ReviewRefusedOutput
from cards.nominations.api.serializers.policy import BasisOutput, PolicyOutput, YearlyQuotaOutput
from cards.nominations.api.serializers.recusals import OfficeRecusalInput, RecusalInput, RecusalOutput
from cards.nominations.api.serializers.releases import (
    ReleaseInput,
    ReleaseOutput,
    ReleaseRefusedOutput,
    ReleaseResultOutput,
    SignedListOutput,
)
from cards.nominations.api.serializers.reviews import (
    BulkReviewInput,
    BulkRowOutput,
    DecisionInput,
    ReviewInput,
    SecondReviewInput,
)
from cards.nominations.api.serializers.shared import MissingItemShape, NamedOutput, OrganisationOutput

__all__ = [
    "AnswerInput",
    "AnswerReceiptOutput",
    "AppealDecisionInput",
    "AppealInput",
    "AppealOutput",
    "AskedOutput",
    "BasisOutput",
    "BulkReviewInput",
    "BulkRowOutput",
    "ContactInput",
    "DecisionInput",
    "DelegationInput",
    "DelegationOutput",
    "DraftChangeInput",
    "DraftInput",
    "DuplicateDecisionInput",
    "EvidenceInput",
    "EvidenceOutput",
    "ExpertNameInput",
    "ExpertOutput",
    "FactReceiptOutput",
    "FactReportInput",
    "FactRetractionInput",
    "IdentityOutput",
    "ImportInput",
    "ImportOutput",
    "ImportRowOutput",
    "ImportSummaryOutput",
    "IntegrityCheckInput",
    "IntegrityOutput",
    "LinkInput",
    "LookAlikeOutput",
    "MissingItemShape",
    "NamedOutput",
    "NominationDetailOutput",
    "NominationOutput",
    "NomineeInput",
    "NoticeOutput",
    "ObjectionInput",
    "ObjectionOutput",
    "ObjectionReceiptOutput",
    "ObstacleOutput",
    "OfficeRecusalInput",
    "OrganisationOutput",
    "PersonContactOutput",
    "PolicyOutput",
    "QuestionOutput",
    "RecusalInput",
    "RecusalOutput",
    "ReleaseInput",
    "ReleaseOutput",
    "ReleaseRefusedOutput",
    "ReleaseResultOutput",
    "ResolutionInput",
    "ReviewInput",
    "ReviewRefusedOutput",
    "RulingInput",
    "SecondReviewInput",
    "SignedListOutput",
    "StoppedRejectionInput",
    "TimelineOutput",
    "WithdrawalInput",
    "YearlyQuotaOutput",
]
