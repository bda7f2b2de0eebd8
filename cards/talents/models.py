"""The registry: people, their identity documents, family and employment."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.talents.choices import Gender, IdentityKind, Relation
from talentcard.accounts.models import Organisation
from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel, BilingualName


class District(BaseModel, BilingualName):
    """A district of the city, or a park with powers of its own; others refer to it by its code. .. no_pii:"""

    code = models.SlugField(_("code"), max_length=20, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("district or park")
        verbose_name_plural = _("districts and parks")


class Talent(BaseModel):
    """A person in the registry; few of them have a card.

    The name and the year of birth are in the clear: public notices show the one, reports count the other.

    .. pii: name; encrypted: birth date, phone, e-mail, address
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="talent", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=200)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, default=Gender.UNSTATED)
    nationality = models.CharField(_("country or region"), max_length=60, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    birth_date = EncryptedTextField(_("date of birth"), blank=True, default="")
    phone = EncryptedTextField(_("mobile"), blank=True, default="")
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    address = EncryptedTextField(_("address"), blank=True, default="")
    district = models.CharField(_("district or park"), max_length=20, blank=True)
    # Alike for people of one name and birth date: they are found without decrypting anybody. Empty without a date.
    likeness_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    # The record that stands for the person, where an officer has found several to be of one; never itself such a one.
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="also", verbose_name=_("same person as")
    )
    # 涉密: never in a notice, list, export or partner's view.
    is_secret = models.BooleanField(_("under secrecy"), default=False)

    class Meta:
        indexes = [models.Index(fields=["likeness_index"], condition=~Q(likeness_index=""), name="talent_by_likeness")]
        verbose_name = _("talent")
        verbose_name_plural = _("talents")

    def __str__(self) -> str:
        return self.name

    @property
    def person_id(self) -> UUID:
        """Return the key of the record that stands for the person."""
        return self.same_as_id or self.pk


class IdentityDocument(BaseModel):
    """A document that identifies a talent; its blind index finds the person without decrypting anybody.

    .. pii: number; encrypted, with a keyed index
    """

    talent = models.ForeignKey(Talent, models.CASCADE, related_name="identity_documents")
    kind = models.CharField(_("type"), max_length=20, choices=IdentityKind)
    issuing_region = models.CharField(_("issuing country or region"), max_length=60, blank=True)
    number = EncryptedTextField(_("number"))
    number_index = models.CharField(max_length=64, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number_index"], name="one_person_per_identity_document")]
        verbose_name = _("identity document")
        verbose_name_plural = _("identity documents")

    def __str__(self) -> str:
        return self.get_kind_display()


class Employment(BaseModel):
    """Where a talent works. .. pii: employment"""

    talent = models.ForeignKey(Talent, models.CASCADE, related_name="employments")
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="employees")
    employer_name = models.CharField(_("employer"), max_length=160)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["talent"], condition=Q(until=None), name="one_current_employment")
        ]
        verbose_name = _("employment")
        verbose_name_plural = _("employments")

    def __str__(self) -> str:
        return self.employer_name


class FamilyMember(BaseModel):
    """A member of a talent's household.

    .. pii: encrypted: name, birth date, identity number
    """

    talent = models.ForeignKey(Talent, models.CASCADE, related_name="family")
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    name = EncryptedTextField(_("name"))
    birth_date = EncryptedTextField(_("date of birth"))
    identity_kind = models.CharField(_("type of document"), max_length=20, choices=IdentityKind, blank=True)
    identity_number = EncryptedTextField(_("document number"), blank=True, default="")
    identity_index = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "identity_index"],
                condition=~Q(identity_index=""),
                name="family_member_registered_once",
            )
        ]
        verbose_name = _("family member")
        verbose_name_plural = _("family members")

    def __str__(self) -> str:
        return self.get_relation_display()
