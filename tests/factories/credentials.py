import datetime as dt
import json
from typing import Any

from django.utils import timezone
from talentcard_verifier.keys import TrustedKeys

from cards.credentials import queries
from cards.credentials.models import StatusEntry
from cards.credentials.operations import allocate_statuses, ensure_signing_key, sign_code


def make_code(*, at: dt.datetime | None = None, entry: StatusEntry | None = None, **claims: Any) -> str:
    """Sign a code of a card that needs not exist."""
    moment = at or timezone.now()
    defaults: dict[str, Any] = {
        "key": ensure_signing_key(at=moment),
        "card_number": "HH260000001N",
        "tier": "A",
        "display_name": "林晓海",
        "expires_at": moment + dt.timedelta(days=365),
    }
    return sign_code(**{**defaults, **claims}, entry=entry or allocate_status(), at=moment)


def allocate_status() -> StatusEntry:
    """Return a place in a status list, for a code that needs not exist."""
    [entry] = allocate_statuses(count=1)
    return entry


def published_keys() -> TrustedKeys:
    """Return the keys as a desk reads them."""
    return TrustedKeys.from_json(json.dumps(queries.published_keys()))
