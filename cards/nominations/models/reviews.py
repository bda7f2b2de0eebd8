"""What is decided about a nomination."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import Outcome, Step
from cards.nominations.models.cases import Nomination
from talentcard.core.models import BaseModel


class Review(BaseModel):
    """What one reviewer decided of one submission.

    `missing` lists everything to correct, as objects with `field` and `note`. `agrees` is what the second reviewer says
    of the first opinion; who disagrees says why in `reason`.

    .. pii: reason and notes may speak of the person
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="reviews")
    round = models.PositiveSmallIntegerField(_("round"))
    step = models.CharField(_("step"), max_length=12, choices=Step)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="nomination_reviews", verbose_name=_("reviewer")
    )
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome)
    reason = models.TextField(_("reason"), blank=True)
    missing = models.JSONField(_("to correct"), default=list, blank=True)
    agrees = models.BooleanField(_("agrees with the first opinion"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "round", "step"], name="one_review_per_round_and_step"),
            models.CheckConstraint(condition=Q(outcome=Outcome.PASS) | ~Q(reason=""), name="refusal_has_a_reason"),
            models.CheckConstraint(condition=~Q(agrees=False) | ~Q(reason=""), name="disagreement_has_a_reason"),
            models.CheckConstraint(
                condition=Q(agrees=None) | Q(step=Step.SECOND), name="only_second_review_agrees_or_not"
            ),
        ]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_outcome_display()}"
