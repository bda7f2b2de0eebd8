from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NominationStatus(models.TextChoices):
    """The life of a nomination."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("preliminary review")
    RETURNED = "returned", _("returned for correction")
    SECOND_REVIEW = "second_review", _("second review")
    AWAITING_NOTICE = "awaiting_notice", _("approved in principle")
    PUBLIC_NOTICE = "public_notice", _("public notice")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    APPEALED = "appealed", _("under appeal")
    WITHDRAWN = "withdrawn", _("withdrawn")


# Live: submitted until decided, an appeal included. One person has one of these at most, whoever nominates.
LIVE = (
    NominationStatus.SUBMITTED,
    NominationStatus.RETURNED,
    NominationStatus.SECOND_REVIEW,
    NominationStatus.AWAITING_NOTICE,
    NominationStatus.PUBLIC_NOTICE,
    NominationStatus.APPEALED,
)
# Passed by both reviews, and not decided yet.
PAST_REVIEWS = (NominationStatus.AWAITING_NOTICE, NominationStatus.PUBLIC_NOTICE)
# Ended without a card.
UNSUCCESSFUL = (NominationStatus.REJECTED, NominationStatus.WITHDRAWN)
EDITABLE = (NominationStatus.DRAFT, NominationStatus.RETURNED)

TRANSITIONS: dict[NominationStatus, frozenset[NominationStatus]] = {
    NominationStatus.DRAFT: frozenset({NominationStatus.SUBMITTED, NominationStatus.WITHDRAWN}),
    NominationStatus.SUBMITTED: frozenset(
        {
            NominationStatus.SECOND_REVIEW,
            NominationStatus.RETURNED,
            NominationStatus.REJECTED,
            NominationStatus.WITHDRAWN,
        }
    ),
    NominationStatus.RETURNED: frozenset({NominationStatus.SUBMITTED, NominationStatus.WITHDRAWN}),
    NominationStatus.SECOND_REVIEW: frozenset(
        {
            NominationStatus.AWAITING_NOTICE,
            NominationStatus.APPROVED,
            NominationStatus.RETURNED,
            NominationStatus.REJECTED,
            NominationStatus.WITHDRAWN,
        }
    ),
    NominationStatus.AWAITING_NOTICE: frozenset(
        {
            NominationStatus.PUBLIC_NOTICE,
            # Without a notice: somebody who has come under secrecy meanwhile.
            NominationStatus.APPROVED,
            NominationStatus.REJECTED,
            NominationStatus.WITHDRAWN,
        }
    ),
    NominationStatus.PUBLIC_NOTICE: frozenset(
        {NominationStatus.APPROVED, NominationStatus.REJECTED, NominationStatus.WITHDRAWN}
    ),
    NominationStatus.APPROVED: frozenset(),
    NominationStatus.REJECTED: frozenset({NominationStatus.APPEALED}),
    # Upheld, it goes back to the review it was refused at.
    NominationStatus.APPEALED: frozenset(
        {NominationStatus.REJECTED, NominationStatus.SUBMITTED, NominationStatus.SECOND_REVIEW}
    ),
    NominationStatus.WITHDRAWN: frozenset(),
}


class Step(models.TextChoices):
    """The two reviews, by different people."""

    PRELIMINARY = "preliminary", _("preliminary review")
    SECOND = "second", _("second review")

    @property
    def desk(self) -> str:
        """Return the desk at which a case waits for this review."""
        return f"nominations.{self}"


class LimitedStep(models.TextChoices):
    """The steps that have a time limit under a policy; the reviews' values are those of `Step`."""

    PRELIMINARY = "preliminary", _("preliminary review")
    SECOND = "second", _("second review")
    RELEASE = "release", _("release for public notice")
    OBJECTIONS = "objections", _("objections")
    CORRECTION = "correction", _("correction by the nominator")
    APPEAL = "appeal", _("appeal")
    DIRECT_ISSUE = "direct_issue", _("confirmation of a direct issue")


# What a nomination is to those who rate how it was handled, and when they may.
RATING_KIND = "nominations.case"
ENDED = (NominationStatus.APPROVED, NominationStatus.REJECTED)

# Where a nomination stands while a step waits for its reviewer.
STATUS_OF_STEP = {Step.PRELIMINARY: NominationStatus.SUBMITTED, Step.SECOND: NominationStatus.SECOND_REVIEW}
STEP_OF_STATUS = {status: step for step, status in STATUS_OF_STEP.items()}
# Where a case approved in principle waits to be put under notice with others.
RELEASE_DESK = "nominations.release"
# Where a case under notice waits for what was objected to be resolved.
OBJECTIONS_DESK = "nominations.objections"
# Where an appeal waits for somebody who has not handled the case.
APPEALS_DESK = "nominations.appeal"
# Where a case under notice waits for what stops it to be decided.
STOPS_DESK = "nominations.stops"


class Outcome(models.TextChoices):
    """What a reviewer decides."""

    PASS = "pass", _("pass")
    RETURN = "return", _("return for correction")
    REJECT = "reject", _("reject")


