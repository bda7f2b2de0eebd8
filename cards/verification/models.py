"""What a card may be checked for, where, and every check that was made."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import CardEdition
from cards.verification.choices import Channel, Field, MinimumGrade, Outcome, Reason
from talentcard.accounts.models import Organisation, PartnerSystem
from talentcard.core.models import BaseModel, BilingualName


def validate_fields(value: object) -> None:
    """Refuse a list of fields that is not a list, or names something a purpose cannot show.

    :raises ValidationError: naming what is wrong
    """
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValidationError(_("Give a list of field names."))
    if unknown := [name for name in value if name not in Field.values]:
        raise ValidationError(_("Not a field that can be shown: %(names)s"), params={"names": ", ".join(unknown)})
    if len(set(value)) != len(value):
        raise ValidationError(_("A field is named twice."))


class Purpose(BaseModel, BilingualName):
    """What a card is checked for, and what of it the checker then sees. .. no_pii:"""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    fields = models.JSONField(_("fields shown"), default=list, blank=True, validators=[validate_fields])
    minimum_grade = models.CharField(
        _("minimum grade"), max_length=16, choices=MinimumGrade, default=MinimumGrade.OFFLINE_STALE
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(minimum_grade__in=MinimumGrade.values), name="purpose_grade_is_known")
        ]
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")

    def clean(self) -> None:
        """Take an empty form field for what it means: nothing is shown."""
        if self.fields is None:
            self.fields = []


class Desk(BaseModel, BilingualName):
    """A partner's counter. Partners of its organisation work there; its purposes bind them and their systems.

    .. no_pii:
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="desks", verbose_name=_("organisation"))
    purposes = models.ManyToManyField(Purpose, related_name="desks", verbose_name=_("purposes"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name_en"]
        verbose_name = _("desk")
        verbose_name_plural = _("desks")

    def allows(self, purpose: Purpose) -> bool:
        """Tell whether cards may be checked here for this purpose; no query if the purposes were prefetched."""
        return self.is_active and purpose.is_active and purpose in self.purposes.all()


class AttemptQuerySet(models.QuerySet["VerificationAttempt"]):
    def newest_first(self) -> "AttemptQuerySet":
        """Order by time, the last one first."""
        return self.order_by("-at")


class VerificationAttempt(models.Model):
    """One check of one code, refused ones too. Rows are only ever added.

    The code itself is not kept: a keyed hash tells whether two attempts saw the same one. `fields_shown` names what
    the checker saw, never its value. `edition` is there once the signature was proven and the register has the code.

    .. no_pii: refers to the card
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("at"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    # No index of their own on the keys: the table grows with every check, and its own indexes begin with them.
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, related_name="attempts", db_index=False)
    system = models.ForeignKey(PartnerSystem, models.PROTECT, null=True, related_name="attempts", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    purpose = models.ForeignKey(Purpose, models.PROTECT, null=True, related_name="+", db_index=False)
    nonce = models.CharField(_("nonce"), max_length=64)
    code_hash = models.CharField(max_length=64)
    edition = models.ForeignKey(CardEdition, models.PROTECT, null=True, related_name="checks", db_index=False)
    reason = models.CharField(_("reason"), max_length=24, choices=Reason)
    fields_shown = models.CharField(_("fields shown"), max_length=80, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "nonce"], condition=Q(system__isnull=False), name="one_attempt_per_system_and_nonce"
            ),
            models.UniqueConstraint(
                fields=["desk", "nonce"],
                condition=Q(system__isnull=True, desk__isnull=False),
                name="one_attempt_per_desk_and_nonce",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.API, system__isnull=False, user__isnull=True)
                | Q(channel=Channel.DESK, system__isnull=True, desk__isnull=False, user__isnull=False)
                | Q(channel=Channel.PUBLIC, system__isnull=True, desk__isnull=True, user__isnull=True),
                name="attempt_names_who_asked",
            ),
            models.CheckConstraint(
                condition=Q(fields_shown="") | Q(reason=Reason.VALID), name="refused_attempt_shows_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "-at"], condition=Q(edition__isnull=False), name="attempt_of_card"),
            models.Index(fields=["desk", "-at"], condition=Q(desk__isnull=False), name="attempt_at_desk"),
        ]
        verbose_name = _("verification attempt")
        verbose_name_plural = _("verification attempts")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.reason}"

    @property
    def outcome(self) -> Outcome:
        """Return the answer that was given."""
        return Outcome.VALID if self.reason == Reason.VALID else Outcome.INVALID

    @property
    def organisation(self) -> Organisation | None:
        """Return whose desk or system asked; None for the public check."""
        asker = self.desk or self.system
        return asker.organisation if asker else None

    @property
    def shown(self) -> list[Field]:
        """Return the fields that the checker saw."""
        return [Field(name) for name in self.fields_shown.split()]
