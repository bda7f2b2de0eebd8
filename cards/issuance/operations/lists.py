"""Enter people and titles into recognised lists."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import RecognisedEntry, RecognisedList
from cards.talents.operations import IdentityInput, validate_identity
from cards.talents.queries import identity_index
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError
from talentcard.core.transactions import atomic_operation


class AlreadyListed(DomainError):
    """The list names this person from this day already."""

    code = "already_listed"
    message = _("The list names this person already.")


@atomic_operation
def list_person(
    *,
    actor: User | None,
    recognised_list: RecognisedList,
    identity: IdentityInput,
    name: str,
    source: str,
    valid_from: dt.date,
    at: dt.datetime,
    valid_until: dt.date | None = None,
    title_zh: str = "",
    title_en: str = "",
) -> RecognisedEntry:
    """Enter a person into a list by an identity document, whose number is not kept.

    :raises InvalidInput: naming the field, if the document cannot be
    :raises AlreadyListed: if the list names the person from this day
    """
    index = index_of(identity, on=timezone.localdate(at))
    # Lock: two administrators may enter the same person at once.
    RecognisedList.objects.select_for_update().get(pk=recognised_list.pk)
    if recognised_list.entries.filter(identity_index=index, valid_from=valid_from).exists():
        raise AlreadyListed(field="identity_number")
    entry = RecognisedEntry.objects.create(
        recognised_list=recognised_list,
        identity_index=index,
        person_name=name,
        title_zh=title_zh,
        title_en=title_en,
        source=source,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    record(actor=actor, action="recognised_entry.added", target=entry, data={"list": recognised_list.code})
    return entry


def index_of(identity: IdentityInput, *, on: dt.date) -> str:
    """Return the blind index under which a list keeps a document.

    :raises InvalidInput: naming the field, if the document cannot be
    """
    number, _born = validate_identity(identity, birth_date=None, on=on)
    return identity_index(identity.kind, number, identity.issuing_region)