class Paper(models.TextChoices):
    """The decisions about a nomination that are put in writing, by the names of their kinds."""

    RETURN = "nominations.return", _("notice of what is to be corrected")
    NOTICE = "nominations.notice", _("decision on the public notice")
    APPROVAL = "nominations.approval", _("decision to give the card")
    REJECTION = "nominations.rejection", _("decision not to give the card")
    APPEAL = "nominations.appeal", _("decision on the appeal")


class DirectPaper(models.TextChoices):
    """The decisions about a direct issue that are put in writing, by the names of their kinds."""

    ISSUED = "nominations.direct_issue", _("decision to give the card directly")
    REFUSED = "nominations.direct_refusal", _("decision against a direct issue")


# Which decision a step puts in writing.
PAPER_OF_STATUS = {
    NominationStatus.RETURNED: Paper.RETURN,
    NominationStatus.PUBLIC_NOTICE: Paper.NOTICE,
    NominationStatus.APPROVED: Paper.APPROVAL,
    NominationStatus.REJECTED: Paper.REJECTION,
}
# Those that are addressed to the nominee as well.
FINAL_PAPERS = (Paper.APPROVAL, Paper.REJECTION, Paper.APPEAL)


class IntegrityKind(models.TextChoices):
    """What a person's integrity is checked for."""

    DISHONEST_DEBTOR = "dishonest_debtor", _("dishonest judgment debtor")
    ACADEMIC_MISCONDUCT = "academic_misconduct", _("academic misconduct")
    OTHER = "other", _("other breach of trust")


class DuplicateVerdict(models.TextChoices):
    """What an officer found of two people of one name and birth date with different documents."""

    OPEN = "open", _("not decided")
    SAME = "same", _("one person")
    DIFFERENT = "different", _("different people")


class ObjectionStatus(models.TextChoices):
    """What has become of an objection; it lapses where the case ends for another reason."""

    OPEN = "open", _("open")
    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("dismissed")
    LAPSED = "lapsed", _("lapsed")


class EvidenceKind(models.TextChoices):
    """What a document of a nomination shows."""

    RECOMMENDATION = "recommendation", _("letter of recommendation")
    ACHIEVEMENT = "achievement", _("proof of achievement")
    EMPLOYMENT = "employment", _("proof of employment")
    QUALIFICATION = "qualification", _("degree or qualification")
    CONSENT = "consent", _("the nominee's signed consent")
    OTHER = "other", _("other document")


class Relation(models.TextChoices):
    """Why an officer may take no part in a person's cases; the officer, or the head of the office, declares it."""

    SPOUSE = "spouse", _("spouse or partner")
    PARENT_OR_CHILD = "parent_or_child", _("parent or child")
    SIBLING = "sibling", _("brother or sister")
    OTHER_RELATIVE = "other_relative", _("other relative")
    INTEREST = "interest", _("another interest")


class AppealStatus(models.TextChoices):
    """What has become of an appeal."""

    OPEN = "open", _("open")
    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("dismissed")


class ImportKind(models.TextChoices):
    """What a spreadsheet's rows become."""

    NOMINATIONS = "nominations", _("nominations")
    GREEN_CARDS = "green_cards", _("Green Card upgrade")


class ImportStatus(models.TextChoices):
    """The life of a spreadsheet: `checking → checked → applying → applied`; failed if it cannot be read."""

    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    FAILED = "failed", _("could not be read")


class RowStatus(models.TextChoices):
    """The life of a spreadsheet's row: `waiting → valid | invalid | known`, then `valid → applied | failed | known`."""

    WAITING = "waiting", _("not checked yet")
    VALID = "valid", _("without faults")
    INVALID = "invalid", _("with faults")
    KNOWN = "known", _("nominated before")
    APPLIED = "applied", _("nominated")
    FAILED = "failed", pgettext_lazy("a row of a spreadsheet", "refused")


class Source(models.TextChoices):
    """By which way a nomination came in."""

    PAGE = "page", _("page")
    API = "api", _("API")
    SYSTEM = "system", _("partner's system")
    IMPORT = "import", _("spreadsheet")
    WINDOW = "window", _("service window")


class Asked(models.TextChoices):
    """Whom a case asks by an e-mailed link."""

    EXPERT = "expert", _("expert")
    NOMINEE = "nominee", _("nominee")


class AnswerStatus(models.TextChoices):
    """What has become of what somebody was asked."""

    NAMED = "named", _("not asked yet")
    ASKED = "asked", _("waiting for the answer")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")
    DROPPED = "dropped", _("no longer asked")


class DirectIssueStatus(models.TextChoices):
    """The life of a direct issue: one officer proposes it, another one decides."""

    PROPOSED = "proposed", _("waits for the second officer")
    ISSUED = "issued", _("issued")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


DIRECT_TRANSITIONS: dict[DirectIssueStatus, frozenset[DirectIssueStatus]] = {
    DirectIssueStatus.PROPOSED: frozenset(
        {DirectIssueStatus.ISSUED, DirectIssueStatus.REFUSED, DirectIssueStatus.WITHDRAWN}
    ),
    DirectIssueStatus.ISSUED: frozenset(),
    DirectIssueStatus.REFUSED: frozenset(),
    DirectIssueStatus.WITHDRAWN: frozenset(),
}
# Where a proposed direct issue waits for its second officer.
DIRECT_DESK = "nominations.direct_issue"
