"""Find people."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from cards.talents import identity
from cards.talents.choices import IdentityKind
from cards.talents.models import Talent
from cards.talents.names import are_same_name, letters_of
from talentcard.core.fields import blind_index

# Numbers of these documents come from one series: the same number names the same person under either name.
_FAMILIES = {IdentityKind.RESIDENCE_PERMIT: IdentityKind.RESIDENT_ID}


def identity_index(kind: str, number: str, issuing_region: str = "") -> str:
    """Return the blind index of a document; spelling, and 15 or 18 digits, make no difference.

    A passport number is unique only within the country or region that issued it.
    """
    family = _FAMILIES.get(IdentityKind(kind), IdentityKind(kind))
    region = issuing_region.strip().casefold() if kind == IdentityKind.PASSPORT else ""
    return blind_index(f"{family}|{region}|{identity.normalise(kind, number)}", purpose="identity_document")


def find_by_identity(kind: str, number: str, issuing_region: str = "") -> Talent | None:
    """Return the person a document belongs to, or None if nobody in the registry has it."""
    index = identity_index(kind, number, issuing_region)
    return Talent.objects.filter(identity_documents__number_index=index).first()


def likeness_index(name: str, birth_digits: str) -> str:
    """Return the blind index that people of one name and birth date share, or "" if the date is not known.

    :param birth_digits: YYMMDD, which is all that some documents state
    """
    return blind_index(f"{letters_of(name)}|{birth_digits}", purpose="likeness") if birth_digits else ""


def birth_digits(birth_date: str) -> str:
    """Return an ISO date as YYMMDD; "" stays as it is."""
    return birth_date[2:].replace("-", "")


def look_alikes(people: Collection[Talent]) -> dict[UUID, list[Talent]]:
    """Return who has the name and birth date of each of them and is not known to be the same person.

    One query at most; by the talent's key, without those nobody is like.
    """
    alike = defaultdict(list)
    indexes = {talent.likeness_index for talent in people} - {""}
    for other in Talent.objects.filter(likeness_index__in=indexes).order_by("created_at"):
        alike[other.likeness_index].append(other)
    found = {
        talent.pk: [
            other
            for other in alike[talent.likeness_index]
            if other.person_id != talent.person_id and are_same_name(other.name, talent.name)
        ]
        for talent in people
    }
    return {key: others for key, others in found.items() if others}


def records_of(*people: Talent) -> QuerySet[Talent]:
    """Return all records that are known to be of these people, their own among them."""
    persons = [talent.person_id for talent in people]
    return Talent.objects.filter(Q(pk__in=persons) | Q(same_as__in=persons))
