"""What officers asked of a case, and what its nominator answered."""

from cards.nominations import rules
from cards.nominations.models import Nomination, Question, QuestionQuerySet
from talentcard.accounts.rules import Actor


def questions_of(user: Actor, nomination: Nomination) -> QuestionQuerySet:
    """Return a case's questions as a user may read them, in order: its own side, and officers."""
    if not rules.may_read_exchange(user, nomination):
        return Question.objects.none()
    questions: QuestionQuerySet = nomination.questions.select_related("asked_by", "answered_by")
    return questions
