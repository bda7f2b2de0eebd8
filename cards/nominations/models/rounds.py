"""What a nominator stated each time a case was handed in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.nominations.models.cases import Nomination
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class Submission(BaseModel):
    """A case as it was when it was handed in, so that a reviewer sees what was corrected since.

    `stated` is a JSON object: by the names of `queries.FIELD_TOPICS` what each field held, and under "evidence" the ids
    of the documents. `replies` is a JSON array of what the nominator says to each thing that was to be corrected:
    objects with `field` and `note`, as in `Review.missing`, and `reply`.

    .. pii: encrypted: all of it
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="submissions")
    round = models.PositiveSmallIntegerField(_("round"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted at"))
    stated = EncryptedTextField(_("as it was"))
    replies = EncryptedTextField(_("replies"), blank=True, default="")

    class Meta:
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["nomination", "round"], name="one_submission_per_round")]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")

    def __str__(self) -> str:
        return f"{self.nomination_id} · {self.round}"
