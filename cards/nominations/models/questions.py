"""What officers ask of a case while they review it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import Step
from cards.nominations.models.cases import Nomination
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class QuestionQuerySet(models.QuerySet["Question"]):
    """Queries over questions."""

    def open(self) -> Self:
        """Keep those that still may be answered."""
        return self.filter(answered_at=None, closed_at=None)

    def holding(self) -> Self:
        """Keep those for whose answer the clock of the review stands still."""
        return self.open().filter(holds_clock=True)


class Question(BaseModel):
    """A reviewer's question to a case's nominator, about a field, a document or the case as a whole.

    `topic` says what it is about, as in `Review.missing`. The case stays where it is; the clock of its review stands
    still for the answer, until `waits_until` at the longest, which all questions of one review share. Without an answer
    the question ends with the review, or when it is taken back: `closed_at`.

    .. pii: encrypted: what is asked and answered
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="questions")
    round = models.PositiveSmallIntegerField(_("round"))
    step = models.CharField(_("step"), max_length=12, choices=Step)
    topic = models.CharField(_("about"), max_length=36, blank=True)
    text = EncryptedTextField(_("question"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    holds_clock = models.BooleanField(_("the clock stands still for it"), default=True)
    # None where the policy sets no time for corrections, or that time was over when it was asked.
    waits_until = models.DateTimeField(_("waits until"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    answer = EncryptedTextField(_("answer"), blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="answered_question_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(closed_at=None), name="question_is_answered_or_closed"
            ),
        ]
        indexes = [
            models.Index(
                fields=["waits_until"],
                condition=Q(answered_at=None, closed_at=None, holds_clock=True),
                name="question_waited_for",
            ),
        ]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return f"{self.nomination_id} · {self.topic}"

    @property
    def is_open(self) -> bool:
        """Tell whether it still may be answered."""
        return self.answered_at is None and self.closed_at is None
