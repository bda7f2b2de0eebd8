"""What waits for an officer, who has it, who is away, what was decided. Nothing here knows what a case is about."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.models import Organisation
from talentcard.casework import decision_kinds, desks
from talentcard.casework.choices import RatingLevel
from talentcard.casework.decision_texts import DecisionText, thaw
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def open(self) -> "WorkItemQuerySet":
        """Keep what still waits."""
        return self.filter(closed_at=None)


class WorkItem(BaseModel):
    """One subject's stay at one desk: from when it arrives until somebody has acted on it.

    `due_at` is empty where no limit is set and while the clock stands still; `days_left` keeps what was left then.
    The scope is the subject's when it arrived.

    .. no_pii: names its subject by id and number
    """

    desk = models.CharField(_("desk"), max_length=40)
    subject_id = models.UUIDField(_("subject"))
    number = models.CharField(_("number"), max_length=20)
    district = models.CharField(_("district or park"), max_length=20, blank=True)
    tier = models.CharField(_("tier"), max_length=10, blank=True)
    department = models.CharField(_("department"), max_length=40, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="work_items",
        verbose_name=_("officer"),
    )
    opened_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    remind_at = models.DateTimeField(_("reminder"), null=True, blank=True)
    days_left = models.PositiveSmallIntegerField(_("working days left, clock stopped"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "subject_id"], condition=Q(closed_at=None), name="one_open_item_per_desk_and_subject"
            ),
            models.CheckConstraint(
                condition=Q(days_left=None) | Q(due_at=None, remind_at=None), name="stopped_clock_has_no_deadline"
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "due_at", "id"], condition=Q(closed_at=None), name="work_item_inbox"),
            # Officers of several desks read along the deadlines too.
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="work_item_by_deadline"),
            models.Index(fields=["assignee", "due_at"], condition=Q(closed_at=None), name="work_item_of_officer"),
            models.Index(
                fields=["remind_at"], condition=Q(closed_at=None, reminded_at=None), name="work_item_to_remind"
            ),
            models.Index(
                fields=["due_at"], condition=Q(closed_at=None, escalated_at=None), name="work_item_to_escalate"
            ),
        ]
        verbose_name = _("work item")
        verbose_name_plural = _("work items")

    def __str__(self) -> str:
        return f"{self.number} ({self.desk})"

    @property
    def title(self) -> str:
        """Return the desk's name in the active language."""
        return str(desks.get(self.desk).title)

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits."""
        return self.closed_at is None

    @property
    def is_stopped(self) -> bool:
        """Tell whether its clock stands still."""
        return self.days_left is not None

    def is_overdue(self, at: dt.datetime) -> bool:
        """Tell whether its time limit has passed without a decision."""
        return self.is_open and self.due_at is not None and self.due_at < at

    def get_absolute_url(self) -> str:
        """Return the path of its subject's page."""
        return desks.get(self.desk).url(self.subject_id)


class Handover(BaseModel):
    """An item's change of hands: taken, given, or put back. Rows are only ever added.

    .. pii: the reason is an officer's words about the work
    """

    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="handovers")
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "created_at"]
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.to_user_id}"


class Absence(BaseModel):
    """Days on which a person does not work, and who stands in; the deputy needs the role for each item themselves.

    .. pii: when a person is away
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("who is away")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputised_absences",
        verbose_name=_("deputy"),
    )

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=models.F("user")), name="deputy_is_somebody_else"
            ),
        ]
        indexes = [models.Index(fields=["user", "last_day"], name="absence_of_user")]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.first_day:%Y-%m-%d} – {self.last_day:%Y-%m-%d}"


class DecisionCounter(models.Model):
    """The last serial number given to a decision of a kind in a year. .. no_pii:"""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="one_decision_counter_per_year")]

    def __str__(self) -> str:
        return f"{self.prefix}{self.year}: {self.last}"


class DecisionDocument(BaseModel):
    """A decision in writing. Rows are only ever added: the database refuses updates and deletes.

    The content is frozen with it in every language, so that what is renamed or amended later does not alter it.
    `fact_id` is what decided: one document for each, of a kind.

    .. pii: encrypted: what it says, of whom
    """

    kind = models.CharField(_("kind"), max_length=40)
    number = models.CharField(_("number"), max_length=24, unique=True)
    subject_id = models.UUIDField(_("subject"))
    subject_number = models.CharField(_("case"), max_length=20)
    fact_id = models.UUIDField(_("deciding fact"))
    content = EncryptedTextField(_("content"))
    content_sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        ordering = ["decided_at", "number"]
        constraints = [models.UniqueConstraint(fields=["kind", "fact_id"], name="one_decision_per_deciding_fact")]
        indexes = [models.Index(fields=["subject_id", "decided_at"], name="decision_by_subject")]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """Return its kind's name in the active language."""
        return str(decision_kinds.get(self.kind).title)

    def text(self, language: str) -> DecisionText:
        """Return what it says in a language of the service.

        :raises KeyError: if the service did not speak it when the decision was made
        """
        return thaw(self.content, language)

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("casework:decision-detail", args=[self.pk])


class DecisionAddressee(models.Model):
    """Whom a decision is addressed to: a person with an account, or an organisation. .. no_pii: refers to them"""

    document = models.ForeignKey(DecisionDocument, models.PROTECT, related_name="addressees")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, organisation__isnull=False) | Q(user__isnull=False, organisation=None),
                name="addressee_is_a_person_or_an_organisation",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id or self.organisation_id)


class Rating(BaseModel):
    """How a person rates the handling of a subject 好差评: once, and never changed.

    `office` is the one that handled it, None where nobody knows; of a bad rating its head writes what was done.

    .. pii: encrypted: the comment and what was done about it
    """

    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.UUIDField(_("subject"))
    number = models.CharField(_("number"), max_length=20)
    level = models.PositiveSmallIntegerField(_("rating"), choices=RatingLevel)
    comment = EncryptedTextField(_("comment"), blank=True, default="")
    # None for one whose author's account is unknown.
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("office"))
    at = models.DateTimeField(_("at"))
    item = models.ForeignKey(WorkItem, models.PROTECT, null=True, related_name="+", verbose_name=_("work item"))
    answer = EncryptedTextField(_("what was done"), blank=True, default="")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "rated_by"], name="one_rating_per_subject_and_person"
            ),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="rating_is_one_of_five"),
        ]
        indexes = [models.Index(fields=["kind", "at"], name="rating_by_kind")]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")

    def __str__(self) -> str:
        return self.get_level_display()

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("casework:rating-detail", args=[self.pk])
