"""Find people."""

from cards.talents import identity
from cards.talents.choices import IdentityKind
from cards.talents.models import Talent
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
