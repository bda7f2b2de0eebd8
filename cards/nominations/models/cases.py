"""A nomination, what it rests on, and its history."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, PolicyVersion, Tier
from cards.nominations.choices import EDITABLE, LIVE, EvidenceKind, NominationStatus, Source
from cards.nominations.models.imports import ImportBatch
from cards.talents.models import Talent
from talentcard.accounts.models import Organisation
from talentcard.casework.models import WorkItem
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel
from talentcard.documents.models import Document


class NominationCounter(models.Model):
    """The last serial number given to a nomination in a year. .. no_pii:"""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class NominationQuerySet(models.QuerySet["Nomination"]):
    def live(self) -> "NominationQuerySet":
        """Keep those that stand in the way of another nomination of the same person."""
        return self.filter(status__in=LIVE)

    def filed(self) -> "NominationQuerySet":
        """Keep those that officers have seen: a draft is its nominator's own matter, even once withdrawn."""
        return self.filter(submitted_at__isnull=False)

    def with_parties(self) -> "NominationQuerySet":
        """Load what a list shows of each, in the same query."""
        return self.select_related(
            "talent", "nominator", "office", "employer", "basis__policy", "tier", "item__assignee", "notice", "appeal"
        )

    def for_one(self) -> "NominationQuerySet":
        """Load what nearly every step of one case asks for, and nothing else; the rest is loaded by who needs it.

        Not `with_parties`: PostgreSQL takes ten times as long to plan a join of a dozen tables as to read one row.
        """
        return self.select_related(None).select_related("talent__user", "basis__policy", "tier", "item", "appeal")


class Nomination(BaseModel):
    """A case: an organisation recommends a person for a card.

    The basis names the policy version the case was filed under and keeps to. `employer` and `employer_name` are what
    the case states; `round` counts the submissions and an upheld appeal, so that each review belongs to one. How the
    nominee is reached is the case's own too: the registry takes it over on submission, and only for a person without
    an account.

    .. pii: refers to the nominee; the statement describes the person; encrypted: phone, e-mail, address
    """

    number = models.CharField(_("number"), max_length=16, unique=True)
    nominator = models.ForeignKey(Organisation, models.PROTECT, related_name="nominations", verbose_name=_("nominator"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="filed_nominations", verbose_name=_("filed by")
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.PAGE)
    # The office whose window files it 代办, on the nominator's behalf; none where the nominator files itself.
    office = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("filed at the window of")
    )
    talent = models.ForeignKey(Talent, models.PROTECT, related_name="nominations", verbose_name=_("nominee"))
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    employer_name = models.CharField(_("employer"), max_length=160, blank=True)
    basis = models.ForeignKey(Basis, models.PROTECT, related_name="nominations", verbose_name=_("basis"))
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="nominations", verbose_name=_("tier"))
    district = models.CharField(_("district or park"), max_length=20)
    statement = models.TextField(_("statement"), blank=True)
    phone = EncryptedTextField(_("mobile"), blank=True, default="")
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    address = EncryptedTextField(_("address"), blank=True, default="")
    status = models.CharField(_("status"), max_length=16, choices=NominationStatus, default=NominationStatus.DRAFT)
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    # The year whose quota it counts against; none before its first submission, and once it was given back.
    quota_year = models.PositiveSmallIntegerField(_("year of the quota"), null=True, blank=True)
    import_batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, related_name="nominations", verbose_name=_("import")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Until when its nominator may correct it, while it is returned; none where the policy sets no limit.
    correct_by = models.DateTimeField(_("correct by"), null=True, blank=True)
    correction_told_at = models.DateTimeField(_("told of the correction's end"), null=True, blank=True)
    # What waits for an officer now; none while the case waits on its nominator or on the public.
    item = models.ForeignKey(
        WorkItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("work item")
    )

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["talent"], condition=Q(status__in=LIVE), name="one_live_nomination_per_person"
            ),
            models.UniqueConstraint(
                fields=["talent", "nominator"],
                condition=Q(status=NominationStatus.DRAFT),
                name="one_draft_per_person_and_nominator",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[NominationStatus.DRAFT, NominationStatus.WITHDRAWN])
                | Q(submitted_at__isnull=False),
                name="submitted_nomination_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(source=Source.WINDOW, office__isnull=False)
                | (~Q(source=Source.WINDOW) & Q(office__isnull=True)),
                name="window_nomination_has_its_office",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "district"], name="nomination_by_status"),
            models.Index(fields=["nominator", "-created_at"], name="nomination_by_nominator"),
            models.Index(
                fields=["correct_by"], condition=Q(status=NominationStatus.RETURNED), name="nomination_to_correct"
            ),
        ]
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")

    def __str__(self) -> str:
        return self.number

    @property
    def policy(self) -> PolicyVersion:
        """Return the policy version the case keeps."""
        return self.basis.policy

    @property
    def due_at(self) -> dt.datetime | None:
        """Return when its review is due or its notice ends; None while its clock stands still, or without a limit."""
        if self.item is not None:
            return self.item.due_at
        return self.notice.closes_at if self.status == NominationStatus.PUBLIC_NOTICE else None

    @property
    def deadline(self) -> dt.datetime | None:
        """Return until when somebody must act on it: the officer, the public, or the nominator it was returned to."""
        return self.correct_by if self.status == NominationStatus.RETURNED else self.due_at

    @property
    def employer_display(self) -> str:
        """Return the stated employer, in the reader's language where it is one we know."""
        return self.employer.name if self.employer else self.employer_name

    @property
    def is_editable(self) -> bool:
        """Tell whether its nominator may change it."""
        return self.status in EDITABLE

    def get_absolute_url(self) -> str:
        """Return the path of its page, for the messages about it."""
        return reverse("nominations:nomination-detail", args=[self.pk])


class StandingEvidence(models.Manager["Evidence"]):
    """Leaves out what was removed."""

    def get_queryset(self) -> models.QuerySet["Evidence"]:
        return super().get_queryset().filter(removed_at=None)


class Evidence(BaseModel):
    """A document a nomination rests on.

    What is removed from a returned case after officers have seen it is kept for them, and counts for nothing.

    .. no_pii: refers to the document
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="evidence")
    # Not one to one: a letter that came with a spreadsheet may speak for many of its rows.
    document = models.ForeignKey(Document, models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind, default=EvidenceKind.OTHER)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = StandingEvidence()
    with_removed = models.Manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["nomination", "document"], name="one_evidence_per_document")]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.get_kind_display()


class Transition(BaseModel):
    """A step a nomination took: its history. .. pii: the reason may speak of the person"""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="transitions")
    from_status = models.CharField(_("from"), max_length=16, choices=NominationStatus, blank=True)
    to_status = models.CharField(_("to"), max_length=16, choices=NominationStatus)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    # Where no review states it.
    reason = models.TextField(_("reason"), blank=True, default="")

    class Meta:
        ordering = ["at", "created_at"]
        indexes = [models.Index(fields=["nomination", "to_status"], name="transition_by_status")]
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
