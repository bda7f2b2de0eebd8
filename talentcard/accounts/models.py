"""People who sign in, the organisations they act for, and what they may do where."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import Application

from talentcard.accounts.choices import DELEGABLE, OrganisationKind, Role
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel, BilingualName


class Organisation(BaseModel, BilingualName):
    """An employer, an office or a partner agency. .. no_pii:"""

    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    # Unified social credit code, GB 32100: 18 characters.
    credit_code = models.CharField(_("unified social credit code"), max_length=18, null=True, blank=True, unique=True)
    district = models.CharField(_("district or park"), max_length=20, blank=True)

    class Meta:
        ordering = ["name_en"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")


class UserManager(BaseUserManager["User"]):
    """Make accounts; the superuser is for the first administrator of an installation."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(BaseModel, AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in.

    .. pii: display name; encrypted: e-mail, mobile
    """

    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    display_name = models.CharField(_("name"), max_length=120)
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    # In E.164, as `talentcard.core.phones` spells it; empty where no text message can reach the person.
    phone = EncryptedTextField(_("mobile"), blank=True, default="")
    wants_sms = models.BooleanField(_("wants text messages"), default=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("organisation")
    )
    is_staff = models.BooleanField(_("may use the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """Return the name to show (Django's own templates ask for it)."""
        return self.display_name


class RoleAssignment(BaseModel):
    """A role a person holds, within a scope and a period; an empty scope field means no limit in that respect.

    .. no_pii:
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_assignments")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    district = models.CharField(_("district or park"), max_length=20, blank=True)
    tier = models.CharField(_("tier"), max_length=10, blank=True)
    department = models.CharField(_("department"), max_length=40, blank=True)
    valid_from = models.DateTimeField(_("from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "district", "tier", "department"], name="one_assignment_per_role_and_scope"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_from__lt=models.F("valid_until")),
                name="role_period_is_forward",
            ),
        ]
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, at: dt.datetime) -> "DelegationQuerySet":
        """Keep those that hold at a moment."""
        return self.begun(at).filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), valid_until__gt=at)

    def begun(self, at: dt.datetime) -> "DelegationQuerySet":
        """Keep those that hold or held, whether or not they have ended; not what was taken back before it began."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=F("valid_from")), valid_from__lte=at)

    def covering(self, **scope: Any) -> "DelegationQuerySet":
        """Keep those whose scope covers a district and a tier, each a value or an outer reference."""
        return self.filter(**{f"{name}__in": ["", value] for name, value in scope.items()})


class Delegation(BaseModel):
    """A step that an authority leaves to another office 下放, in a district or park, of a tier, for a period.

    Whether it holds is read from the period and the clock; taken back, it ends at that moment.

    .. no_pii:
    """

    from_office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("authority"))
    to_office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("delegated to"))
    role = models.CharField(_("step"), max_length=24, choices=Role)
    district = models.CharField(_("district or park"), max_length=20, blank=True)
    tier = models.CharField(_("tier"), max_length=10, blank=True)
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )

    # A delegation covers what an assignment would; departments are not delegated.
    department = ""

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_office=F("to_office")), name="delegation_is_to_another_office"),
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_until")), name="delegation_period_is_forward"),
            models.CheckConstraint(condition=Q(role__in=DELEGABLE), name="delegated_step_is_delegable"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="delegation_taken_back_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["from_office", "role"], name="delegation_from_office"),
            models.Index(fields=["to_office", "role"], name="delegation_to_office"),
        ]
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.from_office_id} → {self.to_office_id}"

    def has_begun(self, at: dt.datetime) -> bool:
        """Tell whether it holds or held."""
        return self.valid_from <= at and (self.withdrawn_at is None or self.withdrawn_at > self.valid_from)

    def is_in_force(self, at: dt.datetime) -> bool:
        """Tell whether it holds at a moment."""
        return self.has_begun(at) and not self.has_ended(at)

    def has_ended(self, at: dt.datetime) -> bool:
        """Tell whether it is over, by time or because it was taken back."""
        return self.valid_until <= at or (self.withdrawn_at is not None and self.withdrawn_at <= at)


class PartnerSystem(BaseModel):
    """A partner agency's own software, which signs in with OAuth2 client credentials. .. no_pii:"""

    application = models.OneToOneField(Application, models.CASCADE, related_name="partner_system")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="systems")
    # In whose name it acts where somebody must have acted; nobody can sign in with it. None: it only asks.
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="partner_system",
        verbose_name=_("account"),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("partner system")
        verbose_name_plural = _("partner systems")

    def __str__(self) -> str:
        return self.application.name
