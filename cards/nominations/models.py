"""Nominations, what is decided about them, and the public notice."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, PolicyVersion, Tier
from cards.nominations.choices import (
    EDITABLE,
    LIVE,
    EvidenceKind,
    NominationStatus,
    ObjectionStatus,
    Outcome,
    Step,
)
from cards.talents.models import Talent
from talentcard.accounts.models import Organisation
from talentcard.casework.models import WorkItem
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel, BilingualName
from talentcard.documents.models import Document


class StepLimit(BaseModel):
    """How long a step may take under a policy. .. no_pii:"""

    policy = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="step_limits", verbose_name=_("policy"))
    step = models.CharField(_("step"), max_length=12, choices=Step)
    working_days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "step"], name="one_limit_per_policy_and_step"),
            models.CheckConstraint(condition=Q(working_days__gt=0), name="step_limit_is_positive"),
        ]
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.working_days}"


class ImportBatch(BaseModel):
    """A spreadsheet whose rows became nominations, all or none. .. no_pii:"""

    nominator = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("nominator"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    sheet_sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField(_("rows"))
    imported_at = models.DateTimeField(_("imported at"))

    class Meta:
        ordering = ["-imported_at"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.imported_at:%Y-%m-%d}: {self.row_count}"


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
            "talent", "nominator", "employer", "basis__policy", "tier", "item__assignee", "notice"
        )


class Nomination(BaseModel):
    """A case: an organisation recommends a person for a card.

    The basis names the policy version the case was filed under and keeps to. `employer` and `employer_name` are what
    the case states; `round` counts the submissions, so that each review belongs to one. How the nominee is reached is
    the case's own too: the registry takes it over on submission, and only for a person without an account.

    .. pii: refers to the nominee; the statement describes the person; encrypted: phone, e-mail, address
    """

    number = models.CharField(_("number"), max_length=16, unique=True)
    nominator = models.ForeignKey(Organisation, models.PROTECT, related_name="nominations", verbose_name=_("nominator"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="filed_nominations", verbose_name=_("filed by")
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
        ]
        indexes = [
            models.Index(fields=["status", "district"], name="nomination_by_status"),
            models.Index(fields=["nominator", "-created_at"], name="nomination_by_nominator"),
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


class Evidence(BaseModel):
    """A document a nomination rests on. .. no_pii: refers to the document"""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="evidence")
    # Not one to one: a letter that came with a spreadsheet may speak for many of its rows.
    document = models.ForeignKey(Document, models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind, default=EvidenceKind.OTHER)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["nomination", "document"], name="one_evidence_per_document")]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.get_kind_display()


class Review(BaseModel):
    """What one reviewer decided of one submission.

    `missing` lists everything to correct, as objects with `field` and `note`.

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
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "round", "step"], name="one_review_per_round_and_step"),
            models.CheckConstraint(condition=Q(outcome=Outcome.PASS) | ~Q(reason=""), name="refusal_has_a_reason"),
        ]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_outcome_display()}"


class Transition(BaseModel):
    """A step a nomination took: its history. .. no_pii: refers to who did it"""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="transitions")
    from_status = models.CharField(_("from"), max_length=16, choices=NominationStatus, blank=True)
    to_status = models.CharField(_("to"), max_length=16, choices=NominationStatus)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "created_at"]
        indexes = [models.Index(fields=["nomination", "to_status"], name="transition_by_status")]
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"


class PublicNotice(BaseModel):
    """The time in which anyone may object; while an objection is open its clock stands still.

    .. no_pii: refers to the nomination
    """

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="notice")
    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("closes at"))
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    days_left = models.PositiveSmallIntegerField(_("working days left when paused"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["closes_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opened_at")), name="notice_closes_after_opening")
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(ended_at=None), name="notice_running")]
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")

    def __str__(self) -> str:
        return str(self.nomination_id)

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether objections are still taken."""
        return self.ended_at is None and (self.paused_at is not None or at < self.closes_at)


class Objection(BaseModel):
    """What somebody has against a nomination under notice; only the officers who handle it read it.

    .. pii: encrypted: name, contact and text
    """

    notice = models.ForeignKey(PublicNotice, models.CASCADE, related_name="objections")
    name = EncryptedTextField(_("name"))
    contact = EncryptedTextField(_("contact"))
    text = EncryptedTextField(_("objection"))
    status = models.CharField(_("status"), max_length=10, choices=ObjectionStatus, default=ObjectionStatus.OPEN)
    lodged_at = models.DateTimeField(_("lodged at"))
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolution = EncryptedTextField(_("resolution"), blank=True, default="")

    class Meta:
        ordering = ["lodged_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[ObjectionStatus.OPEN, ObjectionStatus.LAPSED]) | Q(resolved_by__isnull=False),
                name="resolved_objection_has_its_officer",
            )
        ]
        indexes = [models.Index(fields=["notice"], condition=Q(status="open"), name="objection_open")]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    def __str__(self) -> str:
        return self.get_status_display()


class CreditClass(BaseModel, BilingualName):
    """What a policy grants nominators of a labour-security credit class. .. no_pii:"""

    policy = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="credit_classes", verbose_name=_("policy"))
    code = models.CharField(_("code"), max_length=10)
    may_nominate = models.BooleanField(_("may nominate"), default=True)
    quota_percent = models.PositiveSmallIntegerField(_("quota, per cent of the yearly one"), default=100)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["policy", "code"], name="one_credit_class_per_policy_and_code")]
        verbose_name = _("credit class")
        verbose_name_plural = _("credit classes")


class NominatorProfile(BaseModel):
    """What the bureau grants an organisation that nominates. .. no_pii:"""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="nominator_profile", verbose_name=_("organisation")
    )
    yearly_quota = models.PositiveIntegerField(_("nominations a year"))
    credit_class = models.CharField(_("credit class"), max_length=10)

    class Meta:
        verbose_name = _("nominator")
        verbose_name_plural = _("nominators")

    def __str__(self) -> str:
        return str(self.organisation)


class NominatorYear(BaseModel):
    """How many nominations an organisation has submitted in a year, of how many; `limit` is that of the latest charge.

    .. no_pii:
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="nominator_years")
    year = models.PositiveSmallIntegerField(_("year"))
    limit = models.PositiveIntegerField(_("limit"))
    used = models.PositiveIntegerField(_("used"), default=0)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="one_quota_per_nominator_and_year"),
            models.CheckConstraint(condition=Q(used__lte=models.F("limit")), name="nominator_quota_is_never_overspent"),
        ]
        verbose_name = _("quota of a year")
        verbose_name_plural = _("quotas by year")

    def __str__(self) -> str:
        return f"{self.year}: {self.used}/{self.limit}"
