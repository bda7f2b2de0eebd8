"""Check a card's code."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from talentcard_verifier import CardClaims, LiveStatus, Verdict, check
from talentcard_verifier import Reason as VerifierReason

from cards.verification import ledger, lookups, rules
from cards.verification.choices import PUBLIC_FIELDS, SECRET_FIELDS, Channel, Field, Outcome, Reason
from cards.verification.models import Desk, Purpose, VerificationAttempt
from cards.verification.names import mask_name
from cards.verification.texts import Explanation, explain
from talentcard.accounts.models import PartnerSystem, User
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.fields import blind_index

# A code has 544 characters at most; what is longer is refused before anything else looks at it.
MAX_TEXT = 2048

# The statement that records the attempt asks for the status: here a code has to pass by signature and dates alone.
_ASSUME_VALID = LiveStatus(lambda _uri, _index: 0)
_LIST_NUMBER = re.compile(r"/status/([0-9]{1,9})\.cwt\Z")


class NonceReused(DomainError):
    """The nonce belongs to a check of another code or for another purpose."""

    code = "nonce_reused"
    message = _("This nonce was used for another check.")


@dataclass(frozen=True, kw_only=True)
class VerificationResult:
    """The answer to one check, and what of the card the checker may see.

    `card_number` and `edition_id` are for code that goes on with the card, not for showing.
    """

    attempt_id: uuid.UUID
    at: dt.datetime
    reason: Reason
    fields: dict[Field, str]
    edition_id: uuid.UUID | None
    card_number: str | None
    is_replay: bool = False

    @property
    def is_valid(self) -> bool:
        """Tell whether the card counts."""
        return self.reason == Reason.VALID

    @property
    def outcome(self) -> Outcome:
        """Return the answer in one word."""
        return Outcome.VALID if self.is_valid else Outcome.INVALID

    @property
    def explanation(self) -> Explanation:
        """Return what was found and what to do, in the reader's language."""
        return explain(self.reason)


def verify_code(
    *,
    code: str,
    purpose: Purpose | None,
    channel: Channel,
    nonce: str,
    at: dt.datetime,
    actor: User | None = None,
    desk: Desk | None = None,
    system: PartnerSystem | None = None,
) -> VerificationResult:
    """Judge a code as the register stands now, and record the attempt, whatever comes out of it.

    A second call of one desk or system with the same nonce returns the first record and makes no other. A single
    statement decides and records, so there is no transaction to open; inside a caller's transaction it is part of it.

    :param code: what a scanner read: the address on the card, or the part after its `#`
    :param purpose: None for the public check, and where the purpose asked for does not exist
    :raises NotAllowed: if the actor does not work at the desk, or the desk is not of the system's organisation
    :raises NonceReused: if the nonce belongs to another check
    """
    _refuse_strangers(actor=actor, desk=desk, system=system, channel=channel)
    verdict = _judge(code, at)
    reason, fields = _terms(verdict, channel=channel, purpose=purpose, desk=desk, system=system)
    list_number, index = _place(verdict.claims)
    request = ledger.Request(
        id=uuid.uuid4(),
        at=at,
        channel=channel,
        desk=desk.pk if desk else None,
        system=system.pk if system else None,
        user=actor.pk if actor else None,
        purpose=purpose.pk if purpose else None,
        nonce=nonce,
        code_hash=_hash(code),
        reason=reason,
        list_number=list_number,
        index=index,
        fields=" ".join(fields),
        secret_fields=" ".join(name for name in fields if name in SECRET_FIELDS),
    )
    answer = ledger.record(request)
    if answer is None:
        return _replay(request, verdict.claims)
    return VerificationResult(
        attempt_id=request.id,
        at=at,
        reason=answer.reason,
        fields=_show(verdict.claims, answer.fields_shown),
        edition_id=answer.edition_id,
        card_number=verdict.claims.card_number if verdict.claims else None,
    )


def _refuse_strangers(*, actor: User | None, desk: Desk | None, system: PartnerSystem | None, channel: Channel) -> None:
    if channel == Channel.DESK and (desk is None or not rules.may_work_at(actor, desk)):
        raise NotAllowed
    if channel == Channel.API and system is None:
        raise NotAllowed
    if desk is not None and system is not None and desk.organisation_id != system.organisation_id:
        raise NotAllowed(field="desk")


def _judge(code: str, at: dt.datetime) -> Verdict:
    """Return the verdict as far as the code itself tells it."""
    if len(code) > MAX_TEXT:
        return Verdict(reason=VerifierReason.UNREADABLE)
    verdict = check(code, keys=lookups.trusted_keys(), lists=_ASSUME_VALID, at=at)
    if verdict.reason is VerifierReason.UNKNOWN_KEY:
        verdict = check(code, keys=lookups.trusted_keys(is_key_missing=True), lists=_ASSUME_VALID, at=at)
    return verdict


def _terms(
    verdict: Verdict, *, channel: Channel, purpose: Purpose | None, desk: Desk | None, system: PartnerSystem | None
) -> tuple[Reason | None, list[str]]:
    """Return why the code is refused whatever the register says, if it is, and what a valid card would show."""
    reason = None if verdict.reason is VerifierReason.VALID else Reason(verdict.reason.value)
    if channel == Channel.PUBLIC:
        return reason, list(PUBLIC_FIELDS)
    if purpose is not None and rules.may_check_for(purpose, desk=desk, system=system):
        return reason, purpose.fields
    return Reason.PURPOSE_NOT_ALLOWED, []


def _place(claims: CardClaims | None) -> tuple[int | None, int | None]:
    """Return list and index of a code. The host is not looked at: the address was signed, and hosts change."""
    match = _LIST_NUMBER.search(claims.status_list_uri) if claims else None
    return (int(match[1]), claims.status_index) if claims and match else (None, None)


def _hash(code: str) -> str:
    """Return the keyed hash of a code: of the part after the `#`, so that an address and its code agree."""
    text = code[:MAX_TEXT].rpartition("#")[2]
    return blind_index(text.encode(errors="backslashreplace").decode(), purpose="verification.code")


def _show(claims: CardClaims | None, names: list[str]) -> dict[Field, str]:
    if claims is None:
        return {}
    values = {
        Field.NAME: claims.display_name,
        Field.MASKED_NAME: mask_name(claims.display_name),
        Field.TIER: claims.tier,
        Field.CARD_NUMBER: claims.card_number,
        Field.VALID_UNTIL: timezone.localdate(claims.expires_at).isoformat(),
    }
    return {field: value for field, value in values.items() if field in names}


def _replay(request: ledger.Request, claims: CardClaims | None) -> VerificationResult:
    """Return the record that a nonce stands for already."""
    attempts = VerificationAttempt.objects.filter(nonce=request.nonce)
    attempt = (
        attempts.get(system=request.system) if request.system else attempts.get(system__isnull=True, desk=request.desk)
    )
    if (attempt.code_hash, attempt.purpose_id) != (request.code_hash, request.purpose):
        raise NonceReused(field="nonce")
    return VerificationResult(
        attempt_id=attempt.pk,
        at=attempt.at,
        reason=Reason(attempt.reason),
        fields=_show(claims, attempt.fields_shown.split()),
        edition_id=attempt.edition_id,
        card_number=claims.card_number if claims else None,
        is_replay=True,
    )
