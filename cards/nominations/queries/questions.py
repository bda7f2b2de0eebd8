"""What officers asked of a case, and what its nominator answered."""

from django.db.models import OuterRef, Subquery

from cards.nominations import rules
from cards.nominations.models import Nomination, NominationQuerySet, Question, QuestionQuerySet
from talentcard.accounts.rules import Actor


def questions_of(user: Actor, nomination: Nomination) -> QuestionQuerySet:
    """Return a case's questions as a user may read them, in order: its own side, and officers."""
    if not rules.may_read_exchange(user, nomination):
        return Question.objects.none()
    questions: QuestionQuerySet = nomination.questions.select_related("asked_by", "answered_by")
    return questions


def with_answer_by(nominations: NominationQuerySet) -> NominationQuerySet:
    """Add to each, as `answer_by`, until when its nominator is asked to answer the first of the open questions."""
    held = Question.objects.holding().filter(nomination=OuterRef("pk"), waits_until__isnull=False)
    return nominations.annotate(answer_by=Subquery(held.order_by("waits_until").values("waits_until")[:1]))
