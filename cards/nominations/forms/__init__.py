"""What the pages ask."""

from cards.nominations.forms.answers import AnswerForm, ExpertSearchForm
from cards.nominations.forms.appeals import AppealDecisionForm, AppealForm
from cards.nominations.forms.cases import CaseForm, ContactForm, EvidenceForm, NominationForm, WindowForm, initial_case
from cards.nominations.forms.delegations import DelegationForm
from cards.nominations.forms.imports import ImportForm, UpgradeForm
from cards.nominations.forms.lists import CaseFilterForm, InboxFilterForm
from cards.nominations.forms.notices import ObjectionForm, ReleaseForm, ResolutionForm
from cards.nominations.forms.questions import QuestionAnswerForm, QuestionForm
from cards.nominations.forms.recusals import OfficeRecusalForm, RecusalForm
from cards.nominations.forms.reviews import BulkForm, DecisionForm, DecisionSheetForm, ReviewForm
from cards.nominations.forms.rounds import RepliesForm
from cards.nominations.forms.shared import (
    ANY,
    FIELD_NAMES,
    LONGEST_REASON,
    LONGEST_TEXT,
    as_words,
    set_choices,
    show_errors,
)
from cards.nominations.forms.stops import CheckForm, DuplicateForm, ReasonForm, RulingForm

__all__ = [
    "ANY",
    "FIELD_NAMES",
    "LONGEST_REASON",
    "LONGEST_TEXT",
    "AnswerForm",
    "AppealDecisionForm",
    "AppealForm",
    "BulkForm",
    "CaseFilterForm",
    "CaseForm",
    "CheckForm",
    "ContactForm",
    "DecisionForm",
    "DecisionSheetForm",
    "DelegationForm",
    "DuplicateForm",
    "EvidenceForm",
    "ExpertSearchForm",
    "ImportForm",
    "InboxFilterForm",
    "NominationForm",
    "ObjectionForm",
    "OfficeRecusalForm",
    "QuestionAnswerForm",
    "QuestionForm",
    "ReasonForm",
    "RecusalForm",
    "ReleaseForm",
    "RepliesForm",
    "ResolutionForm",
    "ReviewForm",
    "RulingForm",
    "UpgradeForm",
    "WindowForm",
    "as_words",
    "initial_case",
    "set_choices",
    "show_errors",
]
