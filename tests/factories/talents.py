import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from cards.talents.choices import IdentityKind
from cards.talents.models import Talent
from cards.talents.operations import IdentityInput, register_talent, replace_contact
from tests.factories.nominations import resident_number

_sequence = itertools.count(1)


def make_talent(**details: Any) -> Talent:
    """Enter a person into the registry, with an identity document nobody has."""
    number = next(_sequence)
    born = dt.date(1950, 1, 1) + dt.timedelta(days=number)
    defaults: dict[str, Any] = {
        "actor": None,
        "name": "林晓海",
        "identity": IdentityInput(
            kind=IdentityKind.RESIDENT_ID, number=resident_number(number % 90, birth=born.strftime("%Y%m%d"))
        ),
        "district": "binhai",
        "at": timezone.now(),
    }
    talent = register_talent(**{**defaults, **details})
    replace_contact(actor=None, talent=talent, phone="", email=f"talent{number}@example.com", address="")
    talent.refresh_from_db()
    return talent
