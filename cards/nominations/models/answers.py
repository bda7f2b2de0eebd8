"""What is asked of people without an account, and the links by which they answer."""

import datetime as dt
import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.nominations.choices import AnswerStatus, Asked, NominationStatus
from cards.nominations.models.cases import Nomination
from cards.nominations.models.experts import RecognisedExpert
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class AnswerRequestQuerySet(models.QuerySet["AnswerRequest"]):
    def current(self) -> "AnswerRequestQuerySet":
        """Keep what counts for the case: not what was dropped, or asked anew since."""
        return self.exclude(status=AnswerStatus.DROPPED)

    def standing(self) -> "AnswerRequestQuerySet":
        """Keep those that may yet be, or are, an approval."""
        return self.exclude(status__in=[AnswerStatus.DROPPED, AnswerStatus.DECLINED])


class AnswerRequest(BaseModel):
    """What a case asks of one person: an expert to confirm it, or its nominee to consent.

    `stated` is the SHA-256 of what the person is asked about, as it was when they were asked: what has changed since
    is asked anew, in a row of its own, so that the earlier answer stays in the history.

    .. pii: encrypted: what they wrote
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="answer_requests")
    asked = models.CharField(_("who is asked"), max_length=10, choices=Asked)
    expert = models.ForeignKey(
        RecognisedExpert, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("expert")
    )
    status = models.CharField(_("status"), max_length=10, choices=AnswerStatus, default=AnswerStatus.NAMED)
    # What they answered; it stays where another request has taken its place.
    is_confirmed = models.BooleanField(_("confirmed"), null=True, blank=True)
    stated = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    words = EncryptedTextField(_("what they wrote"), blank=True, default="")

    objects = AnswerRequestQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "expert"],
                condition=Q(expert__isnull=False) & ~Q(status=AnswerStatus.DROPPED),
                name="one_request_per_expert_and_case",
            ),
            models.UniqueConstraint(
                fields=["nomination"],
                condition=Q(asked=Asked.NOMINEE) & ~Q(status=AnswerStatus.DROPPED),
                name="one_request_for_consent_per_case",
            ),
            models.CheckConstraint(
                condition=Q(asked=Asked.EXPERT, expert__isnull=False) | Q(asked=Asked.NOMINEE, expert__isnull=True),
                name="expert_is_asked_as_expert",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, is_confirmed__isnull=True)
                | Q(answered_at__isnull=False, is_confirmed__isnull=False),
                name="answer_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[AnswerStatus.CONFIRMED, AnswerStatus.DECLINED]) | Q(answered_at__isnull=False),
                name="answered_request_has_its_answer",
            ),
        ]
        verbose_name = _("request for an answer")
        verbose_name_plural = _("requests for an answer")

    def __str__(self) -> str:
        return f"{self.get_asked_display()}: {self.get_status_display()}"


class AnswerLinkQuerySet(models.QuerySet["AnswerLink"]):
    def usable(self, at: dt.datetime) -> "AnswerLinkQuerySet":
        """Keep the links that still take an answer: not used, replaced or expired, of a case that waits for it."""
        return self.filter(
            voided_at=None,
            expires_at__gt=at,
            request__status=AnswerStatus.ASKED,
            request__nomination__status=NominationStatus.SUBMITTED,
        )


class AnswerLink(BaseModel):
    """An e-mailed link by which one request is answered, once.

    What the link carries is known by its hash; `token` holds it, encrypted, only until the e-mail has left.

    .. no_pii: a credential, encrypted and short-lived
    """

    request = models.ForeignKey(AnswerRequest, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    token = EncryptedTextField(blank=True, default="", editable=False)
    is_reminder = models.BooleanField(_("reminder"), default=False)
    made_at = models.DateTimeField(_("made at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    expires_at = models.DateTimeField(_("expires at"))
    voided_at = models.DateTimeField(_("replaced at"), null=True)

    objects = AnswerLinkQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["expires_at"], condition=Q(voided_at=None), name="answer_link_expiry")]
        verbose_name = _("link to answer")
        verbose_name_plural = _("links to answer")

    def __str__(self) -> str:
        return str(self.request_id)

    @staticmethod
    def digest_of(token: str) -> str:
        """Return the hash by which a token is known."""
        return hashlib.sha256(token.encode()).hexdigest()
