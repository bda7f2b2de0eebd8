"""The one statement of a check: read the status now, decide, record. See docs/adr/0006-verification-fast-path.md."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from cards.verification.choices import Channel, Reason
from cards.verification.models import VerificationAttempt
from cards.verification.prepared import prepared_cursor

# `reason` is what signature, dates and purpose say already, or NULL if they have no objection: then the register
# decides, as it stands at this moment. An entry's own value counts before the card's: an old code of a suspended card
# is superseded, here as in the published list. DO NOTHING: the nonce was used, and the first record stands.
RECORD = """
INSERT INTO verification_verificationattempt
    (id, at, channel, desk_id, system_id, user_id, purpose_id, nonce, code_hash, edition_id, reason, fields_shown)
SELECT %(id)s, %(at)s, %(channel)s, %(desk)s, %(system)s, %(user)s, %(purpose)s, %(nonce)s, %(code_hash)s,
    live.edition_id, live.reason,
    CASE WHEN live.reason <> 'valid' THEN '' WHEN live.is_secret THEN %(secret_fields)s ELSE %(fields)s END
FROM (
    SELECT edition.id AS edition_id, holder.is_secret AS is_secret, COALESCE(%(reason)s, CASE
        WHEN edition.id IS NULL THEN 'unknown_code'
        WHEN entry.value = 1 THEN 'revoked'
        WHEN entry.value = 2 THEN 'suspended'
        WHEN entry.value = 3 OR edition.status = 'superseded' THEN 'superseded'
        WHEN card.status = 'expired' THEN 'expired'
        WHEN card.status IN ('revoked', 'returned') THEN 'revoked'
        WHEN card.status = 'suspended' THEN 'suspended'
        WHEN card.status = 'active' AND edition.status = 'active' THEN 'valid'
        ELSE 'not_yet_valid' END) AS reason
    FROM (SELECT 1) AS request
    LEFT JOIN credentials_statuslist AS list ON list.number = %(list_number)s
    LEFT JOIN credentials_statusentry AS entry ON entry.status_list_id = list.id AND entry."index" = %(index)s
    LEFT JOIN issuance_cardedition AS edition ON edition.status_entry_id = entry.id
    LEFT JOIN issuance_talentcard AS card ON card.id = edition.card_id
    LEFT JOIN talents_talent AS holder ON holder.id = card.holder_id
) AS live
WHERE true
ON CONFLICT DO NOTHING
RETURNING edition_id, reason, fields_shown
"""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A check as far as it is known before the register is asked; None: nothing of that kind.

    `fields` and `secret_fields` are what a valid answer shows of a holder, and of one under secrecy.
    """

    id: uuid.UUID
    at: dt.datetime
    channel: Channel
    desk: uuid.UUID | None
    system: uuid.UUID | None
    user: uuid.UUID | None
    purpose: uuid.UUID | None
    nonce: str
    code_hash: str
    reason: Reason | None
    list_number: int | None
    index: int | None
    fields: str
    secret_fields: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was decided and recorded."""

    edition_id: uuid.UUID | None
    reason: Reason
    fields_shown: list[str]


def record(request: Request) -> Answer | None:
    """Decide and record a check in a single statement; return None if its nonce was used before."""
    with prepared_cursor() as cursor:
        cursor.execute(RECORD, {name: _adapt(value) for name, value in vars(request).items()})
        row = cursor.fetchone()
    if row is None:
        return None
    edition_id, reason, fields_shown = row
    return Answer(
        # SQLite has no type for it, and returns its digits.
        edition_id=uuid.UUID(edition_id) if isinstance(edition_id, str) else edition_id,
        reason=Reason(reason),
        fields_shown=fields_shown.split(),
    )


_UUID = VerificationAttempt._meta.get_field("id")
_TIME = VerificationAttempt._meta.get_field("at")


def _adapt(value: Any) -> Any:
    """Return a value as this database stores it."""
    if isinstance(value, uuid.UUID):
        return _UUID.get_db_prep_value(value, connection)
    if isinstance(value, dt.datetime):
        return _TIME.get_db_prep_value(value, connection)
    return str(value) if isinstance(value, str) else value
