"""The perks there are: each app's `perk.py` registers its own, and nothing here knows one by name."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, NotRequired, TypedDict, TypeVar

from django import forms
from django.urls import URLPattern, URLResolver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.perks.eligibility import Condition, PerkContext, Quota
from services.perks.models import PerkRequest
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError


class PerkUnknown(DomainError):
    """No perk has this slug."""

    code = "perk_unknown"
    message = _("There is no such service.")
    http_status = 404


class Fact(TypedDict):
    """A name and a value to show; `url` makes the value a link."""

    label: str
    value: str
    url: NotRequired[str]


class RequestForm(forms.Form):
    """The base of the forms that ask for a perk; `context` is the holder's."""

    def __init__(self, *args: Any, context: PerkContext, **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)


class GrantForm(forms.Form):
    """The base of the forms that say what is granted; `request` is the one decided."""

    def __init__(self, *args: Any, request: PerkRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)


class Perk:
    """What the card opens. Subclass it in an app's `perk.py` and decorate it with `register`.

    The hooks run inside the transaction of the operation that calls them: they write rows and enqueue, no I/O.

    :cvar department: the department whose perk officers handle it
    :cvar purpose: code of the verification purpose under which a desk redeems it; for perks with a quota
    :cvar working_days: proposed time limit of a request; `PerkTerms` overrides it
    :cvar request_form: what asks for it; None where nothing is asked for
    :cvar grant_form: what an officer fills in to grant it; None where there is nothing to choose
    """

    slug: ClassVar[str] = ""
    name: ClassVar[str | Promise] = ""
    summary: ClassVar[str | Promise] = ""
    icon: ClassVar[str] = "card"
    department: ClassVar[str] = ""
    purpose: ClassVar[str] = ""
    working_days: ClassVar[int] = 10
    request_form: ClassVar[type[RequestForm] | None] = None
    grant_form: ClassVar[type[GrantForm] | None] = None

    def facts(self, context: PerkContext) -> list[Fact]:
        """Return what a holder should know of the perk."""
        return []

    def conditions(self, context: PerkContext) -> list[Condition]:
        """Return what the perk asks for besides an active card."""
        return []

    def quota(self, context: PerkContext) -> Quota | None:
        """Return how many uses the holder has, or None where a perk is not redeemed at a desk."""
        return None

    def on_submitted(self, *, actor: User, request: PerkRequest, details: Mapping[str, Any], at: dt.datetime) -> None:
        """Keep what the request form asked; may set `request.district`.

        :raises DomainError: if the request cannot be filed as it is
        """

    def on_granted(self, *, actor: User, request: PerkRequest, details: Mapping[str, Any], at: dt.datetime) -> None:
        """Fulfil a granted request.

        :raises DomainError: if it cannot be fulfilled so
        """

    def on_refused(self, *, request: PerkRequest, at: dt.datetime) -> None:
        """Let go of what a request held when it is declined, withdrawn or closed."""

    def request_facts(self, request: PerkRequest) -> list[Fact]:
        """Return what the holder and the officer see of a request."""
        return []

    @property
    def is_requestable(self) -> bool:
        """Tell whether it is asked for with a form."""
        return self.request_form is not None

    @property
    def is_redeemable(self) -> bool:
        """Tell whether uses of it are counted and redeemed at a desk."""
        return type(self).quota is not Perk.quota

    def urls(self) -> list[URLPattern | URLResolver]:
        """Return further pages, placed under the perk's own path."""
        return []


P = TypeVar("P", bound=type[Perk])
_perks: list[Perk] = []


def register(perk_class: P) -> P:
    """Add a perk to the catalogue; the system check refuses two of one slug."""
    _perks.append(perk_class())
    return perk_class


def unregister(perk_class: type[Perk]) -> None:
    """Take a perk out of the catalogue."""
    _perks[:] = [perk for perk in _perks if type(perk) is not perk_class]


def all_perks() -> list[Perk]:
    """Return every perk, in order of slug."""
    return sorted(_perks, key=lambda perk: perk.slug)


def get(slug: str) -> Perk:
    """Return a perk.

    :raises PerkUnknown: if no app registers it
    """
    for perk in _perks:
        if perk.slug == slug:
            return perk
    raise PerkUnknown


def slugs_of(department: str) -> list[str]:
    """Return the slugs of a department's perks; of all perks for an empty department."""
    return [perk.slug for perk in all_perks() if department in ("", perk.department)]
