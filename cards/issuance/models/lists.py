"""Who and what the city recognises: lists that a basis may rest on."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from talentcard.core.fields import EncryptedTextField
from talentcard.core.models import BaseModel, BilingualName


class RecognisedList(BaseModel, BilingualName):
    """A list of recognised people or qualifications, such as academicians or foreign professional titles.

    It belongs to no policy version: its entries have their own dates, and bases of several versions may name it.

    .. no_pii:
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("recognised list")
        verbose_name_plural = _("recognised lists")


class RecognisedEntryQuerySet(models.QuerySet["RecognisedEntry"]):
    def in_force(self, on: dt.date) -> "RecognisedEntryQuerySet":
        """Keep the entries that hold on a day."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)

    def of_people(self) -> "RecognisedEntryQuerySet":
        """Keep the entries that name one person, by an identity document."""
        return self.exclude(identity_index="")

    def of_titles(self) -> "RecognisedEntryQuerySet":
        """Keep the entries that name a title or a qualification, whoever holds it."""
        return self.filter(identity_index="")


class RecognisedEntry(BaseModel):
    """A person, by the blind index of an identity document, or a title or qualification that whoever holds it proves.

    The number of the document is not kept; nothing is decrypted to find somebody.

    .. pii: the person's name, encrypted; an identity number as keyed index
    """

    recognised_list = models.ForeignKey(
        RecognisedList, models.PROTECT, related_name="entries", verbose_name=_("recognised list")
    )
    title_zh = models.CharField(_("title or qualification (Chinese)"), max_length=120, blank=True)
    title_en = models.CharField(_("title or qualification (English)"), max_length=160, blank=True)
    person_name = EncryptedTextField(_("person's name"), blank=True, default="")
    identity_index = models.CharField(max_length=64, blank=True, editable=False)
    source = models.CharField(
        _("source"), max_length=200, help_text=_("The document or register that this entry was taken from.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = RecognisedEntryQuerySet.as_manager()

    class Meta:
        ordering = ["recognised_list", "title_zh", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recognised_list", "identity_index", "valid_from"],
                condition=~Q(identity_index=""),
                name="person_listed_once_from_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(identity_index="") | (~Q(title_zh="") & ~Q(title_en="")),
                name="entry_names_a_person_or_a_title",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("valid_from")),
                name="entry_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["identity_index"], condition=~Q(identity_index=""), name="entry_of_person")]
        verbose_name = _("entry of a recognised list")
        verbose_name_plural = _("entries of recognised lists")

    def __str__(self) -> str:
        return self.title or self.source

    @property
    def title(self) -> str:
        """Return the title or qualification in the active language; a person's entry may have none."""
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en

    @property
    def is_of_person(self) -> bool:
        """Tell whether it names one person rather than a title."""
        return bool(self.identity_index)
